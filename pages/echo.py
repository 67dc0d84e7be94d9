"""The echo lab: a word in, its echo out; train a network live and look inside it."""

import streamlit as st

from seqlab.ui.echo_lab import look_inside
from seqlab.ui.page import is_dark
from seqlab.ui.quality import quality
from seqlab.ui.run_picker import pick_run
from seqlab.ui.training_panel import train_bar, training_panel

st.title("Echo lab")
st.caption("The network hears one letter at a time and must say each again, a few letters later. "
           "To do so it has to keep them in its hidden state.")
choose, train = st.columns([3, 2], vertical_alignment="bottom")
with train:
    train_bar()
with choose:
    run = pick_run("echo")
if run is None:
    st.info("There is no trained network yet. Press **Train a new one**: it takes a few seconds.")
    st.stop()

if run.status.active:
    training_panel(run)
    look_inside(run, "echo")
else:
    look_inside(run, "echo")
    quality(run, dark=is_dark())
    training_panel(run)
