"""Steering a run from anywhere: a journal of commands that its worker reads on at every step.

Each command is one line, appended in a single write, so that two pages that steer one run are both obeyed, in order.
"""

import json
import math
import os
from dataclasses import dataclass
from pathlib import Path

from seqlab.errors import Fault
from seqlab.files import append_line, parse_json, refusal
from seqlab.training import status
from seqlab.training.recorder import is_held
from seqlab.training.run import Run

FILE = "control.jsonl"
COMMANDS = ("pause", "resume", "step", "stop", "lr", "interrupt", "move")
LARGEST_LR = 100.0


@dataclass(frozen=True)
class Command:
    """One command and where its line ends in the journal."""

    do: str
    value: float | None
    end: int


class Journal:
    """The worker's side: commands from an ``offset`` on."""

    def __init__(self, folder: Path, offset: int = 0) -> None:
        self._path, self.offset = str(folder / FILE), offset
        self._size = 0

    def pending(self) -> bool:
        """Whether something was written since the last look."""
        try:
            return os.stat(self._path).st_size > max(self.offset, self._size)
        except OSError:
            return False

    def read(self) -> list[Command]:
        """Return new commands; costs one ``stat`` where there are none. Lines that say nothing are skipped."""
        try:
            self._size = os.stat(self._path).st_size
            if self._size <= self.offset:
                return []
        except FileNotFoundError:
            return []
        with open(self._path, "rb") as file:
            file.seek(self.offset)
            whole, newline, _ = file.read().rpartition(b"\n")
        commands = []
        for line in (whole + newline).splitlines(keepends=True):
            self.offset += len(line)
            commands += _parse(line, self.offset)
        return commands


def pause(run: Run) -> None:
    """Hold a run after the update it is at."""
    send(run, "pause")


def resume(run: Run) -> None:
    """Let a paused run go on."""
    send(run, "resume")


def step(run: Run) -> None:
    """Do exactly one update, and hold the run after it."""
    send(run, "step")


def stop(run: Run) -> None:
    """End a run; its weights are kept. One that still waits in the queue ends at once."""
    send(run, "stop")
    now = run.status
    if not now.recorded and (now.state == "queued" or (now.state == "paused" and not is_held(run.path))):
        message = f"Stopped at step {now.step}." if now.step else "Stopped before it began."
        status.write(run.path, now, state="stopped", message=message)


def set_lr(run: Run, value: float | int) -> None:
    """Change the learning rate from the next update on; warm-up and decay still apply to it."""
    send(run, "lr", value)


def send(run: Run, do: str, value: float | int | None = None) -> None:
    """Write a command; raises Fault where the run cannot obey it or a learning rate is not in (0, 100]."""
    if do == "lr" and not (value is not None and math.isfinite(value) and 0 < value <= LARGEST_LR):
        raise Fault(f"The learning rate must be above 0 and at most {LARGEST_LR:g} (got {value}).")
    now = run.status
    if not now.active:
        raise Fault(f"Run {run.id} is {now.state}; it takes no commands.")
    try:
        append_line(run.path / FILE, json.dumps({"do": do} | ({"value": float(value)} if value is not None else {})))
    except OSError as error:
        raise Fault(f"The command cannot be written: {refusal(error)}.") from None


def journal_end(folder: Path) -> int:
    """Where the journal ends now: a run that goes on does not obey old commands again."""
    try:
        return (folder / FILE).stat().st_size
    except FileNotFoundError:
        return 0


def _parse(line: bytes, end: int) -> list[Command]:
    try:
        content = parse_json(line)
        value = content.get("value")
        command = Command(content["do"], None if value is None else float(value), end)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        return []
    sensible = command.do != "lr" or (command.value is not None and 0 < command.value <= LARGEST_LR)
    return [command] if command.do in COMMANDS and sensible else []
