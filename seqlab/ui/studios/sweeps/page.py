"""Sweeps: some settings over lists of values, every combination an ordinary run."""

import streamlit as st

from seqlab.ui.runs.frames import plain
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.page import Page, Section
from seqlab.ui.studios.sweeps.form import chapter_card, sweep_form
from seqlab.ui.studios.sweeps.sweeps import look_at, pick_sweep, undo, visible


def _sweeps() -> None:
    known, broken = visible()
    for one in broken:
        st.warning(literal(one.reason), icon=":material/broken_image:")
    if known:
        choose, make = st.columns([3, 1], vertical_alignment="bottom")
        with choose:
            sweep = pick_sweep(known)
        with make.popover("Make another", icon=":material/add:", width="stretch"):
            sweep_form()
            chapter_card()
        undo()
        look_at(sweep)
        return
    undo()
    st.info("There is no sweep yet. Train the ready-made grid with one click, or make one of your own below.")
    chapter_card()
    st.header("Or make your own")
    sweep_form()


PAGE = Page(
    "sweeps", "Sweeps", ":material/grid_on:", Section.NETWORKS, 2, plain(_sweeps),
    caption="Some settings, several values each: every combination is trained as a run of its own, and the best opens "
    "with a click.")
