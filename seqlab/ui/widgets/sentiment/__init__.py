"""The words of a review, coloured by what they did; a click tells of one, buttons switch between the colourings."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from seqlab.ui.widgets import finite, script, style

_mount = st.components.v2.component("seqlab_opinion", html='<div class="opinion"></div>', css=style("sentiment"),
                                    js=script("sentiment"))


def opinion(picture: Mapping[str, Any], *, key: str) -> None:
    """Show the data of ``figures.sentiment.words``; new ones under the same key are drawn in place."""
    _mount(data=finite(picture), key=key)
