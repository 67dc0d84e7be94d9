"""Snapshots of a learner: weights for all to read, and beside them what it takes to go on exactly from there."""

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load, save
from torch import Tensor

from seqlab.errors import Fault
from seqlab.files import write_aside
from seqlab.training import metrics, snapshots, weights
from seqlab.training.loop import Learner


def keep(learner: Learner, folder: Path, seconds: float) -> int:
    """Write a snapshot and thin out the older ones; returns its size in bytes. Raises OSError.

    The optimiser's part is written first: where the weights are, the snapshot is whole. It is kept for the newest
    snapshot alone, from which a run goes on to the bit; it is twice as large as the weights.
    """
    network = {name: tensor.detach().cpu().contiguous() for name, tensor in learner.network.state_dict().items()}
    rest = {f"optimiser.{name}": tensor.cpu() for name, tensor in _flat(learner.optimiser).items()}
    rest |= {f"carried.{place}": part.cpu() for place, part in enumerate(learner.carried)}
    rest["generator.batches"] = learner.generator.get_state()
    rest["generator.torch"] = torch.get_rng_state()
    about = {"seconds": repr(seconds), "lr": repr(learner.lr)}
    size = 0
    for part, content in (("optimiser", save(rest, about)), ("weights", save(network))):
        write_aside(snapshots.file(folder, part, learner.step), content)
        size += len(content)
    for step in snapshots.steps_in(folder, "optimiser"):
        if step != learner.step:
            snapshots.file(folder, "optimiser", step).unlink(missing_ok=True)
    thin(folder, snapshots.affordable(size))
    return size


def halve(folder: Path) -> None:
    """Keep the weights of all snapshots but the last in half precision, where that can hold them. Raises OSError.

    For a run that is over: whoever looks at one in training reads the same file twice.
    """
    for step in snapshots.steps_in(folder)[:-1]:
        file = snapshots.file(folder, "weights", step)
        wide = load(file.read_bytes())
        short = {name: tensor.half() for name, tensor in wide.items()}
        if any(tensor.dtype != torch.float16 for tensor in wide.values()) and all(
                tensor.isfinite().all() for tensor in short.values()):
            write_aside(file, save(short))


def thin(folder: Path, count: int) -> None:
    """Delete snapshots until ``count`` are left."""
    _delete(folder, snapshots.surplus(snapshots.steps_in(folder), count))


def forget(folder: Path, step: int) -> None:
    """Delete the snapshots of a step and of all later ones, but never that of the start."""
    _delete(folder, [later for later in snapshots.steps_in(folder) if later >= max(1, step)])


def _delete(folder: Path, steps: list[int]) -> None:
    for step in steps:
        for part in ("weights", "optimiser"):
            snapshots.file(folder, part, step).unlink(missing_ok=True)


def go_on(learner: Learner, folder: Path) -> float | None:
    """Set a learner to the newest whole snapshot; returns its seconds of training, None where there is none.

    Raises Fault where there are snapshots, but none that can be used.
    """
    fault = None
    for step in reversed(snapshots.steps_in(folder)):
        try:
            return _restore(learner, folder, step)
        except Fault as problem:
            fault = fault or problem
    if fault:
        raise fault
    return None


def _restore(learner: Learner, folder: Path, step: int) -> float:
    arrays = weights.read(snapshots.file(folder, "weights", step), learner.config)
    rest, about = _rest(snapshots.file(folder, "optimiser", step))
    learner.network.load_state_dict({name: torch.from_numpy(array.copy()) for name, array in arrays.items()})
    learner.step = step
    if rest is None:
        # Only the newest snapshot has more than weights: a fresh optimiser, and batches it has not seen.
        learner.generator.manual_seed(learner.config.seed + step)
        return metrics.last(folder / metrics.FILE, step).get("seconds", 0.0)
    try:
        _load_optimiser(learner.optimiser, rest)
        learner.carried = tuple(rest[name].to(learner.device) for name in sorted(rest) if name.startswith("carried."))
        learner.generator.set_state(rest["generator.batches"])
        torch.set_rng_state(rest["generator.torch"])
        learner.lr = float(about.get("lr", learner.lr))
        return float(about.get("seconds", 0.0))
    except (KeyError, ValueError, RuntimeError, TypeError):
        raise Fault(f"The optimiser's state at step {step} does not fit this run.") from None


def _rest(path: Path) -> tuple[dict[str, Tensor] | None, dict[str, str]]:
    if not path.exists():
        return None, {}
    try:
        with safe_open(path, "pt") as file:
            about = file.metadata() or {}
        return load(path.read_bytes()), about
    except (OSError, SafetensorError, ValueError, KeyError):
        raise Fault(f"The optimiser's state {path.stem} cannot be read; the file is damaged.") from None


def _flat(optimiser: torch.optim.Optimizer) -> dict[str, Tensor]:
    state: Mapping[int, Mapping[str, Tensor | None]] = optimiser.state_dict()["state"]
    return {f"{place}.{name}": tensor for place, part in state.items() for name, tensor in part.items()
            if isinstance(tensor, Tensor)}


def _load_optimiser(optimiser: torch.optim.Optimizer, rest: Mapping[str, Tensor]) -> None:
    parameters = [weight for group in optimiser.param_groups for weight in group["params"]]
    state: dict[int, dict[str, Tensor]] = {}
    for name, tensor in rest.items():
        if name.startswith("optimiser."):
            _, place, key = name.split(".", 2)
            if tensor.ndim and tensor.shape != parameters[int(place)].shape:
                raise ValueError(f"{name} has another shape than its weight")
            state.setdefault(int(place), {})[key] = tensor
    optimiser.load_state_dict({"state": state, "param_groups": optimiser.state_dict()["param_groups"]})
