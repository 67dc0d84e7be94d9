"""The sentiment lab: a network reads a review word by word and says whether it praises."""

import streamlit as st

from seqlab.ui.labs.sentiment.final import final_section
from seqlab.ui.labs.sentiment.lab import train_bar
from seqlab.ui.labs.sentiment.page import style
from seqlab.ui.labs.sentiment.review import review_section
from seqlab.ui.runs.picker import pick_run
from seqlab.ui.runs.training_panel import stays_above, training_panel

style()
st.title("Sentiment lab")
st.caption("A network reads a review word by word and says whether it praises a film or not. See how its answer "
           "grows, which words won, and what each of them did. Train one on real reviews, or on your own table.")
choose, train = st.columns([3, 2], vertical_alignment="bottom")
with choose:
    run = pick_run("sentiment", task="sentiment")
train_bar(train)
if run is None:
    st.info("There is no trained network yet. Press **Train a new one**: half a minute is enough for made-up reviews.")
    st.stop()

# The curves are drawn first, for the review's badge waits for torch.
first, second = st.container(), st.container()
above = stays_above(run)
with first if above else second:
    training_panel(run)
    final_section(run)
with second if above else first:
    review_section(run)
