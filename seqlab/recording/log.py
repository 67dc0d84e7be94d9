"""What a training loop holds while it is recorded: three lines of it, and nothing that makes it wait."""

import atexit
import os
import sys
import time
from types import TracebackType
from typing import NoReturn

from seqlab.errors import Fault
from seqlab.recording.network import Network
from seqlab.recording.window import Window
from seqlab.recording.writer import Handover, Writer
from seqlab.training import snapshots
from seqlab.training.recorder import Stopwatch
from seqlab.training.run import Run
from seqlab.training.status import State

PUBLISH_SECONDS = 0.4  # between two publications; a page looks as often
FREE, SHARE = 0.02, 1 / 400  # seconds that snapshots may take at the beginning, and of the time after it
FIRST_SECONDS = 0.1  # between the first two publications, where everything changes fastest


def say(sentence: str) -> None:
    """Print a line for the person who started the loop, beside what the loop itself prints."""
    print(f"seqlab: {sentence}", file=sys.stderr, flush=True)


class Log:
    """A recording, from the loop's side; made by ``seqlab.record``.

    Without a ``writer`` nothing is recorded, and the loop goes on as if it were.
    """

    def __init__(self, network: Network, writer: Writer | None) -> None:
        self._network, self._writer, self._pid = network, writer, os.getpid()
        self._clock = Stopwatch()
        self._step, self._due, self._copying = 0, 0.0, 0.0
        self._kept, self._kept_at = 0, 0.0  # the snapshot before the first step is there from the beginning
        self._window = Window(0.0)
        self._strangers = self._loss_known = False
        atexit.register(self.close, "stopped", "The program ended before the loop did.")

    @property
    def run(self) -> Run | None:
        """The run that is written; None where it could not be."""
        return self._writer.run if self._writer else None

    @property
    def lr(self) -> float | None:
        """The learning rate that was set on the page; None as long as nobody did."""
        return self._writer.steering.lr if self._writer else None

    def step(self, loss: object = None, lr: object = None, **others: object) -> bool:
        """Note one update of the loop; returns False once Stop was pressed on the page.

        It waits while the run is paused there, and for nothing else: tensors are read later, and by another thread.
        ``loss``, ``lr`` and the others are numbers, or tensors of one. ``accuracy``, ``grad_norm``, ``val_loss``,
        ``val_accuracy`` and ``tokens`` (how many this step read) have places of their own; any other number gets a
        curve under its name.
        """
        writer = self._writer
        if writer is None or writer.over or not self._own():
            return True
        self._step += 1
        self.note(loss=loss, lr=lr, **others)
        now = self._clock.seconds
        if now >= self._due:
            self._hand_over(now)
        if writer.steering.held:
            self._hold()
        return not writer.steering.stopped

    def note(self, **numbers: object) -> None:
        """Note more of the step that was done last, such as what was measured on held-out data after it."""
        self._window.add(self._step, numbers)
        self._loss_known = self._loss_known or numbers.get("loss") is not None

    def close(self, state: State = "finished", message: str = "") -> None:
        """Write what is left, with a last snapshot, and let go of the run; what is closed stays so."""
        atexit.unregister(self.close)
        writer = self._writer
        if writer is None or writer.over or os.getpid() != self._pid:
            return
        if writer.steering.stopped and state == "finished":
            state, message = "stopped", f"Stopped at step {self._step}."
        self._hand_over(self._clock.seconds, keep=True, end=(state, message))
        writer.join()

    def __enter__(self) -> "Log":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        if kind is None:
            self.close()
        elif issubclass(kind, KeyboardInterrupt):
            self.close("stopped", f"Stopped by hand at step {self._step}.")
        else:
            self.close("failed", f"The loop ended with a {kind.__name__} at step {self._step}.")

    def __reduce__(self) -> NoReturn:
        raise Fault("A recording stays with the process that began it; give the other process something else.")

    def _own(self) -> bool:
        """Whether this is the process that records; another one is told once that it does not."""
        if os.getpid() == self._pid:
            return True
        if not self._strangers:
            self._strangers = True
            say("log.step was called in a second process; only the one that began the recording is recorded.")
        return False

    def _hold(self) -> None:
        """Show where the loop stands, and wait until it may go on."""
        if self._writer:
            self._hand_over(self._clock.seconds, keep=True, paused=True)
            self._clock.hold()
            self._writer.steering.wait()
            self._clock.go()

    def _hand_over(self, now: float, *, keep: bool = False, paused: bool = False,
                   end: tuple[State, str] | None = None) -> None:
        """Give the thread what the loop noted since the last time, and a copy of the weights where one is due."""
        copy, fault = None, ""
        try:
            if self._step > self._kept and (keep or self._snapshot_is_due(now)):
                began = time.perf_counter()
                copy = self._network.copy()
                self._kept, self._kept_at = self._step, now
                self._copying += time.perf_counter() - began
        except Fault as problem:
            fault = f"{problem} at step {self._step}"
        except Exception as error:  # what a module's own hooks raise must not reach the loop
            fault = f"The weights cannot be copied at step {self._step} ({type(error).__name__})"
        whole = not self._loss_known or "loss" in self._window.noted or end or paused
        window = self._window if whole else Window(now)  # no row between two losses of a loop that notes one seldom
        if self._writer:
            self._writer.put(Handover(self._step, now, window, copy, paused, fault, end))
        if whole:
            self._window = Window(now)
        self._due = now + min(max(PUBLISH_SECONDS, now / 1000), FIRST_SECONDS + now / 5)

    def _snapshot_is_due(self, now: float) -> bool:
        writer = self._writer
        if writer is None or writer.writing or writer.spent + self._copying > FREE + now * SHARE:
            return False
        return snapshots.due(self._step, self._kept, now - self._kept_at)
