"""Step by step: every formula of a network, with the numbers of one time step put in."""

import streamlit as st

from seqlab.ui.runs.picker import pick_run
from seqlab.ui.runs.training_panel import train_one_button
from seqlab.ui.studios.stepper.stepper import stepper

title, choice = st.columns([3, 2], vertical_alignment="bottom")
title.title("Step by step")
with choice:
    run = pick_run("stepper")
if run is None:
    st.info("There is no trained network yet. Train one, which takes a few seconds, and step through its formulas.")
    train_one_button()
    st.stop()
st.caption("Every formula that this network computes, letter by letter, with its numbers put in. Keys: **→ ←** lines, "
           "**Shift + → ←** time, **Shift + ↓ ↑** unit.")
stepper(run)
