"""How far back it sees: the loss of a network that may look at the last 1, 2, 4 … characters and nothing before."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from seqlab.errors import Fault
from seqlab.figures.reading import ContextCurve, context_curves
from seqlab.numerals import counted, perplexity
from seqlab.training.answers import ContextScores
from seqlab.training.run import Run
from seqlab.ui.proof import client
from seqlab.ui.proof.drawing import prove
from seqlab.ui.proof.proof import Proof
from seqlab.ui.proof.snapshot import Snapshot
from seqlab.ui.proof.store import ANSWERS
from seqlab.ui.proof.waiting import Ready, wait_for
from seqlab.ui.runs.opens import PREDICTS
from seqlab.ui.runs.picker import candidates, label
from seqlab.ui.shell.choices import choose
from seqlab.ui.shell.faults import NoAnswer, show_fault_inline
from seqlab.ui.shell.foreign import literal
from seqlab.ui.studios.reading.texts import absent, held_out
from seqlab.ui.widgets.plot import still

LENGTHS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 256, 512)
PLACES, PORTION = 512, 32  # characters that are predicted, and how many of them at a time
FEWEST = 100
BEYOND = 4  # a transformer is asked for so many of its windows at most; further out it is far from its training
ALONE = "No other network"


@dataclass(frozen=True)
class ContextPlaces:
    """Characters to predict, each with as many before it as the longest context has; a row ends with its own."""

    rows: np.ndarray
    lengths: tuple[int, ...]

    @classmethod
    def of(cls, run: Run) -> "ContextPlaces":
        """Choose them evenly in the held-out part; raises Fault where there is too little."""
        alphabet = run.config.task_config.alphabet
        ends = () if alphabet.end is None else (alphabet.end,)
        start = () if alphabet.begin is None else (alphabet.begin,)
        texts = held_out(run)
        parts = [alphabet.without_unknown(text) for text in texts] if start else ["".join(texts)]
        sequences = [np.array([*start, *alphabet.encode(text).tolist(), *ends]) for text in parts]
        limit = cls._limit(run)
        for lengths in (LENGTHS[:count] for count in range(len(LENGTHS), 2, -1)):
            reach = lengths[-1]
            if reach > limit:
                continue
            places = [(sequence, place) for sequence in sequences for place in range(reach, len(sequence))]
            if len(places) >= FEWEST:
                chosen = np.linspace(0, len(places) - 1, min(PLACES, len(places))).astype(int)
                return cls(np.stack([places[k][0][places[k][1] - reach:places[k][1] + 1] for k in chosen]), lengths)
        raise Fault("The held-out part of this network's text is too short for this picture.")

    def portions(self, snapshot: Snapshot) -> "list[ContextPortion]":
        """Part them into what a worker predicts at a time."""
        return [ContextPortion(snapshot, self.lengths, first, self.rows[first:first + PORTION])
                for first in range(0, len(self.rows), PORTION)]

    @staticmethod
    def _limit(run: Run) -> int:
        if not run.core.heads:
            return LENGTHS[-1]
        return run.config.network.reach or BEYOND * run.sizes.longest


@dataclass(frozen=True)
class ContextPortion:
    """Some of the characters, by their number, with a network's weights and the lengths of context."""

    snapshot: Snapshot
    lengths: tuple[int, ...]
    first: int
    rows: np.ndarray = field(compare=False, repr=False)


@ANSWERS.cached
def _predicted(portion: ContextPortion) -> ContextScores:
    """Have a worker predict a portion, and prove the first one. Raises Fault, TimeoutError."""
    snapshot = portion.snapshot
    return wait_for(client.context_portion(snapshot.path, snapshot.step, portion.rows, portion.lengths,
                                           portion.first == 0))


CONTEXTS = Proof[ContextPortion, ContextScores](
    name="contexts", symbols=("logits",), remote=lambda portion: Ready(_predicted(portion)),
    reported=lambda answer: answer["agreement"] or {},
    compares="The curves come from NumPy in single precision. The badge compares the logits of the first "
             f"{PORTION} characters at every length of context.")


def context_section(run: Run) -> None:
    """Draw the choice of a second network and, in a fragment, the curves."""
    st.caption("The state starts at zero so many characters before the one to predict. Where the curve is level, what "
               "lies further back makes no difference to this network: it has forgotten it, or never learned to use "
               "it. What it depends on is how long its windows were, and whether its state was carried on.")
    st.fragment(show_fault_inline(_context))(run)


def _context(run: Run) -> None:
    others = {other.id: other for other in candidates(PREDICTS).values() if other.id != run.id and other.snapshots()}
    titles = {ALONE: ALONE, **{id: label(other) for id, other in others.items()}}
    chosen = choose(st.selectbox, "Beside it", titles, "beside",
                    help="Another network, to lay its curve over this one: carried or not, num_steps 8, 32, 128.")
    runs = [run, *([others[chosen]] if chosen in others else [])]
    badge = st.container(key="badge-slot-context", gap=None)
    picture = st.empty()
    curves: list[ContextCurve] = []
    proved: list[ContextPortion] = []
    for one in runs:
        if absent(one):
            st.caption(f":material/info: {literal(absent(one))}")
            continue
        portions = ContextPlaces.of(one).portions(Snapshot.of(one))
        curves.append(_measured(portions, len(runs) > 1, picture))
        proved.append(portions[0])
    if not proved:
        return
    with picture:
        still(context_curves(curves, _note(runs)), key="context")
    for curve in curves:
        st.markdown(_answer(curve))
    prove(CONTEXTS, *proved, key="proof-context", slot=badge)


def _measured(portions: Sequence[ContextPortion], named: bool, slot: DeltaGenerator) -> ContextCurve:
    """Predict the characters portion by portion; what was measured before is there at once. Raises Fault."""
    run, lengths = portions[0].snapshot.run, portions[0].lengths
    parts: list[np.ndarray] = []
    for number, portion in enumerate(portions):
        count = sum(len(part.rows) for part in portions)
        slot.progress(number / len(portions), f"{literal(run.name)}: predicting {count} characters from "
                                              f"{len(lengths)} lengths of context …")
        try:
            parts.append(_predicted(portion)["surprise"])
        except TimeoutError:
            raise NoAnswer from None
    loss = np.concatenate(parts, axis=1).mean(axis=1, dtype=np.float64)
    config = run.config.task_config
    trained = getattr(config, "num_steps", run.sizes.longest)
    return ContextCurve(run.name if named else "loss", np.array(lengths), loss, trained,
                 bool(getattr(config, "carry", False)) if run.core.state else None)


def _note(runs: list[Run]) -> str:
    corpora = {getattr(one.config.task_config, "corpus", "") for one in runs}
    return "" if len(corpora) < 2 else "Each on its own held-out text, so compare the shapes, not the heights."


def _answer(sight: ContextCurve) -> str:
    """Say in words what the curve says."""
    enough, best = sight.enough(), sight.best
    name = "" if sight.name == "loss" else f"**{literal(sight.name)}**: "
    trained = (f"its state was carried on over windows of {sight.trained}" if sight.carried else
               f"trained on windows of {sight.trained}")
    if enough is None:
        gain = "Even the longest context of this picture still gains 1 % or more of perplexity"
    else:
        gain = (f"Beyond **{counted(enough, 'character')}** more context gains less than 1 % of "
                "perplexity")
    worse_by = float(np.exp(sight.loss[-1] - sight.loss.min()) - 1)
    tail = ""
    if worse_by > 0.01:
        tail = (f" It is best with {best} and {worse_by:.0%} worse with {sight.lengths[-1]}: it was never trained to "
                "read so far.")
    first, last = perplexity(float(sight.loss[0]), 1), perplexity(float(sight.loss.min()))
    return f"{name}{gain} ({trained}). From {first} with one character down to {last}.{tail}".strip()
