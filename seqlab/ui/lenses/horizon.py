"""The lens ``horizon``: how far back the memory reaches, by loss, gradient and trail, now and over the training."""

from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from seqlab.errors import Fault
from seqlab.figures.film import evenly
from seqlab.figures.gradients import written
from seqlab.figures.horizon import fades, fading, horizon
from seqlab.reference.horizon import Windows
from seqlab.training.answers import Horizon
from seqlab.training.question import Question
from seqlab.training.run import Run
from seqlab.training.task_input import TaskInput
from seqlab.ui.lenses.view import LensView
from seqlab.ui.proof import client
from seqlab.ui.proof.drawing import prove
from seqlab.ui.proof.proof import Proof
from seqlab.ui.proof.snapshot import Snapshot
from seqlab.ui.proof.store import ANSWERS
from seqlab.ui.proof.waiting import Pending, Ready, wait_for
from seqlab.ui.runs.following import goes_on
from seqlab.ui.runs.tasks import wording
from seqlab.ui.shell.choices import choose
from seqlab.ui.shell.faults import NoAnswer
from seqlab.ui.shell.foreign import literal
from seqlab.ui.widgets.plot import plot

MOST_SNAPSHOTS = 20


@ANSWERS.cached
def windows_of(path: str, condition: int | None) -> Windows:
    """Have a worker draw sequences of a run's task. Raises Fault where its data are not at hand, TimeoutError."""
    return wait_for(client.drawn_windows(path, condition))


@dataclass(frozen=True)
class HorizonQuestion:
    """A snapshot, and what is given beside its sequences; without data, one input and the ``answer`` to it."""

    snapshot: Snapshot
    condition: int | None
    ids: tuple[int, ...] = ()
    answer: int = 0

    @classmethod
    def typed(cls, question: Question) -> "HorizonQuestion":
        """Ask about one input, and the answer that the network gives at its end. Raises Fault."""
        answer = int(question.whole.trace()["logits"][0, -1].argmax())
        return cls(Snapshot.of(question.run, question.step), question.condition, question.ids, answer)

    @property
    def windows(self) -> Windows:
        """The sequences. Raises Fault, TimeoutError."""
        if not self.ids:
            return windows_of(self.snapshot.path, self.condition)
        return Windows(np.array([self.ids]), np.array([self.answer]),
                       None if self.condition is None else np.array([self.condition]))


@ANSWERS.cached
def measured(question: HorizonQuestion) -> Horizon:
    """Have a worker measure, once for all sessions. Raises Fault, TimeoutError."""
    snapshot = question.snapshot
    return wait_for(client.memory_horizon(snapshot.path, snapshot.step, question.windows,
                                          from_data=not question.ids))


@ANSWERS.cached
def faded(question: HorizonQuestion) -> dict[str, np.ndarray]:
    """Have a worker measure the gradients alone. Raises Fault, TimeoutError."""
    return wait_for(_asked(question))


def _asked(question: HorizonQuestion) -> Pending[dict[str, np.ndarray]]:
    return client.faded_gradients(question.snapshot.path, question.snapshot.step, question.windows)


HORIZON = Proof[HorizonQuestion, Horizon](
    name="horizon", symbols=("x", "h"), remote=lambda question: Ready(measured(question)),
    reported=lambda answer: answer["agreement"],
    compares="dL/d of the input and of every state at every lag in eight of the sequences, the reference's own way "
             "back and torch's autograd; and the logits of the last answer at every length of context.")


def draw(question: Question, given: TaskInput, key: str) -> None:
    """Draw the three measures of the newest snapshot with their badge, and the map of a training."""
    run = question.run
    slot = st.container(key=f"{key}badge-slot", gap=None)
    try:
        with st.spinner("Measuring …"):
            asked = _of_data(question) or HorizonQuestion.typed(question)
            answer = measured(asked)
    except TimeoutError:
        raise NoAnswer from None
    several = run.config.network.layers > 1
    lengths = answer["gradients"]
    plot(horizon(lengths, answer["lengths"], answer["loss"], answer["trail"], wording(run.config).unit(
        run.config.task_config)), key=f"{key}picture")
    states = [name for name in lengths if name != "x"]
    st.markdown(" ".join(fades(name, lengths[name], several) for name in states[-2:]))
    _training(run, asked, states, several, key)
    prove(HORIZON, asked, key=f"{key}badge", slot=slot, run=run)


def _of_data(question: Question) -> HorizonQuestion | None:
    """Ask about sequences of the run's own task; where there are none, say so and what to do. Raises TimeoutError."""
    asked = HorizonQuestion(Snapshot.of(question.run, question.step), question.condition)
    why = "This network came without the data that it learned from; some can be attached where it was opened."
    if question.run.config.has_data:
        try:
            return asked if asked.windows else None
        except Fault as fault:
            why = str(fault)
    st.info(f"{literal(why)} The loss by what it reads needs data; the gradient and the trail are those of the input "
            "above, and of the answer that the network gives at its end.", icon=":material/info:")
    return None


def _training(run: Run, asked: HorizonQuestion, states: list[str], several: bool, key: str) -> None:
    """Draw the map of lag and training step, which grows while the snapshots are measured."""
    kept = run.snapshots()
    if len(kept) < 2:
        return
    titles = {name: written(name, several) for name in ("x", *states)}
    name = choose(st.segmented_control, "Over the training", titles, f"{key}map", states[0], required=True,
                  help="The quantity whose gradient is drawn for every snapshot of the training.")
    chosen = [kept[place] for place in evenly(len(kept), MOST_SNAPSHOTS)]
    place, rows = st.empty(), []
    for step in chosen:
        try:
            rows.append(faded(replace(asked, snapshot=Snapshot.of(run, step)))[name])
        except TimeoutError:
            raise NoAnswer from None
        except Fault:
            if not goes_on(run):  # the schedule of one that trains has dropped this snapshot for a newer one
                raise
            continue
        place.progress(len(rows) / len(chosen), "Measuring the gradients of every snapshot …")
    if rows:
        with place:
            plot(fading(rows, chosen[-len(rows):], name, several), key=f"{key}training")


LENS = LensView("horizon", "How far back", "How far back the memory reaches: what it gains from more to read, how much "
                "of a gradient arrives at each step back, and how long a symbol's trail lasts.", 70,
                lambda run: True, draw, changed=False, pairs=True)
