"""The sentiment lab: how a network that judges reviews is trained in one click."""

import streamlit as st

from seqlab.ui.labs.sentiment.choice import STAND_IN, fetch, take
from seqlab.ui.labs.sentiment.settings import sentiment_settings
from seqlab.ui.runs.train_bar import TrainBar


def _stand_in() -> None:
    st.query_params.pop("data", None)
    take(**{"reviews": STAND_IN, "sentiment-recipe": "fast"})


BAR = TrainBar("sentiment", sentiment_settings, fetch,
               "**Train a new one** fetches it, and checks that it is the published one.",
               "Train on made-up reviews instead", _stand_in)
train_bar = BAR.draw
