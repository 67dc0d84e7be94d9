"""Runs: every network, shipped, live and finished."""

import streamlit as st

from seqlab.ui.runs.disk import announced, disk
from seqlab.ui.runs.open_checkpoint import open_checkpoint
from seqlab.ui.runs.table import all_runs, upload
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.navigation import link
from seqlab.ui.shell.page import Page, Section
from seqlab.ui.shell.services import library
from seqlab.ui.shell.theme import is_dark


def _runs(page: Page) -> None:
    title, tools = st.columns([4, 3], vertical_alignment="bottom")
    with title:
        st.title(page.title)
        st.caption(page.caption)
    with tools.container(horizontal=True, horizontal_alignment="right"):
        open_checkpoint()
        upload()
        disk()
    announced()
    for broken in library().broken():
        st.warning(literal(broken.reason), icon=":material/broken_image:")
    if library().runs():
        all_runs(dark=is_dark())
    else:
        st.info(page.empty)
        link("echo", "Train one in the Echo lab")


PAGE = Page(
    "runs", "Runs", ":material/folder_open:", Section.NETWORKS, 1, _runs,
    caption="Every network here. Tick one to open, rename, download or delete it; tick several to compare.",
    empty="There are no runs yet. Train one in the Echo lab, upload the zip of one, or open a checkpoint of your own.")
