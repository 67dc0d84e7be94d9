"""Change it: set a unit, hold a gate open, take a state from another input, and see the answer before and after."""

import time
from collections.abc import Sequence

import numpy as np
import streamlit as st

from seqlab import notation
from seqlab.figures.comparison import Side, comparison, numbered
from seqlab.figures.comparison_dial import ComparisonDial
from seqlab.figures.film import film_id
from seqlab.figures.order import strongest
from seqlab.reference.changed import Changes
from seqlab.training.question import Question
from seqlab.training.run import Run
from seqlab.training.task_input import TaskInput
from seqlab.ui.lenses.change_form import MOVED, Form
from seqlab.ui.lenses.change_values import value_dial
from seqlab.ui.lenses.view import LensView
from seqlab.ui.proof.drawing import prove
from seqlab.ui.runs.changes import sites, title
from seqlab.ui.studios.compare.passes import PAIRS, Pair, Passes
from seqlab.ui.widgets.compare import compare

UNCHANGED = "Nothing is changed yet. Choose what, and move the value: the answers follow."
LEAVE = 0.12  # seconds for a picture to leave the server and be drawn: what a rerun sends would come between


def change_view(question: Question, given: TaskInput, key: str) -> None:
    """Draw the fields, and below them the pass before and after with their difference, which a slider moves."""
    run, form = question.run, Form(question, sites(question.run), key)
    form.adopt()
    slot = st.container(key="badge-slot-change", gap=None)
    fields, pair = st.container(gap="small", key=f"{key}fields"), Pair.of(question.whole, question, (1.0, 1.0))
    try:  # the fields show already what was changed: its picture goes first
        id = _picture(pair, given, form, key)
    finally:
        with fields:
            form.draw()
    _follow()
    prove(PAIRS, pair, key="badge-change", slot=slot, symbols=run.core.views, run=run, channel="compare", film=id)


def _picture(pair: Pair, given: TaskInput, form: Form, key: str) -> str:
    """Draw the pass before and after with their difference, under the slider that moves it. Raises Fault."""
    passes = pair.reference("float32")
    buttons, shown = st.columns([7, 3], vertical_alignment="bottom")
    with buttons:
        form.buttons()
    with shown:
        quantity = _shown(pair.b.run, pair.b.changes, key)
    draft = form.draft
    dials = [] if draft is None else [value_dial(pair.b, *draft, form.ends, made=form.drafted, quantity=quantity,
                                                 whole=passes.log_answers[0])]
    picture = _drawn(pair, given, passes, quantity, dials)
    compare(picture, key=f"{key}picture", on_rest=lambda name, value: form.rest(value))
    return film_id(picture)


def _follow() -> None:
    """Have the whole page show a change that was made just now, once its own picture is on its way."""
    if st.session_state.pop(MOVED, False):
        time.sleep(LEAVE)
        st.rerun()


def _shown(run: Run, made: Changes, key: str) -> str:
    """Draw the list of quantities of which before, after and the difference are shown."""
    layers = run.config.network.layers
    names = [f"{view}.{layer}" for view in run.core.views for layer in reversed(range(layers))]
    usual = f"{run.core.views[0]}.{made[-1].quantity.partition('.')[2]}" if made else ""
    chosen: str = st.selectbox("What else moved", names, names.index(usual) if usual in names else 0,
                               format_func=title, key=f"{key}shown",
                               help="The change was made in one quantity; the map shows another one with it, minus "
                               "the same without.")
    return chosen


def _drawn(pair: Pair, given: TaskInput, passes: Passes, quantity: str, dials: Sequence[ComparisonDial]) -> bytes:
    run = pair.b.run
    before, after = (Side(name, run.core, trace, np.exp(log), given.letters_in, given.letters_target,
                          given.letters_out)
                     for name, trace, log in zip(("before", "after the change"), (passes.a, passes.b),
                                                 passes.log_answers, strict=True))
    values = before.values(quantity)
    rows = numbered(values.shape[1], values.shape[1])
    order = strongest(before.trace[f"h.{notation.layer(quantity) or 0}"][0])
    ordered = [rows[unit] for unit in order] if len(order) == len(rows) else rows
    return comparison(before, after, quantity, ordered, difference=True, kl=passes.kl, dials=dials,
                      says="" if pair.b.changes else UNCHANGED)


LENS = LensView("change", "Change it", "Set, hold open, switch off or swap anything inside, and see what follows.", 20,
                lambda run: bool(run.core.views), change_view)
