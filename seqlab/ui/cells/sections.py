"""Which sections the Cells page has, and which one the address asks for."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from seqlab.ui.cells.conventions import conventions_section
from seqlab.ui.cells.five_lines import five_lines_section
from seqlab.ui.cells.growth import growth_section
from seqlab.ui.cells.special import special_section
from seqlab.ui.gradients import gradients_section

SECTIONS: dict[str, Callable[[], None]] = {
    "Five lines": five_lines_section,
    "Special GRUs": special_section,
    "Two conventions": conventions_section,
    "Error growth": growth_section,
    "Gradients": gradients_section,
}


def chosen_section() -> None:
    """Draw the switch between the sections and the one that is chosen; an unknown one in the address is told."""
    st.html(Path(__file__).with_name("cells.css"))
    wanted, names = st.query_params.get("show"), list(SECTIONS)
    name = st.segmented_control("Section", names, default=names[0], required=True, key="show", bind="query-params",
                                label_visibility="collapsed", width="stretch")
    if wanted is not None and wanted not in SECTIONS:
        st.warning(f"This page has no section {wanted!r:.40}; there are {', '.join(names)}.",
                   icon=":material/link_off:")
    SECTIONS[name if name in SECTIONS else names[0]]()
