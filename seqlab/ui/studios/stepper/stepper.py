"""The stepper: every line of one time step, first in letters, then with this step's numbers."""

from pathlib import Path
from typing import Any

import streamlit as st

from seqlab.errors import Fault
from seqlab.figures.stepper_tables import strip
from seqlab.figures.theme import palette
from seqlab.reference.formulas.lines import stops
from seqlab.reference.formulas.spot import Pass
from seqlab.training.run import Run
from seqlab.training.task_input import TaskInput
from seqlab.ui.proof.drawing import prove
from seqlab.ui.proof.passes import PASSES, Passes
from seqlab.ui.proof.store import PICTURES
from seqlab.ui.runs.following import goes_on, new_weights, weights_to_show
from seqlab.ui.runs.tasks import task_input
from seqlab.ui.shell.choices import choose
from seqlab.ui.shell.faults import show_fault_inline
from seqlab.ui.shell.pacing import paced
from seqlab.ui.shell.style import style
from seqlab.ui.shell.theme import is_dark
from seqlab.ui.studios.stepper.line import open_line, snippet_of, where_we_are
from seqlab.ui.studios.stepper.position import (
    StepperPosition,
    axis,
    choices,
    choose_line,
    choose_spot,
    move,
    other_unit,
)
from seqlab.ui.widgets.moving_slider import moving_choice

# Label, icon, key on the keyboard and how it is written, and how far it goes: lines, times, units.
KEYS = (
    ("Back", ":material/arrow_back:", "Left", "←", (-1, 0, 0)),
    ("Next line", ":material/arrow_forward:", "Right", "→", (1, 0, 0)),
    ("t − 1", None, "Shift+Left", "Shift + ←", (0, -1, 0)), ("t + 1", None, "Shift+Right", "Shift + →", (0, 1, 0)),
    ("unit − 1", None, "Shift+Up", "Shift + ↑", (0, 0, -1)), ("unit + 1", None, "Shift+Down", "Shift + ↓", (0, 0, 1)),
)


def stepper(run: Run) -> None:
    """Draw the input, the step and its badge; fragments, so that a key press draws the step alone."""
    style(Path(__file__).with_name("stepper.css"), f":root {{ --stepper-page: {palette(is_dark()).background}; }}")
    st.fragment(show_fault_inline(_input))(run)


def _input(run: Run) -> None:
    active, word, choice = goes_on(run), *st.columns([3, 2], vertical_alignment="bottom")
    with word:
        given = task_input(run)
    snapshots = _snapshots(run)
    with choice:
        step = None if active or not snapshots else _snapshot(snapshots)
    # A live run's numbers follow its newest snapshot by a timer of their own, which leaves the input alone.
    st.fragment(paced(show_fault_inline(_pass), new_weights(run)), run_every=0.5 if active else None)(run, given, step)


def _pass(run: Run, given: TaskInput, chosen: int | None) -> None:
    kept = _snapshots(run)
    if not kept:
        st.info("The first numbers appear as soon as training starts." if goes_on(run) else
                "This run kept no weights, so there is nothing to step through.")
        return
    if chosen is None and not goes_on(run):
        st.rerun()  # to the choice of its snapshots, and without the timer
    if not given.letters_in:
        st.info("Type a word, and its letters are stepped through here.")
        return
    step = kept[-1] if chosen is None else chosen
    slot = st.container(key="badge-slot-stepper", gap=None)
    passes = Passes.of(run, [step], given.ids[0], given.condition)
    forward = _worked_out(passes)
    st.fragment(show_fault_inline(_step))(run, forward, given, step)
    prove(PASSES, passes, key="badge-stepper", slot=slot, symbols=run.core.symbols, run=run)


def _snapshots(run: Run) -> list[int]:
    if not run.path.exists():
        raise Fault(f"Run {run.id} was deleted while it was shown; choose another network.")
    return weights_to_show(run)


def _snapshot(kept: list[int]) -> int:
    if len(kept) == 1:
        return kept[0]
    return choose(moving_choice, "Weights after so many training steps", kept, "snapshot", kept[-1],
                  help="The newest are on the right; 0 is before training.")


@PICTURES.cached
def _worked_out(passes: Passes) -> Pass:
    """Run the pass in double precision: what is put into the formulas must add up to the last digit shown."""
    weights = passes.run.weights(passes.steps[0], "float64")
    return Pass(passes.compute("float64")[0], weights, passes.ids, passes.condition)


def _step(run: Run, forward: Pass, given: TaskInput, step: int) -> None:
    _snapshots(run)
    core, dark = run.core, is_dark()
    every = stops(core, forward.weights, forward.trace.layers, run.config.network.pooling)
    letters, widgets = st.columns([3, 4], vertical_alignment="bottom", gap="medium")
    keys = st.container(horizontal=True, key="stepper-keys")
    with keys:
        line = choose_line(every)
    with widgets:
        place = choose_spot(line, every, forward, given)
    outputs = [given.letters_out[symbol] for symbol in forward.trace["p"][0].argmax(-1)]
    letters.html(strip(given.letters_in, outputs, given.letters_target, place.spot.time, dark=dark))
    with keys.container(horizontal=True, width="content", key="stepper-buttons"):
        _keys(place, forward, given)
    left, right = st.columns([5, 3], gap="medium")
    with left.container(key="stepper-line", border=True):
        open_line(place, forward, given, dark)
    with right.container(key="stepper-here"):
        where_we_are(place, core, forward, given, dark)
    snippet_of(place, run, forward, step)


def _keys(place: StepperPosition, forward: Pass, given: TaskInput) -> None:
    key, all_units = axis(place.line), choices(place.line, forward, given)
    for label, icon, shortcut, written, (lines, times, units) in KEYS:
        target = place.moved(lines, times)
        options: dict[str, Any] = {"on_click": other_unit, "args": (key, units, all_units)} if units else \
            {"on_click": move, "args": (target,), "disabled": target is None}
        st.button(label, icon=icon, shortcut=shortcut, key=f"key-{shortcut}", help=f"On the keyboard: {written}",
                  type="primary" if shortcut == "Right" else "secondary", **options)
