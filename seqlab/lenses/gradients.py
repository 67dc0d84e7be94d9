"""Torch's own gradients of a trained run, and the training step that its own loop makes of them."""

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from seqlab.data.batching import Batch
from seqlab.lenses import opened
from seqlab.models.elman import Elman
from seqlab.models.lstm_sum import SummedLSTM
from seqlab.models.network import SequenceNetwork
from seqlab.models.pooling import over_time
from seqlab.training.config import OptimiserConfig
from seqlab.training.loop import gradient_norm, optimiser
from seqlab.training.loss import weighted_loss
from seqlab.training.run import Run


def step(path: str, step: int, ids: Int[np.ndarray, "batch time"], targets: Int[np.ndarray, "batch time"],
         weight: Float[np.ndarray, "batch time"], condition: Int[np.ndarray, " batch"] | None,
         settings: Mapping[str, Any]) -> dict[str, Any]:
    """Differentiate a snapshot's loss on one batch, and train one step on it, with an optimiser that starts afresh.

    ``settings`` are those of ``OptimiserConfig``. Returns in float64 ``loss``, the ``norm`` of the whole gradient, and
    by name the gradients of the ``weights`` that are trained, the ``updated`` weights, and dL/d of every quantity of
    the pass, ``trace``. Raises Fault when the snapshot cannot be read.
    """
    config = Run(Path(path)).config
    network = trainable(opened.network(path, step, "float64"), config.network.input)
    batch = as_batch(ids, targets, weight, condition)
    trace = quantities(network, batch, config.reduction)
    loss = weighted_loss(network.everywhere(batch.inputs, batch.condition), batch, config.reduction)
    loss.backward()
    weights = {name: part for name, part in network.named_parameters() if part.requires_grad}
    found = {name: _array(part.grad) for name, part in weights.items()}
    norm = gradient_norm(list(weights.values()), settings.get("clip"))
    optimiser(OptimiserConfig(**settings), list(weights.values()), torch.device("cpu")).step()
    return {"loss": loss.item(), "norm": norm.item(), "weights": found, "trace": trace,
            "updated": {name: _array(part) for name, part in weights.items()}}


def trainable(network: SequenceNetwork, form: str) -> SequenceNetwork:
    """Copy a network whose weights can be trained; one-hot codes (``form``) stay as they are."""
    copy = deepcopy(network).requires_grad_(True)
    if form == "one-hot":
        copy.encoder.requires_grad_(False)
    return copy


def as_batch(ids: np.ndarray, targets: np.ndarray, weight: np.ndarray, condition: np.ndarray | None) -> Batch:
    """Make a batch of arrays, every position judged."""
    inputs, wanted, counts = (torch.from_numpy(np.array(part)) for part in (ids, targets, weight))
    told = None if condition is None else torch.from_numpy(np.array(condition))
    return Batch(inputs, wanted, counts, torch.ones_like(counts), told)


def quantities(network: SequenceNetwork, batch: Batch, reduction: str) -> dict[str, np.ndarray]:
    """Total derivative dL/d of the quantities of a pass, under the reference's names, by autograd.

    A fused recurrent module hides the states of its single steps, so it is run step by step with torch's own cells,
    and autograd is asked for every h_t (and c_t) by itself. What torch's pass does not lead through is left out.
    """
    core = network.core
    x = network.encoder(batch.inputs, batch.condition).detach().requires_grad_()
    states = step_by_step(core, x) if isinstance(core, nn.RNNBase | Elman) else {}
    whole = {"x": x} if states else {"x": x, **network.model.trace(core, x)}
    shown = [parts for name, parts in states.items() if name.startswith("h.")]
    read = shown if isinstance(core, SummedLSTM) else shown[-1:]
    top = torch.stack([torch.stack(parts, 1) for parts in read]).sum(0) if states else list(whole.values())[-1]
    if network.pooling != "none":
        whole["pooled"] = top = over_time(top, network.pooling)
    whole["logits"] = network.decoder(top)
    loss = weighted_loss(whole["logits"], batch, reduction)
    asked = {name: [part] for name, part in whole.items()} | states
    answers = iter(torch.autograd.grad(loss, [part for parts in asked.values() for part in parts], allow_unused=True))
    found = {name: [next(answers) for _ in parts] for name, parts in asked.items()}
    return {name: _array(torch.stack(parts, 1) if name in states else parts[0])
            for name, parts in found.items() if parts[0] is not None}


def step_by_step(core: nn.RNNBase | Elman, x: Float[Tensor, "batch time input"]) -> dict[str, list[Tensor]]:
    """Run each layer with torch's cell of one step: h (and c) of every layer, one tensor for each time."""
    kernel: Any = elman_cell if isinstance(core, Elman) else getattr(torch, f"{core.mode.lower()}_cell")
    keys = ("h", "c") if core.mode == "LSTM" else ("h",)
    found: dict[str, list[Tensor]] = {}
    below = list(x.unbind(1))
    for layer, weights in enumerate(core.layer_weights if isinstance(core, Elman) else core.all_weights):
        state = (x.new_zeros(len(x), core.hidden_size),) * len(keys)
        states = []
        for reading in below:
            after = kernel(reading, state if len(keys) > 1 else state[0], *weights)
            state = after if len(keys) > 1 else (after,)
            states.append(state)
        found |= {f"{key}.{layer}": list(parts) for key, parts in zip(keys, zip(*states, strict=True), strict=True)}
        below = found[f"h.{layer}"]
    return found


def elman_cell(x: Tensor, h: Tensor, W: Tensor, b: Tensor) -> Tensor:
    """One step of our own layer, as torch's own operations have it."""
    return F.linear(torch.cat((x, h), -1), W, b).tanh()


def _array(tensor: Tensor | None) -> np.ndarray:
    assert tensor is not None
    return tensor.detach().numpy().copy()
