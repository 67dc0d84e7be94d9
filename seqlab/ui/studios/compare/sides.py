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
from seqlab.ui.shell.choices import choose, choose_number, toggle
from seqlab.ui.shell.foreign import literal

FIRST = "echo-small-gru"
COLDEST, HOTTEST = 0.1, 3.0


@dataclass(frozen=True)
class Choice:
    """One side: the network at a step, the temperature that its answers are shown at, and what is changed in it."""

    run: Run
    step: int
    temperature: float
    changes: Changes


def choices() -> tuple[Choice, Choice, bool] | None:
    """Draw what chooses both sides, a line for each; None while there is no network with weights.

    At first B is A before it was trained. The last value says whether B reads something else than A.
    """
    runs = {run_id: run for run_id, run in candidates().items() if run.snapshots()}
    if not runs:
        st.info("There is no trained network yet. Train one in a lab, or start the race.")
        return None
    left, right = st.columns(2, gap="medium")
    with left:
        run, fold, said = _line("a", runs, FIRST if FIRST in runs else None)
        a = _choice("a", run, fold, said, run.snapshots()[-1])
    with right:
        run, fold, said = _line("b", runs, a.run.id)
        b = _choice("b", run, fold, said, run.snapshots()[0 if run.id == a.run.id else -1])
        other = toggle(fold.toggle, "B reads something else", False, "other",
                       help="Else both read the same symbols, and are given the same condition, such as a delay.")
    return a, b, other


def _line(side: str, runs: dict[str, Run], first: str | None) -> tuple[Run, DeltaGenerator, DeltaGenerator]:
    """Draw the list of networks; beside it stand what else is chosen, and what opens it."""
    name = side.upper()
    titles = {run_id: f"{name} · {title(run)}" for run_id, run in runs.items()}
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small", key=f"compared-{side}"):
        run = runs[choose(st.selectbox, f"Network {name}", titles, side, first, label_visibility="collapsed")]
        said = st.container(width="content", key=f"said-{side}")
        fold = st.popover(f"Snapshot, temperature and change of {name}", icon=":material/tune:", key=f"fold-{side}")
    if st.session_state.get(f"{side}-of", run.id) != run.id:
        st.session_state.pop(f"{side}-step", None)  # a step of another network
    st.session_state[f"{side}-of"] = run.id
    return run, fold, said


def _choice(side: str, run: Run, fold: DeltaGenerator, said: DeltaGenerator, first: int) -> Choice:
    step = _snapshot(run, side, fold, first)
    temperature = float(choose_number(fold.slider, "Temperature", COLDEST, HOTTEST, 1.0, f"{side}-t", step=0.1))
    changes = _changes(run, side, fold)
    said.caption(f"step {step:,} · T = {temperature:g}" + (" · changed" if changes else ""), width="content")
    return Choice(run, step, temperature, changes)


def _changes(run: Run, side: str, fold: DeltaGenerator) -> Changes:
    """Draw the field for what is changed while it reads; what is no change of this network is left out, and said."""
    text = fold.text_input("Changed", key=f"{side}-change", bind="query-params", placeholder="h.0[5]=0", help=(
        "What is changed while it reads, as “Change it” under a word writes it: `h.0[5]=0` sets unit 5 of h to 0, "
        "`z.0@3-6*0.5` halves z at t = 3 to 6; several with `;` between them."))
    try:
        changes, here = read(text or ""), sites(run)
        for one in changes:
            here.require_units(one)
    except Fault as fault:
        st.warning(literal(f"This was left out. {fault}"), icon=":material/error:")
        return ()
    return changes


def _snapshot(run: Run, side: str, fold: DeltaGenerator, first: int) -> int:
    """The step whose weights are compared; of a run that trains the newest."""
    steps = run.snapshots()
    if goes_on(run) or len(steps) < 2:
        fold.text_input("Snapshot", f"step {steps[-1]:,}{', the newest' if goes_on(run) else ''}", disabled=True,
                        key=f"{side}-only-{run.id}-{steps[-1]}")
        return steps[-1]
    return int(choose(fold.select_slider, "Snapshot at step", steps, f"{side}-step", first))


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
