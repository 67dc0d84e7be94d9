"""Whether a folder from outside is a run: every file is read in full before any of it is shown."""

import json
from collections.abc import Iterator
from itertools import count
from math import isfinite
from pathlib import Path

from pydantic import ValidationError
from safetensors import SafetensorError
from safetensors.numpy import load

from seqlab.errors import Fault
from seqlab.files import parse_json, write_aside
from seqlab.training import metrics, origin, samples, snapshots, status, unit_names, weights, words
from seqlab.training.config import RunConfig
from seqlab.training.run import Run
from seqlab.training.status import Status

MOST_LINES, LONGEST_LINE, MOST_SAMPLES = 200_000, 8 * 2**20, 300_000


def validate(folder: Path) -> None:
    """Raise Fault unless the folder is a whole run; what only the former owner needed is left out of it."""
    if not (folder / "config.json").exists():
        raise Fault("The zip file has no config.json, so it is not a run.")
    try:
        config = Run(folder).config
    except Fault as fault:
        raise Fault(str(fault).replace(f"The config of run {folder.name}", "Its config.json")) from None
    steps = snapshots.steps_in(folder)
    if not steps:
        raise Fault("The zip file has no weights, so there is nothing to show.")
    for step in steps:
        weights.read(snapshots.file(folder, "weights", step), config)
    _check_optimisers(folder)
    _check_metrics(folder / metrics.FILE)
    _check_samples(folder / samples.FILE)
    _check_words(folder / words.FILE, config)
    _check_passport(folder / "passport.json")
    _check_origin(folder)
    _check_names(folder / unit_names.FILE)
    _settle(folder, steps[-1], config.steps)


def _check_optimisers(folder: Path) -> None:
    for step in snapshots.steps_in(folder, "optimiser"):
        try:
            load(weights.headed(snapshots.file(folder, "optimiser", step)))
        except (SafetensorError, ValueError, TypeError, KeyError, AttributeError):
            raise Fault(f"The optimiser's state at step {step} cannot be read; the file is damaged.") from None


def _check_metrics(file: Path) -> None:
    for number, line in _lines(file):
        try:
            values = metrics.parse(line)
        except ValueError as problem:
            raise _unusable(file, number, problem) from None
        if not all(map(isfinite, values.values())):
            raise Fault(f"Line {number} of metrics.jsonl holds a number that is not finite.")


def _check_samples(file: Path) -> None:
    total = 0
    for number, line in _lines(file):
        try:
            total += len(samples.parse(line)[1])
            if total > MOST_SAMPLES:
                raise ValueError(f"a run keeps at most {MOST_SAMPLES:,} samples")
        except ValueError as problem:
            raise _unusable(file, number, problem) from None


def _check_words(file: Path, config: RunConfig) -> None:
    if not file.exists():
        if config.task_spec.vocabulary is not None:
            raise Fault("The zip file has no words.txt, so nothing could be read with this network.")
        return
    try:
        words.parse(file.read_bytes(), words.room(config))
    except ValueError as problem:
        raise Fault(f"words.txt of the zip file cannot be used: {problem}.") from None


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    """The lines of a file and their numbers, one after another; raises Fault where there are too many or too long."""
    if not file.exists():
        return
    with open(file, "rb") as lines:
        for number in count(1):
            line = lines.readline(LONGEST_LINE + 1)
            if not line:
                return
            if number > MOST_LINES or len(line) > LONGEST_LINE:
                raise Fault(f"{file.name} of the zip file has more than {MOST_LINES:,} lines, or one that is too long.")
            yield number, line


def _unusable(file: Path, number: int, problem: ValueError) -> Fault:
    reason = "it is not JSON" if isinstance(problem, (json.JSONDecodeError, UnicodeDecodeError)) else problem
    return Fault(f"Line {number} of {file.name} cannot be used: {reason}.")


def _check_passport(file: Path) -> None:
    if not file.exists():
        return
    try:
        facts = parse_json(file.read_bytes())
        plain = isinstance(facts, dict) and all(isinstance(fact, (str, int, float)) for fact in facts.values())
    except ValueError:
        plain = False
    if not plain or file.stat().st_size > 20_000:
        raise Fault("passport.json is not a short list of facts, so nothing of the zip file was kept.")


def _check_origin(folder: Path) -> None:
    try:
        origin.read(folder)
    except Fault:
        raise Fault("origin.json of the zip file is not whole, so nothing of it was kept.") from None


def _check_names(file: Path) -> None:
    try:
        if file.exists():
            unit_names.parse(file.read_bytes())
    except ValueError as problem:
        reason = "it is not JSON" if isinstance(problem, (json.JSONDecodeError, UnicodeDecodeError)) else problem
        raise Fault(f"units.json of the zip file cannot be used: {reason}.") from None


def _settle(folder: Path, step: int, steps: int) -> None:
    """Write the status of an imported run: nobody trains it, and its words are ours."""
    try:
        stated = Status.model_validate_json((folder / status.FILE).read_bytes())
    except FileNotFoundError:
        stated = Status(step=step, state="stopped")
    except (OSError, ValidationError):
        raise Fault("status.json of the zip file is not whole.") from None
    (folder / "control.jsonl").unlink(missing_ok=True)
    settled = stated.model_copy(update={
        "state": "stopped" if stated.active else stated.state, "steps": steps, "message": "Uploaded.", "worker": "",
        "device": stated.device[:40], "pid": 0, "control_offset": 0})
    write_aside(folder / status.FILE, settled.model_dump_json(exclude={"updated"}, indent=1).encode())
