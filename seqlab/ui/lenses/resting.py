"""Where a state rests while one symbol is held: asked of a worker, said in a sentence, and its badge."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import streamlit as st

from seqlab.numerals import counted
from seqlab.reference.fixed_points import Rest
from seqlab.training.answers import Rests
from seqlab.ui.proof import client
from seqlab.ui.proof.drawing import prove
from seqlab.ui.proof.proof import Proof
from seqlab.ui.proof.snapshot import Snapshot
from seqlab.ui.proof.store import ANSWERS
from seqlab.ui.proof.waiting import Ready, wait_for
from seqlab.ui.shell.faults import NoAnswer
from seqlab.ui.shell.foreign import literal


@dataclass(frozen=True)
class RestQuestion:
    """Which snapshot, the symbol that is held, what is given beside it; ``ids`` are inputs whose states are starts."""

    snapshot: Snapshot
    symbol: int
    condition: int | None
    ids: np.ndarray = field(compare=False, repr=False)


@ANSWERS.cached
def searched(question: RestQuestion) -> Rests:
    """Have a worker search, once for all sessions. Raises Fault, TimeoutError."""
    snapshot = question.snapshot
    return wait_for(client.resting_states(snapshot.path, snapshot.step, question.symbol, question.condition,
                                          question.ids))


RESTS = Proof[RestQuestion, Rests](
    name="rests", symbols=("h",), remote=lambda question: Ready(searched(question)),
    reported=lambda answer: answer["agreement"],
    compares="One step from every resting point (or, where there is none, from two states of the search), and its "
             "Jacobian, of which the eigenvalues are taken: the reference's own way back and torch's autograd.")


def resting(snapshot: Snapshot, symbol: int, condition: int | None, ids: np.ndarray,
            key: str) -> tuple[list[Rest], Callable[[], object]]:
    """Search for resting points and say what they are; gives them, and what draws the badge. Raises Fault, NoAnswer."""
    question = RestQuestion(snapshot, symbol, condition, ids)
    try:
        with st.spinner("Searching for states that do not move …"):
            answer = searched(question)
    except TimeoutError:
        raise NoAnswer from None
    slot = st.container(key=f"{key}rests-slot", gap=None)
    st.markdown(in_words(answer["points"], snapshot.run.symbols[symbol]))
    return answer["points"], lambda: prove(RESTS, question, key=f"{key}rests-badge", slot=slot, run=snapshot.run)


def in_words(points: list[Rest], symbol: str) -> str:
    """Say in one or two sentences what resting points there are."""
    held = f"While it reads {literal(symbol)} for ever, "
    if not points:
        return held + "its state comes to rest nowhere and is not even slow: it goes on changing, as a counter does."
    fixed, slow = [point for point in points if point.fixed], [point for point in points if not point.fixed]
    kinds = {"attracts": "attracting", "saddle": "saddle", "repels": "repelling"}
    parts = [counted(count, f"{name} fixed point") for kind, name in kinds.items()
             if (count := sum(point.kind == kind for point in fixed))]
    parts += [counted(len(slow), "slow point")] if slow else []
    last = [point for point in fixed if point.kind == "attracts"]
    tail = ""
    if last:
        longest = max(point.lasts for point in last)
        tail = (" What it held before is never quite forgotten there." if np.isinf(longest) else
                f" There what it held before fades by 1/e every **{longest:.3g}** steps at the slowest.")
    return f"{held}its state has {' and '.join(parts)}.{tail}"
