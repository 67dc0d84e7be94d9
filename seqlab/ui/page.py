"""Small things every page needs."""

import streamlit as st


def is_dark() -> bool:
    """Whether the page is shown in its dark theme."""
    return st.context.theme.type == "dark"
