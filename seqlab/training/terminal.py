"""How the command line reads its values and speaks to a terminal."""

import re
import signal
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import FrameType
from typing import Any

import tyro
from pydantic import BaseModel, Field, create_model

from seqlab.tasks import DERIVED, tasks
from seqlab.training import control
from seqlab.training.config import RunConfig
from seqlab.training.run import Run
from seqlab.training.status import Status

_INVALID = re.compile(r"validation errors? for \w+ ([\w.]+) (?:Value error, )?(.*?) \[type=\w+, input_value=(.*?),")


def train_options() -> Any:
    """The fields of RunConfig, with a subcommand for each task in place of its plain dictionary."""
    defaults = {name: task.config() for name, task in tasks().items() if task.has_data(task.config())}
    fields: dict[str, Any] = {
        name: (field.rebuild_annotation(),
               Field(field.get_default(call_default_factory=True), description=field.description))
        for name, field in RunConfig.model_fields.items() if name != "task"}
    choice = tyro.extras.subcommand_type_from_defaults(defaults, prefix_names=False)
    return create_model("Options", **fields, task=(choice, next(iter(defaults.values()))))


def config_from(options: BaseModel) -> RunConfig:
    """Make a config from what was read; raises ValidationError."""
    task: BaseModel = getattr(options, "task")  # noqa: B009 (the model is made at run time)
    name = next(name for name, known in tasks().items() if isinstance(task, known.config))
    given, usual = task.model_dump(), type(task)().model_dump()
    for derived, sources in DERIVED.items():
        other = any(given.get(at) != usual.get(at) for at in sources)
        if other and derived in given and given[derived] == usual[derived]:
            del given[derived]  # nobody wrote it: it is that of the task's own text
    return RunConfig(**options.model_dump(exclude={"task"}), task=given | {"name": name})


@dataclass
class ProgressLine:
    """One line that is written over on a terminal, and a line every two seconds elsewhere."""

    every: float = 2.0
    last: float = float("-inf")

    def __call__(self, now: Status) -> None:
        """Show a status."""
        live = sys.stdout.isatty()
        if now.loss is None or not (live or time.monotonic() - self.last >= self.every):
            return
        self.last = time.monotonic()
        text = (f"step {now.step}/{now.steps}  loss {now.loss:.4f}  accuracy {percent(now.accuracy)}  "
                f"evaluated {percent(now.evaluation)}  {now.seconds:.0f} s")
        print(f"\r\033[K{text}" if live else text, end="" if live else "\n", flush=True)


def one_thread() -> None:
    """Let torch use one core: these networks are too small for a second thread, which costs more than it gives."""
    import torch

    torch.set_num_threads(1)


def train_here(run: Run, meanwhile: AbstractContextManager[None]) -> Status:
    """Train a run in this process, in a context; Ctrl-C stops it and keeps its weights, twice ends the process."""
    from seqlab.training import session

    def interrupted(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        control.stop(run)

    one_thread()
    before = signal.signal(signal.SIGINT, interrupted)
    try:
        with meanwhile:
            return session.train(run.path, ProgressLine(), worker="command line")
    finally:
        signal.signal(signal.SIGINT, before)


def percent(share: float | None) -> str:
    """Write a share, or a dash where there is none."""
    return "–" if share is None else f"{share:.2%}"


def columns(names: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table: rows of a label and then cells, under the names of the cells' columns."""
    print(f"  {'':<52}{''.join(f' {name:>16}' for name in names)}".rstrip())
    for label, *cells in rows:
        print(f"  {label:<52}{''.join(f' {cell:>16}' for cell in cells)}".rstrip())


def sentence(box: str) -> str:
    """Say in one sentence what the parser says in a box."""
    lines = [line.strip("│╭╮╰╯ \t") for line in box.splitlines()]
    rule = next((place for place, line in enumerate(lines) if place and set(line) <= {"─"}), len(lines))
    text = " ".join(" ".join(lines[1:rule]).split())
    match = _INVALID.search(text)
    if match:
        return f"{match[1].capitalize()}: {match[2][0].lower()}{match[2][1:]} (got {match[3]})."
    return f"{text.removesuffix('.')}. Add --help to see what there is."
