"""Compare: two passes side by side, or several networks that are trained at once."""

import streamlit as st

from seqlab.ui.shell.choices import choose
from seqlab.ui.shell.page import Page, Section
from seqlab.ui.studios.compare.race import race
from seqlab.ui.studios.compare.two import two_networks

SECTIONS = {"two": "Two networks", "race": "A race"}
CAPTIONS = {"two": "Two networks, snapshots, inputs, temperatures or changes side by side: one cursor, one scale.",
            "race": "Several models learn to echo at once, from the same strings and the same seed."}


def _compare(page: Page) -> None:
    title, switch = st.columns([2, 1], vertical_alignment="center")
    title.title(page.title)
    section = choose(switch.segmented_control, "Section", SECTIONS, "show", required=True, label_visibility="collapsed",
                     width="stretch")
    with st.container(key="about-compare"):
        about, corner = st.columns([2, 1], vertical_alignment="center")
    about.caption(CAPTIONS[section])
    if section == "race":
        race(corner)
    else:
        two_networks()


PAGE = Page("compare", "Compare", ":material/compare_arrows:", Section.INSIDE, 5, _compare, caption=CAPTIONS["two"],
            sections={name: CAPTIONS[name] for name in SECTIONS})
