"""Compare: two passes side by side, or several networks that are trained at once."""

import streamlit as st

from seqlab.ui.shell.page import Page, Section
from seqlab.ui.studios.compare.two import two_networks


def _compare(page: Page) -> None:
    st.title(page.title)
    about, corner = st.columns([3, 1], vertical_alignment="center")
    about.caption(page.caption)
    two_networks(corner)


PAGE = Page(
    "compare", "Compare", ":material/compare_arrows:", Section.INSIDE, 5, _compare,
    caption="Two networks, snapshots, inputs or temperatures side by side: one cursor, one scale, one difference.")
