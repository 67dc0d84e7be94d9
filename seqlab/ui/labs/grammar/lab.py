"""The form of a new network, and the button that trains it."""

from typing import Any

import streamlit as st

from seqlab.ui.labs.grammar.settings import grammar_settings
from seqlab.ui.runs.training_panel import train, train_button
from seqlab.ui.shell.faults import attempt


def train_bar(place: Any) -> None:
    """Draw the form, and in ``place`` the button that trains what it says."""
    told = st.container()
    with st.expander("Settings for a new one", icon=":material/tune:", key="settings"):
        config, wrong = grammar_settings()
    if train_button(place):
        if config is None:
            told.error(wrong)
        else:
            attempt(lambda: train(config))
            st.rerun()
