"""The echo lab: a word in, its echo out; train a network live and look inside it."""

import streamlit as st

from seqlab.ui.labs.echo.look import look_inside
from seqlab.ui.labs.echo.quality import quality
from seqlab.ui.labs.echo.settings import echo_settings
from seqlab.ui.runs.picker import pick_run
from seqlab.ui.runs.training_panel import stays_above, train_bar, training_panel
from seqlab.ui.shell.theme import is_dark

st.title("Echo lab")
about = st.empty()
choose, train = st.columns([3, 2], vertical_alignment="bottom")
with train:
    train_bar(echo_settings)
with choose:
    run = pick_run("echo", task="echo")
if run is None:
    st.info("There is no trained network yet. Press **Train a new one**: it takes a few seconds.")
    st.stop()

above, top = stays_above(run), st.container()
if not above:  # beside curves the echo itself says it, and a projector has no room for both
    about.caption("The network hears one letter at a time and must say each again, a few letters later. "
                  "It keeps them in its state or, as a transformer, looks back.")
else:
    with top:
        training_panel(run)
look_inside(run, "echo")
if not run.status.active:
    quality(run, dark=is_dark())
if not above:
    training_panel(run)
