"""Change it: set a unit, hold a gate open, take a state from another input, and see the answer before and after."""

import time

import numpy as np
import streamlit as st

from seqlab import notation
from seqlab.figures.comparison import Side, comparison, numbered
from seqlab.figures.order import strongest
from seqlab.reference.changed import Changes
from seqlab.training.question import Question
from seqlab.training.run import Run
from seqlab.training.task_input import TaskInput
from seqlab.ui.lenses.change_form import MOVED, Form
from seqlab.ui.lenses.view import LensView
from seqlab.ui.proof.drawing import prove
from seqlab.ui.runs.changes import sites, title
from seqlab.ui.shell.foreign import literal
from seqlab.ui.studios.compare.passes import PAIRS, Pair, Passes
from seqlab.ui.widgets.compare import compare

MOST_NAMED = 6  # answers that are named one by one
LEAVE = 0.12  # seconds for a picture to leave the server and be drawn: what a rerun sends would come between


def change_view(question: Question, given: TaskInput, key: str) -> None:
    """Draw the fields, and below them the pass before and after with their difference."""
    run, made = question.run, question.changes
    slot = st.container(key="badge-slot-change", gap=None)
    fields, pair = st.container(gap="small", key=f"{key}fields"), Pair.of(question.whole, question, (1.0, 1.0))
    try:  # the fields show already what was changed: its picture goes first
        if made:
            _effect(pair, given, key)
    finally:
        with fields:
            Form(question, sites(run), key).draw()
    if not made:
        st.caption("Nothing is changed yet. Choose what, and move the value: the answer before and after stands here, "
                   "and all pictures above show the network with the change.")
    _follow()
    if made:
        prove(PAIRS, pair, key="badge-change", slot=slot, symbols=run.core.views, run=run)


def _effect(pair: Pair, given: TaskInput, key: str) -> None:
    """Draw which answers change, and the pass before and after with their difference. Raises Fault."""
    passes = pair.reference("float32")
    says, shown = st.columns([7, 3], vertical_alignment="center")
    says.markdown(_says(given, passes), help="KL is how far the answer has moved: KL(before ‖ after) in nats, 0 where "
                                             "it has not.")
    with shown:
        quantity = _shown(pair.b.run, pair.b.changes, key)
    compare(_drawn(pair.b.run, given, passes, quantity), key=f"{key}picture")


def _follow() -> None:
    """Have the whole page show a change that was made just now, once its own picture is on its way."""
    if st.session_state.pop(MOVED, False):
        time.sleep(LEAVE)
        st.rerun()


def _shown(run: Run, made: Changes, key: str) -> str:
    """Draw the list of quantities of which before, after and the difference are shown."""
    layers = run.config.network.layers
    names = [f"{view}.{layer}" for view in run.core.views for layer in reversed(range(layers))]
    usual = f"{run.core.views[0]}.{made[-1].quantity.partition('.')[2]}"
    chosen: str = st.selectbox("What else moved", names, names.index(usual) if usual in names else 0,
                               format_func=title, key=f"{key}shown")
    return chosen


def _drawn(run: Run, given: TaskInput, passes: Passes, quantity: str) -> bytes:
    before, after = (Side(name, run.core, trace, np.exp(log), given.letters_in, given.letters_target,
                          given.letters_out)
                     for name, trace, log in zip(("before", "after the change"), (passes.a, passes.b),
                                                 passes.log_answers, strict=True))
    values = before.values(quantity)
    rows = numbered(values.shape[1], values.shape[1])
    order = strongest(before.trace[f"h.{notation.layer(quantity) or 0}"][0])
    ordered = [rows[unit] for unit in order] if len(order) == len(rows) else rows
    return comparison(before, after, quantity, ordered, difference=True, kl=passes.kl)


def _says(given: TaskInput, passes: Passes) -> str:
    """Say in a sentence which answers have changed, and where the change is largest."""
    before, after = (log.argmax(-1) for log in passes.log_answers)
    moved = np.flatnonzero(before != after)
    kl = passes.kl if passes.kl is not None else np.zeros(len(before))
    most = int(kl.argmax())
    largest = f"KL is largest at t = {most}: {kl[most]:.3g} nats."
    if not len(moved):
        return f"**No answer changes.** {largest}"
    names = given.letters_out
    each = ", ".join(f"{literal(names[before[t]])} → {literal(names[after[t]])} at t = {t}" for t in moved[:MOST_NAMED])
    rest = f", and {len(moved) - MOST_NAMED} more" if len(moved) > MOST_NAMED else ""
    return f"**{len(moved)} of {len(before)} answers change:** {each}{rest}. {largest}"


LENS = LensView("change", "Change it", "Set, hold open, switch off or swap anything inside, and see what follows.", 20,
                lambda run: bool(run.core.views), change_view)
