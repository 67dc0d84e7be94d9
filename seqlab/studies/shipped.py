"""The networks in ``checkpoints/``: how each is trained and made small enough to ship."""

import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

from seqlab.errors import Fault
from seqlab.figures.film import evenly
from seqlab.studies import Report
from seqlab.tasks import Settings, tasks
from seqlab.training.config import RunConfig
from seqlab.training.run import Run, create

SNAPSHOTS = 20
SMALL = 8192  # bytes; halving less would save nothing worth an inexact weight


def build(root: Path, report: Report, names: Sequence[str] = ()) -> None:
    """Train the named networks, or every shipped one, from their seeds and put them into ``root``.

    They take the place of what is there; raises Fault for a name that is none.
    """
    from seqlab.training.session import train

    known = configs()
    unknown = sorted(set(names) - set(known))
    if unknown:
        raise Fault(f"There is no shipped network {unknown[0]!r}; there are {', '.join(known)}.")
    with tempfile.TemporaryDirectory(dir=root) as workshop:
        for name in names or known:
            run = create(Path(workshop), RunConfig(**known[name]), id=name)
            status = train(run.path)
            compact(run)
            if (root / name).exists():
                shutil.rmtree(root / name)
            run.path.rename(root / name)
            report(f"{name}: {100 * (status.evaluation or status.accuracy or 0):.2f} % after {status.seconds:.0f} s")


def configs() -> dict[str, Settings]:
    """Config of each shipped run by its id, as the tasks declare them."""
    return {name: config for task in tasks().values() for name, config in task.shipped().items()}


def compact(run: Run) -> None:
    """Keep up to 20 snapshots, large ones but the last in half precision, and nothing that only resuming needs."""
    shutil.rmtree(run.path / "optimiser")
    for passing in ("control.jsonl", ".lock", ".progress"):
        (run.path / passing).unlink(missing_ok=True)
    files = sorted((run.path / "weights").glob("step-*.safetensors"))
    size, room = files[-1].stat().st_size, run.config.task_spec.shipped_bytes
    chosen = {files[place] for place in evenly(len(files), min(SNAPSHOTS, 1 + max(1, 2 * (room - size) // size)))}
    for file in files:
        if file not in chosen:
            file.unlink()
        elif file != files[-1] and file.stat().st_size > SMALL:
            save_file({name: array.astype(np.float16) for name, array in load_file(file).items()}, file)
    status = json.loads((run.path / "status.json").read_text())
    (run.path / "status.json").write_text(json.dumps(status | {"pid": 0, "worker": ""}, indent=1))
