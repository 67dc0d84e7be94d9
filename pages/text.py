"""The text lab: a network that reads a text character by character, and writes."""

import streamlit as st

from seqlab.ui.labs.text.lab import train_bar
from seqlab.ui.labs.text.sample import what_it_writes
from seqlab.ui.runs.picker import pick_run
from seqlab.ui.runs.training_panel import stays_above, training_panel

st.title("Text lab")
st.caption("A network reads a text character by character and learns to say which one comes next. Then it writes: each "
           "character is drawn, and read again. Train one on a book, on your own text, or on sentences.")
choose, train = st.columns([3, 2], vertical_alignment="bottom")
with choose:
    run = pick_run("text", text=True)
train_bar(train)
if run is None:
    st.info("There is no trained network yet. Press **Train a new one**: half a minute is enough for words.")
    st.stop()

# The curves are drawn first, for the text's badge waits for torch.
first, second = st.container(), st.container()
above = stays_above(run)
with first if above else second:
    training_panel(run)
with second if above else first:
    what_it_writes(run)
