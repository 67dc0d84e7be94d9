"""Sampling: text drawn from a network, and every number down to the random draw that chose each character."""

import streamlit as st

from seqlab.ui.runs.picker import pick_run
from seqlab.ui.studios.sampling.studio import nothing_yet, sampling_studio

title, choice = st.columns([3, 2], vertical_alignment="bottom")
title.title("Sampling")
with choice:
    run = pick_run("sampling", text=True)
st.caption("Text drawn from a network, one character at a time, with every number down to the random draw that chose "
           "it. Turn a dial and watch the text change its mind.")
if run is None:
    nothing_yet()
else:
    sampling_studio(run)
