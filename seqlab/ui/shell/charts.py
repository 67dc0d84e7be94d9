"""Charts that Plotly draws, as large as where they stand needs them."""

import plotly.graph_objects as go
import streamlit as st

from seqlab.figures.presented import enlarged
from seqlab.ui.shell.presenting import presenting


def chart(figure: go.Figure, *, key: str, tools: bool = True) -> None:
    """Draw a figure in its own colours, with Plotly's ``tools`` at its corner or without, larger on a projector."""
    st.plotly_chart(enlarged(figure) if presenting() else figure, theme=None, key=key,
                    config={"displayModeBar": False} if not tools else None)
