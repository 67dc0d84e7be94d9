"""How far back it sees: the loss of a network that may look at the last 1, 2, 4 … characters and nothing before."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from seqlab.agreement import Agreement
from seqlab.errors import Fault
from seqlab.figures.reading import ContextCurve, context_curves
from seqlab.training.run import Run
from seqlab.ui.proof.comparison import proved
from seqlab.ui.proof.waiting import awaited
from seqlab.ui.runs.opens import PREDICTS
from seqlab.ui.runs.picker import candidates, label
from seqlab.ui.shell.faults import show_fault_inline
from seqlab.ui.shell.services import engine
from seqlab.ui.studios.cells.two_readings import worse
from seqlab.ui.studios.reading.texts import Snapshot, absent, held_out, plain
from seqlab.ui.widgets.plot import plot

LENGTHS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 256, 512)
PLACES, PORTION = 512, 32  # characters that are foretold, and how many of them at a time
FEWEST = 100
BEYOND = 4  # a transformer is asked for so many of its windows at most; further out it is far from its training
ALONE = "No other network"


@dataclass(frozen=True)
class Places:
    """Characters to foretell, each with as many before it as the longest context has; a row ends with its own."""

    rows: np.ndarray
    lengths: tuple[int, ...]

    @classmethod
    def of(cls, run: Run) -> "Places":
        """Choose them evenly among what was kept from learning; raises Fault where there is too little."""
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
        raise Fault("The part that was kept from this network's learning is too short for this picture.")

    @staticmethod
    def _limit(run: Run) -> int:
        network = run.config.network
        if not run.core.heads:
            return LENGTHS[-1]
        return network.context if network.positions == "learned" else BEYOND * run.sizes.longest


def context_section(run: Run) -> None:
    """Draw the choice of a second network and, in a fragment, the curves."""
    st.caption("The state starts at zero so many characters before the one to foretell. Where the curve is level, what "
               "lies further back makes no difference to this network: it has forgotten it, or never learned to use "
               "it. What it depends on is how long its windows were, and whether its state was carried on.")
    st.fragment(show_fault_inline(_context))(run)


def _context(run: Run) -> None:
    others = {label(other): other for other in candidates(PREDICTS).values()
              if other.id != run.id and other.snapshots()}
    chosen = st.selectbox("Beside it", [ALONE, *others], key="beside", bind="query-params",
                          help="Another network, to lay its curve over this one: carried or not, num_steps 8, 32, 128.")
    runs = [run, *([others[chosen]] if chosen in others else [])]
    badge = st.container(key="badge-slot-context", gap=None)
    picture = st.empty()
    found: list[ContextCurve] = []
    proofs: list[dict[str, Agreement]] = []
    for one in runs:
        if absent(one):
            st.caption(f":material/info: {absent(one)}")
            continue
        sight, proof = _seen(one, len(runs) > 1, picture)
        found.append(sight)
        proofs.append(proof)
    if not found:
        return
    with picture:
        plot(context_curves(found, _note(runs)), key="context")
    for sight in found:
        st.markdown(_answer(sight))
    with badge:
        proved(lambda: {dtype: worse(*(part[dtype] for part in proofs)) for dtype in proofs[0]}, key="proof-context",
               symbols=("logits",), compares="The curves come from NumPy in single precision. The badge compares the "
                                             f"logits of the first {PORTION} characters at every length of context.")


def _seen(run: Run, named: bool, slot: st.delta_generator.DeltaGenerator) -> tuple[ContextCurve, dict[str, Agreement]]:
    """Foretell the places portion by portion; what was found before is kept."""
    places, snapshot, config = Places.of(run), Snapshot.of(run), run.config.task_config
    parts: list[dict[str, Any]] = []
    for first in range(0, len(places.rows), PORTION):
        slot.progress(first / len(places.rows), f"{run.name}: foretelling {len(places.rows)} characters from "
                                                f"{len(places.lengths)} lengths of context …")
        try:
            parts.append(_portion(snapshot, places.lengths, first, places.rows[first:first + PORTION]))
        except TimeoutError:
            raise Fault("No worker has answered; the picture will be here when you open this page again.") from None
    loss = np.concatenate([part["surprise"] for part in parts], axis=1).mean(axis=1, dtype=np.float64)
    trained = getattr(config, "num_steps", run.sizes.longest)
    return ContextCurve(run.name if named else "loss", np.array(places.lengths), loss, trained,
                        bool(getattr(config, "carry", False)) if run.core.state else None), parts[0]["agreement"]


@st.cache_resource(max_entries=2000, show_spinner=False)
def _portion(snapshot: Snapshot, lengths: tuple[int, ...], first: int, _rows: np.ndarray) -> dict[str, Any]:
    found: dict[str, Any] = awaited(engine().ask("seqlab.lenses.reading:contexts", snapshot.path, snapshot.step, _rows,
                                                 lengths, first == 0))
    return found


def _note(runs: list[Run]) -> str:
    corpora = {getattr(one.config.task_config, "corpus", "") for one in runs}
    return "" if len(corpora) < 2 else "Each on its own held-out text, so compare the shapes, not the heights."


def _answer(sight: ContextCurve) -> str:
    """Say in words what the curve says."""
    enough, best = sight.enough(), sight.best
    name = "" if sight.name == "loss" else f"**{plain(sight.name)}**: "
    trained = (f"its state was carried on over windows of {sight.trained}" if sight.carried else
               f"trained on windows of {sight.trained}")
    if enough is None:
        said = "Even the longest context of this picture still gains 1 % or more of perplexity"
    else:
        said = (f"Beyond **{enough} character{'s' if enough > 1 else ''}** more context gains less than 1 % of "
                "perplexity")
    worse_by = float(np.exp(sight.loss[-1] - sight.loss.min()) - 1)
    tail = ""
    if worse_by > 0.01:
        tail = (f" It is best with {best} and {worse_by:.0%} worse with {sight.lengths[-1]}: it was never trained to "
                "read so far.")
    first, last = np.exp(sight.loss[0]), np.exp(sight.loss.min())
    return f"{name}{said} ({trained}). From {first:.1f} with one character down to {last:.2f}.{tail}".strip()
