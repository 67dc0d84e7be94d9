"""Opening a checkpoint: the run folder that comes of it, written whole or not at all."""

import json
import os
import platform
import shutil
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from safetensors.numpy import save

import seqlab
from seqlab.adopt.parts import Answers
from seqlab.adopt.proposal import Adopted, Corrections, propose
from seqlab.adopt.reading import bounded, digest, read
from seqlab.errors import Fault
from seqlab.files import fresh_id, refusal, write_aside
from seqlab.training import origin as origins
from seqlab.training import snapshots, status
from seqlab.training.origin import Origin
from seqlab.training.run import Run
from seqlab.training.status import Status

LONGEST_NAME = 80
_NOTHING: Mapping[str, str] = {}


def open_checkpoint(path: Path, answers: Answers = _NOTHING, root: Path | None = None, name: str = "",
                    corrections: Corrections = _NOTHING) -> Run:
    """Open a file as a run in ``root`` (None: among a person's runs); raises Fault, and then nothing is left behind.

    What is not among the ``answers`` is as the file decides, or the likeliest.
    """
    adopted = propose(read(path), corrections).settle(answers)
    return write(adopted, path, root, name)


def write(adopted: Adopted, path: Path | None, root: Path | None = None, name: str = "") -> Run:
    """Write the run of a network that came from a file (None: from a program); raises Fault."""
    from seqlab import paths

    root, called = root or paths.runs(), " ".join(name.split())[:LONGEST_NAME]
    title = called or (path.stem[:LONGEST_NAME] if path else "opened network")
    config = adopted.config.model_copy(update={"name": title})
    origin = Origin(file=path.name[-120:] if path else "", opened=time.strftime("%Y-%m-%dT%H:%M:%S%z"),
                    sha256=digest(path) if path else "", bytes=bounded(path) if path else 0, **adopted.origin)
    run_id = fresh_id(title)
    aside = root / f".open-{run_id}"
    try:
        for part in ("weights", "optimiser"):
            (aside / part).mkdir(parents=True)
        write_aside(aside / "config.json", config.model_dump_json(indent=1).encode())
        weights = {key: np.ascontiguousarray(array) for key, array in adopted.weights.items()}
        write_aside(snapshots.file(aside, "weights", 0), save(weights))
        origins.write(aside, origin)
        write_aside(aside / "passport.json", json.dumps(_passport(origin), indent=1).encode())
        status.write(aside, Status(state="finished", steps=config.steps, started=time.time(), message=_message(origin)))
        os.replace(aside, root / run_id)
    except OSError as error:
        raise Fault(f"The run cannot be written: {refusal(error)}.") from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return Run(root / run_id)


def _message(origin: Origin) -> str:
    return f"Opened from {origin.file}." if origin.file else "Opened from a program."


def _passport(origin: Origin) -> dict[str, str | int]:
    """Facts for people who look at the run later."""
    facts = origin.model_dump(include={"file", "sha256", "bytes", "opened"})
    return {"seqlab": seqlab.__version__, "numpy": np.__version__, "python": platform.python_version(), **facts}
