"""The thread beside a loop: it writes what the loop hands over, reads what pages ask, and says that the run is held."""

import logging
import os
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from safetensors.numpy import save

from seqlab.errors import Fault
from seqlab.files import refusal, write_aside
from seqlab.recording.network import Copy
from seqlab.recording.recognise import Recognised
from seqlab.recording.steering import Steering
from seqlab.recording.window import Window, summary
from seqlab.training import snapshots, state, status
from seqlab.training.control import Command, Journal
from seqlab.training.recorder import Recorder, held, write_passport
from seqlab.training.run import Run
from seqlab.training.status import State

log = logging.getLogger("seqlab")

LOOK, BEAT = 0.25, 1.0  # seconds between two looks for commands, and between two signs of life
MOST_STEPS = 10_000_000  # that a config can name
PUBLISHED = ("loss", "accuracy", "evaluation", "validation", "valid")  # what the status has of a row


@dataclass(frozen=True)
class Handover:
    """What a loop hands over: where it is, what it noted, perhaps a copy of its weights, perhaps its end.

    ``fault`` says, without a full stop, why the recording cannot go on.
    """

    step: int
    seconds: float
    window: Window
    copy: Copy | None = None
    paused: bool = False
    fault: str = ""
    end: tuple[State, str] | None = None


class Writer:
    """Writes the folder of one run from a thread of its own; ``over`` is true once it no longer does.

    ``spent`` is the seconds of this thread that snapshots took, ``writing`` whether one is not written yet. Whatever
    goes wrong is printed in one sentence and ends the recording, never the loop.
    """

    def __init__(self, run: Run, network: Recognised, say: Callable[[str], None], grows: bool) -> None:
        self.run, self.steering = run, Steering()
        self.over, self.writing, self.spent = False, False, 0.0
        self._network, self._say, self._grows = network, say, grows
        self._recorder = Recorder(run.path)
        self._journal = Journal(run.path, 0)
        self._queue = SimpleQueue[Handover]()
        self._problems = set[str]()
        self._thread = threading.Thread(target=self._work, daemon=True, name="seqlab-recording")

    def start(self, **changes: object) -> None:
        """Say that the run is recorded, and begin; raises OSError or Fault where the folder does not take it."""
        self._recorder.update(state="running", recorded=True, worker="recorded elsewhere", pid=os.getpid(), lr=None,
                              message="Recorded elsewhere, from a loop of its own.", **changes)
        self._held = ExitStack()
        self._held.enter_context(held(self.run.path))
        self._thread.start()

    def put(self, handover: Handover) -> None:
        """Hand something over; returns at once."""
        self.writing = self.writing or handover.copy is not None
        self._queue.put(handover)

    def join(self) -> None:
        """Wait until the end that was handed over is written."""
        self._thread.join()

    def _fail(self, reason: str) -> None:
        """End the recording, and let the loop go on without it."""
        self.over = True
        self.steering.ask("resume", None)
        self._say(f"{reason}; the recording of {self.run.id} ends here, and the loop goes on.")
        with suppress(OSError, Fault):
            self._recorder.update(state="failed", message=f"{reason}; the recording ended there.")

    def _work(self) -> None:
        beat = time.monotonic()
        with self._held:
            while not self.over:
                try:
                    with suppress(Empty):
                        self._write(self._queue.get(timeout=LOOK))
                    for command in self._journal.read():
                        self._obey(command)
                    if time.monotonic() >= beat:
                        status.touch(self.run.path)
                        beat = time.monotonic() + BEAT
                except OSError as error:
                    self._fail(f"The run cannot be written: {refusal(error)}")
                except Exception as error:  # a fault of ours must not reach the loop, nor pass in silence
                    log.debug("recording %s failed", self.run.id, exc_info=True)
                    self._fail(f"Recording failed with a {type(error).__name__}")

    def _write(self, part: Handover) -> None:
        self._publish(part)
        if part.copy is not None:
            self._snapshot(part.step, part.copy)
            self.writing = False
        if part.paused and self.steering.held:
            self._recorder.update(state="paused")
        if part.fault:
            self._fail(part.fault)
        elif part.end:
            self._close(part, *part.end)

    def _publish(self, part: Handover) -> None:
        changes: dict[str, object] = {"step": part.step, "seconds": part.seconds}
        if part.window.noted:
            known = summary(part.window, part.seconds)
            for problem in known.problems:
                self._note(problem)
            self._recorder.publish({"step": float(part.step), "seconds": part.seconds} | known.row, known.other)
            changes |= {column: known.row[column] for column in PUBLISHED if column in known.row}
        self._recorder.done[0] = part.step
        self._recorder.update(**changes | self._length(part.step))

    def _length(self, step: int) -> dict[str, object]:
        """What the status says of the number of steps, where nobody knows how many there will be."""
        return {"steps": step} if self._grows or step > self._recorder.status.steps else {}

    def _snapshot(self, step: int, copy: Copy) -> None:
        began = time.thread_time()
        try:
            arrays = self._network.weights(copy.arrays())
        except Fault as fault:
            self._note(f"No snapshot of step {step}. {fault}")
        else:
            content = save(dict(arrays))
            write_aside(snapshots.file(self.run.path, "weights", step), content)
            state.thin(self.run.path, snapshots.affordable(len(content)))
            self._lengthen(step)
        self.spent += time.thread_time() - began

    def _lengthen(self, step: int) -> None:
        """Have the config name as many steps as were done, where that is more; a person may have renamed the run."""
        config = self.run.config
        if step > config.steps:
            longer = config.model_copy(update={"steps": min(step, MOST_STEPS)})
            write_aside(self.run.path / "config.json", longer.model_dump_json(indent=1).encode())

    def _note(self, problem: str) -> None:
        """Say a problem once, here and on the page."""
        kind = problem.partition(" at step ")[0]
        if kind not in self._problems:
            self._problems.add(kind)
            self._say(problem)
            self._recorder.update(message=problem)

    def _obey(self, command: Command) -> None:
        self.steering.ask(command.do, command.value)
        changes: dict[str, object] = {"control_offset": command.end}
        if command.do == "lr":
            changes["lr"] = command.value
        elif command.do in ("resume", "stop") and self._recorder.status.state == "paused":
            changes["state"] = "running"
        self._recorder.update(**changes)

    def _close(self, part: Handover, end: State, message: str) -> None:
        state.halve(self.run.path)
        write_passport(self.run.path, seconds=round(part.seconds, 3))
        self._recorder.update(state=end, message=message or (self._recorder.status.message if self._problems else ""))
        self.over = True
