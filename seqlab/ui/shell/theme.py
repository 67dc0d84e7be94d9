"""Which of the two themes a page is shown in."""

import streamlit as st


def is_dark() -> bool:
    """Whether the page is shown in its dark theme."""
    return st.context.theme.type == "dark"
