"""The text lab: how a network that writes is trained in one click."""

import streamlit as st

from seqlab.data import corpora
from seqlab.ui.labs.text.settings import OFFLINE, text_settings
from seqlab.ui.runs.corpora import PYTHON, fetch, take
from seqlab.ui.runs.train_bar import TrainBar


def _python() -> None:
    st.query_params.pop("text", None)
    take(corpus=PYTHON, **{"text-recipe": OFFLINE})


BAR = TrainBar("text", text_settings, fetch, "**Train a new one** fetches it, or look at it first.",
               f"Train on {corpora.TOPICS} instead", _python)
train_bar = BAR.draw
