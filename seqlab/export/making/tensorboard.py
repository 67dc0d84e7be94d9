"""The curves and samples of a run as TensorBoard's event files, written at once or while it trains.

Nothing of this is in the training loop: a live file follows ``metrics.jsonl`` from outside.
"""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from math import isfinite
from pathlib import Path

import numpy as np
from tensorboardX.proto.event_pb2 import Event
from tensorboardX.proto.summary_pb2 import Summary
from tensorboardX.record_writer import RecordWriter
from tensorboardX.summary import text

from seqlab.errors import Fault
from seqlab.files import refusal
from seqlab.training.beside import beside
from seqlab.training.metrics import COLUMNS, REQUIRED
from seqlab.training.run import Run
from seqlab.training.samples import Sample

SECONDS = 1.0  # between two looks at a run that trains
_VERSION = "brain.Event:2"  # of the format, with which every file begins
_EVALUATED = {"evaluation": "accuracy", "validation": "loss", "valid": "valid"}
TAGS = {column: f"evaluation/{_EVALUATED[column]}" if column in _EVALUATED else f"train/{column}"
        for column in COLUMNS if column not in REQUIRED}


def file_of(run: Run, folder: Path) -> Path:
    """Where the events of a run lie in a folder of TensorBoard's: always the same file, so that none is read twice."""
    return folder / run.id / f"events.out.tfevents.{int(run.status.started):010d}.seqlab"


def export(run: Run, folder: Path) -> Path:
    """Write everything that a run has published so far; returns the file. Raises Fault."""
    with Follower(run, folder) as follower:
        if not follower.write():
            raise Fault(f"Run {run.id} has no curves yet.")
    return follower.path


class Follower:
    """Writes what a run publishes into one event file, from its beginning and then on from where it stands.

    ``wall_time`` is when the run started plus the seconds that it has trained. Where the run went back to a snapshot
    the file is written anew. Raises Fault where it cannot be written.
    """

    def __init__(self, run: Run, folder: Path) -> None:
        self.run, self.path = run, file_of(run, folder)
        self.started, self.rows, self.sampled = run.status.started, 0, -1
        self._open()

    def __enter__(self) -> "Follower":
        return self

    def __exit__(self, *_: object) -> None:
        self._records.close()

    def _open(self) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._records = RecordWriter(str(self.path))
        except OSError as error:
            raise _unwritten(self.path, error) from None
        self.rows, self.sampled = 0, -1
        self._add(Event(wall_time=self.started, file_version=_VERSION))
        settings = _code(self.run.config.model_dump_json(indent=1).splitlines())
        self._add(Event(wall_time=self.started, summary=text("config", settings)))

    def write(self) -> int:
        """Write what is new; returns how many rows of metrics there are now."""
        table = self.run.metrics()
        steps = table["step"]
        if len(steps) < self.rows:
            self._records.close()
            self._open()
        try:
            self._rows(table)
            self._samples(dict(zip(steps.tolist(), table["seconds"].tolist(), strict=True)))
            self._records.flush()
        except OSError as error:
            raise _unwritten(self.path, error) from None
        return self.rows

    def _rows(self, table: dict[str, np.ndarray]) -> None:
        for place in range(self.rows, len(table["step"])):
            values = [Summary.Value(tag=TAGS.get(column, f"other/{column}"), simple_value=float(figures[place]))
                      for column, figures in table.items() if column not in REQUIRED and isfinite(figures[place])]
            self._add(Event(wall_time=self.started + float(table["seconds"][place]), step=int(table["step"][place]),
                            summary=Summary(value=values)))
        self.rows = len(table["step"])

    def _samples(self, seconds: dict[float, float]) -> None:
        for step, written in self.run.samples().items():
            if step > self.sampled and step in seconds:
                self._add(Event(wall_time=self.started + seconds[step], step=step,
                                summary=text("samples", _code(map(_line, written)))))
                self.sampled = step

    def _add(self, event: Event) -> None:
        self._records.write(event.SerializeToString())


def follow(run: Run, folder: Path, over: threading.Event | None = None) -> Path:
    """Write what a run publishes until it is over, or ``over`` is set; returns the file. Raises Fault."""
    over = over or threading.Event()
    with Follower(run, folder) as follower:
        while not over.is_set() and run.status.active:
            follower.write()
            over.wait(SECONDS)
        follower.write()
    return follower.path


@contextmanager
def followed(run: Run, folder: Path) -> Iterator[None]:
    """Write the events of a run while the body trains it.

    A thread follows the run. A file that cannot be written does not end the training: its Fault is raised afterwards.
    """
    faults = list[Fault]()

    def write(over: threading.Event) -> None:
        try:
            follow(run, folder, over)
        except Fault as fault:
            faults.append(fault)

    with beside(write, "tensorboard"):
        yield
    if faults:
        raise faults[0]


def _line(sample: Sample) -> str:
    """A sample, with a mark that says whether it is in the language."""
    return f"{'✓' if sample.valid else '✗'} {sample.text}"


def _code(lines: Iterable[str]) -> str:
    """Lines as Markdown shows them letter by letter: TensorBoard reads texts as Markdown."""
    return "\n".join(f"    {line}" for text in lines for line in text.split("\n"))


def _unwritten(path: Path, error: OSError) -> Fault:
    return Fault(f"The events cannot be written to {path.parent}: {refusal(error)}.")
