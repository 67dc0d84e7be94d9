"""The style of the sentiment page."""

from pathlib import Path

import streamlit as st


def style() -> None:
    """Bring the style of its tables and tiles."""
    st.html(Path(__file__).with_name("sentiment.css"))
