"""The grammar lab: a network learns a formal language of which everything is known."""

import streamlit as st

from seqlab.ui.labs.grammar.lab import train_bar
from seqlab.ui.labs.grammar.samples import samples_section
from seqlab.ui.labs.grammar.truth import truth_section
from seqlab.ui.runs.picker import pick_run
from seqlab.ui.runs.training_panel import stays_above, training_panel

st.title("Grammar lab")
st.caption("A network reads strings of a formal language and learns to say what comes next. Here the truth is known: "
           "which strings are valid, how probable each symbol is, and the least loss that there can be.")
choose, train = st.columns([3, 2], vertical_alignment="bottom")
with choose:
    run = pick_run("grammar", task="grammar")
train_bar(train)
if run is None:
    st.info("There is no trained network yet. Press **Train a new one**: ten seconds are enough for brackets.")
    st.stop()

first, second = st.container(), st.container()
above = stays_above(run)
with first if above else second:
    training_panel(run)
with second if above else first:
    samples_section(run)
truth_section(run)
