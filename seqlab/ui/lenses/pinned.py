"""A pinned number in words, with its badge: what its unit holds, and what is answered without it."""

from dataclasses import dataclass, replace

import numpy as np
import streamlit as st
from jaxtyping import Int

from seqlab import notation
from seqlab.figures.in_words import Meaning, in_words
from seqlab.figures.rounding import PRECISIONS, largest_weight
from seqlab.reference.pinned import alternatives, held, positions, silenced, without
from seqlab.reference.trail import carriers, trails
from seqlab.training.task_input import UNSCORED, TaskInput
from seqlab.ui.proof import client
from seqlab.ui.proof.drawing import prove
from seqlab.ui.proof.passes import Passes, Traces, ask
from seqlab.ui.proof.proof import Proof
from seqlab.ui.proof.store import PICTURES
from seqlab.ui.proof.waiting import Pending, Together
from seqlab.ui.shell.foreign import literal

Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class PinnedQuestion:
    """A number of a pass: its name (``z.0``), time and unit."""

    passes: Passes
    name: str
    t: int
    unit: int

    @property
    def layer(self) -> int:
        """The layer of its unit."""
        return notation.layer(self.name) or 0

    @property
    def silent(self) -> Passes:
        """The same pass without the unit."""
        return replace(self.passes, changes=(*self.passes.changes, silenced(self.layer, self.unit)))

    @property
    def carrier(self) -> str:
        """What the unit carries its memory in: the longest-lived part of the state, or what it shows."""
        return f"{carriers(self.passes.run.core)[-1]}.{self.layer}"

    @property
    def replaced(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Which positions are read with which other symbols in their place."""
        return tuple(positions(self.t)), tuple(alternatives(self.passes.run.sizes.symbols).tolist())

    @property
    def read(self) -> Int[np.ndarray, " time"]:
        """The input as far as the unit can know it: up to its time, or all of it; changes name its times."""
        whole = self.passes.run.core.sees == "all" or bool(self.passes.changes)
        return np.array(self.passes.ids if whole else self.passes.ids[:self.t + 1])

    def numbers(self, precision: str = "float32") -> Arrays:
        """Everything of which the sentence is made: the unit's trails, and the answers without it. Raises Fault."""
        passes, (places, others), run = self.passes, self.replaced, self.passes.run
        spread = trails(run.core, self.read, run.weights(passes.steps[0], precision), places, np.array(others),
                        condition=passes.condition, pooling=run.config.network.pooling, changes=passes.changes)
        return {"silent": self.silent.reference(precision)[0]["p"][0], "trail": spread[self.carrier][..., self.unit]}


@PICTURES.cached
def pinned(question: PinnedQuestion) -> Arrays:
    """Compute it once for all sessions."""
    return question.numbers()


def _remote(question: PinnedQuestion) -> Pending[tuple[Traces, dict[str, Arrays]]]:
    passes, (places, others) = question.passes, question.replaced
    return Together(ask(question.silent), client.trails(
        passes.path, passes.steps[0], question.read, passes.condition, places, others, [question.carrier], PRECISIONS,
        passes.changes))


def _torch(question: PinnedQuestion, answer: tuple[Traces, dict[str, Arrays]], precision: str) -> list[Arrays]:
    silent, spread = answer
    return [{"silent": silent[precision][0]["p"][0],
             "trail": spread[precision][question.carrier][..., question.unit]}]


IN_WORDS = Proof[PinnedQuestion, tuple[Traces, dict[str, Arrays]]](
    name="in words", remote=_remote, reference=lambda question, precision: [question.numbers(precision)],
    torch=_torch, steps=lambda question: question.passes.steps,
    weights=lambda question, number: largest_weight(question.passes.run.weights(question.passes.steps[number])),
    compares="what the unit depends on at every time, and every answer without it")


def say_in_words(passes: Passes, name: str, t: int, unit: int, given: TaskInput, key: str) -> None:
    """Draw the sentence and its badge; nothing where there is no such number, or its unit cannot be taken away."""
    trace = passes.reference()[0]
    if name not in trace or not (0 <= t < trace["p"].shape[1] and 0 <= unit < trace["h.0"].shape[-1]):
        return
    symbol, asked = notation.symbol(name), PinnedQuestion(passes, name, t, unit)
    if symbol.axes != ("batch", "time", "hidden") or trace[name].shape[-1] != trace["h.0"].shape[-1]:
        return
    numbers = pinned(asked)
    scored = np.array([target != UNSCORED for target in given.letters_target])
    means = Meaning(symbol, float(trace[name][0, t, unit]), t, unit, without(trace["p"][0], numbers["silent"], scored),
                    held(numbers["trail"], asked.replaced[0][0], t))
    st.markdown(f"**In words.** {literal(in_words(means, given.letters_in, given.letters_out))}")
    prove(IN_WORDS, asked, key=f"{key}words-badge", slot=st.container(key=f"{key}words-badge-slot", gap=None),
          run=passes.run)
