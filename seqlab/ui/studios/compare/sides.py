"""What is compared: a run for either side, its snapshot, temperature and changes, and what each of the two reads."""

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
    """One side, A or B (``letter``): the network, the snapshot that is shown at first, and what is changed in it."""

    letter: str
    run: Run
    first: int
    changes: Changes

    @property
    def steps(self) -> list[int]:
        """The snapshots that can be compared; of a run that trains the newest alone."""
        steps = self.run.snapshots()
        return steps[-1:] if goes_on(self.run) else steps

    def step(self) -> int:
        """The snapshot that is compared: the picture's slider chooses it, and it stands in the address."""
        steps = self.steps
        return steps[0] if len(steps) == 1 else int(choose(_chosen, "Snapshot at step", steps, f"{self.letter}-step",
                                                           self.first))

    def temperature(self) -> float:
        """The temperature at which its answers are shown, chosen alike."""
        return float(choose_number(_chosen, "Temperature", COLDEST, HOTTEST, 1.0, f"{self.letter}-t"))

    def rest(self, name: str, stop: float) -> None:
        """Take the snapshot or the temperature at which a hand rests, where it is one of this side's."""
        if name == f"{self.letter}-step" and stop in self.steps:
            st.session_state[name] = int(stop)
        elif name == f"{self.letter}-t" and COLDEST <= stop <= HOTTEST:
            st.session_state[name] = float(stop)


def _chosen(*_: object, key: str, **options: object) -> object:
    """Stand for a widget that the picture draws."""
    return st.session_state[key]


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
        run, fold = _line("a", runs, FIRST if FIRST in runs else None)
        a = Choice("a", run, run.snapshots()[-1], _changes(run, "a", fold))
    with right:
        run, fold = _line("b", runs, a.run.id)
        b = Choice("b", run, run.snapshots()[0 if run.id == a.run.id else -1], _changes(run, "b", fold))
        other = toggle(fold.toggle, "B reads something else", False, "other",
                       help="Else both read the same symbols, and are given the same condition, such as a delay.")
    return a, b, other


def _line(side: str, runs: dict[str, Run], first: str | None) -> tuple[Run, DeltaGenerator]:
    """Draw the list of networks, and beside it what opens the rest of a side's fields."""
    name = side.upper()
    titles = {run_id: f"{name} · {title(run)}" for run_id, run in runs.items()}
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small", key=f"compared-{side}"):
        run = runs[choose(st.selectbox, f"Network {name}", titles, side, first, label_visibility="collapsed")]
        says = "What is changed in A" if side == "a" else "What is changed in B, and what it reads"
        fold = st.popover(says, icon=":material/tune:", key=f"fold-{side}")
    if st.session_state.get(f"{side}-of", run.id) != run.id:
        st.session_state.pop(f"{side}-step", None)  # a step of another network
    st.session_state[f"{side}-of"] = run.id
    return run, fold


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
