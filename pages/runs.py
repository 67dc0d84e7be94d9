"""All runs: shipped, live and finished."""

import streamlit as st

from seqlab.ui.runs.table import all_runs, upload
from seqlab.ui.shell.navigation import link
from seqlab.ui.shell.services import library
from seqlab.ui.shell.theme import is_dark

title, tools = st.columns([3, 1], vertical_alignment="bottom")
with title:
    st.title("Runs")
    st.caption("Every network here. Tick one to open, rename, download or delete it; tick several to compare.")
with tools.container(horizontal=True, horizontal_alignment="right"):
    upload()

runs = library().runs()
for broken in library().broken():
    st.warning(broken.reason, icon=":material/broken_image:")
if not runs:
    st.info("There are no runs yet. Train one in the Echo lab, or upload the zip of one.")
    link("echo", "Train a network", ":material/play_arrow:")
    st.stop()

all_runs(dark=is_dark())
