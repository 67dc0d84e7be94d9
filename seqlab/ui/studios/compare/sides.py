"""What is compared: a run, a snapshot and a temperature for either side, and what each of the two reads."""

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from seqlab.errors import Fault
from seqlab.reference.change_text import read
from seqlab.reference.changed import Changes
from seqlab.training import task_input as inputs
from seqlab.training.run import Run
from seqlab.training.task_input import TaskInput
from seqlab.ui.runs.changes import sites
from seqlab.ui.runs.following import goes_on
from seqlab.ui.runs.picker import candidates, title
from seqlab.ui.runs.tasks import task_input
from seqlab.ui.shell.choices import choose, choose_number
from seqlab.ui.shell.foreign import literal

FIRST = {"a": "echo-variable-gru", "b": "echo-variable-lstm"}
COLDEST, HOTTEST = 0.1, 3.0


@dataclass(frozen=True)
class Choice:
    """One side: the network at a step, the temperature that its answers are shown at, and what is changed in it."""

    run: Run
    step: int
    temperature: float
    changes: Changes


def choices() -> tuple[Choice, Choice] | None:
    """Draw what chooses both sides, each half as wide as the page; None while there is no network with weights."""
    runs = {run_id: run for run_id, run in candidates().items() if run.snapshots()}
    if not runs:
        st.info("There is no trained network yet. Train one in a lab, or start the race.")
        return None
    left, right = st.columns(2, gap="medium")
    with left:
        a = _choice("a", runs)
    with right:
        b = _choice("b", runs)
    return a, b


def _choice(side: str, runs: dict[str, Run]) -> Choice:
    titles = {run_id: f"{side.upper()} · {title(run)}" for run_id, run in runs.items()}
    first = FIRST[side] if FIRST[side] in runs else None
    run = runs[choose(st.selectbox, f"Network {side.upper()}", titles, side, first, label_visibility="collapsed")]
    step, warmth, change = st.columns(3)
    with step:
        chosen = _snapshot(run, side)
    with warmth:
        temperature = choose_number(st.slider, "Temperature", COLDEST, HOTTEST, 1.0, f"{side}-t", step=0.1)
    with change:
        changes = _changes(run, side)
    return Choice(run, chosen, float(temperature), changes)


def _changes(run: Run, side: str) -> Changes:
    """Draw the field for what is changed while it reads; what is no change of this network is left out, and said."""
    text = st.text_input("Changed", key=f"{side}-change", bind="query-params",
                         placeholder="h.0[5]=0", help=(
                             "What is changed while it reads, as “Change it” under a word writes it: `h.0[5]=0` sets "
                             "unit 5 of h to 0, `z.0@3-6*0.5` halves z at t = 3 to 6; several with `;` between them."))
    try:
        changes, here = read(text or ""), sites(run)
        for one in changes:
            here.require_units(one)
    except Fault as fault:
        st.warning(literal(f"This was left out. {fault}"), icon=":material/error:")
        return ()
    return changes


def _snapshot(run: Run, side: str) -> int:
    """The step whose weights are compared; of a run that trains the newest."""
    steps = run.snapshots()
    if goes_on(run) or len(steps) < 2:
        st.text_input("Snapshot", f"step {steps[-1]:,}{', the newest' if goes_on(run) else ''}", disabled=True,
                      key=f"{side}-only-{run.id}-{steps[-1]}")
        return steps[-1]
    return int(choose(st.select_slider, "Snapshot at step", steps, f"{side}-step", steps[-1]))


def both_inputs(a: Run, b: Run, other: bool, right: DeltaGenerator) -> tuple[TaskInput, TaskInput]:
    """Draw what A reads; B reads the same unless it is given an ``other`` input, or does not know these symbols.

    ``right`` is where B's own input stands.
    """
    first = task_input(a, "a-")
    if not other and not first.letters_in:
        return first, first
    problem = ""
    if not other:
        try:
            return first, same_input(a, first, b)
        except Fault as fault:
            problem = str(fault)
    with right:
        second = task_input(b, "b-")
    if problem:
        st.caption(f":material/info: {literal(f'B cannot read what A reads, so it has its own input. {problem}')}")
    return first, second


def same_input(a: Run, given: TaskInput, b: Run) -> TaskInput:
    """Read A's symbols as B does; where both repeat after a delay, after the same one. Raises Fault."""
    symbols = [a.symbols[place] for place in given.ids[0].tolist()]
    condition = given.condition if given.condition is not None else given.delay
    return inputs.read(b, symbols, condition if b.sizes.conditions else None)
