"""One run from where its folder stands to its end: training, publishing, snapshots, obeying, and every way to fail."""

import logging
import os
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from math import isfinite
from pathlib import Path
from typing import NoReturn

import torch
from safetensors import SafetensorError

from seqlab.errors import Fault
from seqlab.files import clear_asides, refusal
from seqlab.training import device as devices
from seqlab.training import metrics, owner, samples, snapshots, state, words
from seqlab.training.control import Command, Journal
from seqlab.training.failure import Ended, explain
from seqlab.training.loop import evaluate, learner, updates
from seqlab.training.pace import Pace
from seqlab.training.recorder import Recorder, heartbeat, held, passport, write_passport
from seqlab.training.run import Run
from seqlab.training.state import halve
from seqlab.training.status import ACTIVE, State, Status
from seqlab.training.turns import TURNS, Turn

log = logging.getLogger("seqlab")

PAUSE_SECONDS = 0.02

Listener = Callable[[Status], object]


def train(path: Path, listen: Listener | None = None, worker: str = "this process", patience: float = 0.3) -> Status:
    """Train the run of a folder to its end, from its newest snapshot if it has one.

    ``listen`` hears the status at every publication; owners share the time of this process. What goes wrong is a plain
    sentence in the status that is returned; raises Fault only where the folder cannot be used at all, and Held where
    another process trains it and does not end within ``patience`` seconds.
    """
    path = Path(path)
    journal = Journal(path)
    try:
        # The status is read once the run is ours: another process may have brought it to its end meanwhile.
        with held(path, patience), heartbeat(path), TURNS.enter(owner.of(path).id, journal.pending) as turn:
            session = Session(path, listen or (lambda status: None), worker, journal, turn)
            if session.recorder.status.state in ("stopped", "finished"):
                return session.recorder.status
            return session.run()
    except OSError as error:
        raise Fault(f"Run {path.name} cannot be written: {refusal(error)}.") from None


class Session:
    """The state of one training session; ``run`` is its whole life."""

    def __init__(self, path: Path, listen: Listener, worker: str, journal: Journal, turn: Turn) -> None:
        self.path, self.listen, self.worker, self.journal, self.turn = path, listen, worker, journal, turn
        self.recorder = Recorder(path)
        self.journal.offset = self.recorder.status.control_offset
        self.commands: deque[Command] = deque()
        self.paused = self.recorder.status.state == "paused"
        self.pace = Pace()
        self.kept_step = -1
        self.evaluated: dict[str, float] = {}

    def run(self) -> Status:
        """Train until something ends it; returns the last status."""
        ended = self.attempt(self.begin) or self.attempt(self._train)
        assert ended is not None  # training goes on until something ends it
        return ended

    def attempt(self, work: Callable[[], object]) -> Status | None:
        """Do a part of it; returns the last status where that ended the run."""
        try:
            work()
        except Ended as end:
            return self._close(end.state, end.message)
        except Fault as fault:
            return self._close("failed", str(fault))
        except KeyboardInterrupt:
            return self._close("interrupted", f"Interrupted; it can go on from step {self.kept_step}.")
        except Exception as error:
            log.exception("run %s failed", self.path.name)
            return self._close("failed", explain(error, self.kept_step))
        return None

    def begin(self) -> None:
        """Make the learner, as the newest snapshot left it, and say that it trains."""
        for folder in (self.path, self.path / "weights", self.path / "optimiser"):
            clear_asides(folder)
        config = Run(self.path).config
        device = devices.choose(config.device)
        words.keep(self.path, config)
        self.learner = learner(config, device)
        before = self.recorder.status
        seconds = state.go_on(self.learner, self.path)
        self.pace = Pace(seconds or 0.0)
        changes: dict[str, object] = {
            "state": "paused" if self.paused else "running", "worker": self.worker, "pid": os.getpid(),
            "device": device.type, "steps": config.steps, "step": self.learner.step}
        if seconds is None:
            self._introduce(device)
            self._snapshot()
        else:
            metrics.rewind(self.path / metrics.FILE, self.learner.step)
            samples.rewind(self.path / samples.FILE, self.learner.step)
            self.learner.lr = before.lr or self.learner.lr
            self.kept_step = self.learner.step
            repeated = max(0, int(self.recorder.done[0]) - self.learner.step)
            changes |= {"resumed": before.resumed + 1, "steps_repeated": before.steps_repeated + repeated}
        self.recorder.update(**changes, lr=self.learner.lr)

    def _introduce(self, device: torch.device) -> None:
        config, generator = self.learner.config, torch.Generator(device).manual_seed(self.learner.config.seed)
        batch = config.task_spec.batch(config.task_config, config.batch, generator, 0)
        tensors = [part.cpu().numpy() for part in (batch.inputs, batch.targets, batch.condition) if part is not None]
        write_passport(self.path, **passport(config, tensors, devices.describe(device), torch.get_num_threads()))

    def _train(self) -> NoReturn:
        single = self._obey()
        for step in updates(self.learner):
            passes_on = self.turn.over
            self.after(step, single, passes_on)
            if passes_on:
                self.pace.stand_still(self.turn.pass_on)
            single = self._obey()
        raise Ended("finished", f"All {self.learner.config.steps} steps are done.")

    def after(self, step: int, single: bool, passes_on: bool) -> None:
        """Note an update, evaluate, publish and keep what is due; raises Ended where the goal is reached."""
        config = self.learner.config
        self.recorder.done[0] = step
        last = step == config.steps
        if step % config.evaluate_every == 0 or last:
            self._evaluate(step)
        if single or last or self.evaluated or self.pace.publishes(passes_on):
            self._publish()
        if single or last or self.pace.keeps(step, self.kept_step, config.steps):
            self._snapshot()
        reached = self.recorder.status.evaluation
        if config.stop_at is not None and reached is not None and reached >= config.stop_at:
            self._snapshot()
            raise Ended("finished", f"Reached an accuracy of {reached:.2%} at step {step}.")

    def _evaluate(self, step: int) -> None:
        began, figures = self.pace.seconds, evaluate(self.learner)
        if "samples" in figures:
            samples.append(self.path, step, figures["samples"])
        self.evaluated = metrics.evaluated(figures)
        self.pace.apart += self.pace.seconds - began

    def _publish(self) -> None:
        means, seconds, at = self.learner.collect(), self.pace.seconds, self.learner.step
        if means.finite < means.updates:
            raise self._diverged(at - means.updates + means.finite + 1, isfinite(means.loss))
        if means.updates:
            spent = max(1e-9, seconds - self.pace.published - self.pace.apart)
            row = {"step": float(at), "seconds": seconds, "loss": means.loss, "accuracy": means.accuracy,
                   "grad_norm": means.grad_norm, "lr": self.learner.optimiser.param_groups[0]["lr"],
                   "tokens_per_s": means.tokens / spent, "clipped": means.clipped}
            self.recorder.publish(row | self.evaluated)
            self.listen(self.recorder.update(step=at, seconds=seconds, loss=means.loss, accuracy=means.accuracy,
                                             **self.evaluated))
        self.evaluated = {}
        self.pace.note_publication()

    def _snapshot(self) -> None:
        began = self.pace.seconds
        if self.learner.step == self.kept_step:
            return
        finite = torch.stack([weight.isfinite().all() for weight in self.learner.network.parameters()]).all()
        if not finite:
            self._publish()
            raise self._diverged(self.learner.step)
        state.keep(self.learner, self.path, self.pace.seconds)
        self.kept_step = self.learner.step
        self.pace.note_snapshot(began)

    def _save(self) -> None:
        self._publish()
        self._snapshot()

    def _diverged(self, step: int, loss_known: bool = True) -> Ended:
        # Weights that a broken gradient made may still be finite numbers, and good for nothing. Where the loss was
        # none either (not ``loss_known``), the weights that gave it were bad before.
        state.forget(self.path, step if loss_known else step - 1)
        self.kept_step = max(snapshots.steps_in(self.path), default=-1)
        return Ended("diverged", f"Diverged at step {step}: the loss or a gradient is no longer a finite number. Take "
                     f"a smaller learning rate or clip the gradient; the weights of step {self.kept_step} are kept.")

    def _obey(self) -> bool:
        """Wait while paused; whether the next update is a single step."""
        while (single := self.heed()) is None:
            self.turn.rest()
            time.sleep(PAUSE_SECONDS)
        return single

    def heed(self) -> bool | None:
        """Carry out the commands so far; whether the next update is a single step, None where there is to be none."""
        self.commands.extend(self.journal.read())
        while self.commands:
            self.turn.take()
            if self._apply(self.commands.popleft()):
                return True
        if self.paused:
            self.pace.clock.hold()
        return None if self.paused else False

    def _apply(self, command: Command) -> bool:
        changes: dict[str, object] = {"control_offset": command.end}
        if command.do in ("stop", "interrupt", "move"):
            self.recorder.update(**changes)
            self._save()
            if command.do == "stop":
                raise Ended("stopped", f"Stopped at step {self.learner.step}.")
            if command.do == "move":  # another worker takes it from here
                raise Ended("paused" if self.paused else "queued", "")
            raise Ended("interrupted", f"Interrupted at step {self.learner.step}; it can go on from there.")
        if command.do == "lr" and command.value is not None:
            self.learner.lr = changes["lr"] = command.value
        elif command.do in ("pause", "step") and not self.paused:
            self.paused, changes["state"] = True, "paused"
            self._save()
        elif command.do == "resume" and self.paused:
            self.paused, changes["state"] = False, "running"
        if command.do in ("resume", "step"):
            self.pace.clock.go()
        self.listen(self.recorder.update(**changes))
        return command.do == "step"

    def _close(self, state: State, message: str) -> Status:
        changes: dict[str, object] = {"state": state, "message": message, "seconds": self.pace.seconds}
        if state not in ("interrupted", *ACTIVE):  # that one goes on, and who interrupts does not wait
            with suppress(OSError, SafetensorError):
                halve(self.path)
        try:
            last = self.recorder.update(**changes)
            write_passport(self.path, seconds=round(self.pace.seconds, 3))
        except OSError:
            # The folder is gone or the disk is full: the one who asked still hears how it ended.
            last = self.recorder.status.model_copy(update=changes)
        self.listen(last)
        return last
