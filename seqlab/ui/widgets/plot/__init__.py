"""A chart that is redrawn in place and at once, for what a slider moves."""

from collections.abc import Mapping
from dataclasses import asdict

import streamlit as st

from seqlab.figures.plot import Plot
from seqlab.ui.widgets import finite, script, style

_mount = st.components.v2.component("seqlab_plot", html='<div class="plot"></div>', css=style("plot"),
                                    js=script("plot"))


def plot(picture: Plot, *, key: str) -> None:
    """Show a chart; under the same key it is redrawn in place, and its height is reserved before it is there."""
    data: Mapping[str, object] = finite(asdict(picture))
    _mount(data=data, key=key, height=picture.height)
