"""The pages there are, and links to them; a new page is one file in pages/ and one line here."""

from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.navigation.page import StreamlitPage

FOLDER = Path(__file__).parents[2] / "pages"


def pages() -> dict[str, StreamlitPage]:
    """Every page by its name, in the order of the menu; a lab is named as its task."""
    return {
        "home": st.Page(FOLDER / "home.py", title="Home", icon=":material/home:", default=True),
        "echo": st.Page(FOLDER / "echo.py", title="Echo lab", icon=":material/graphic_eq:"),
        "hello": st.Page(FOLDER / "hello.py", title="Hello lab", icon=":material/waving_hand:"),
        "stepper": st.Page(FOLDER / "stepper.py", title="Step by step", icon=":material/function:"),
        "cells": st.Page(FOLDER / "cells.py", title="Cells", icon=":material/memory:"),
        "attention": st.Page(FOLDER / "attention.py", title="Attention", icon=":material/visibility:"),
        "check": st.Page(FOLDER / "check.py", title="Your code", icon=":material/fact_check:"),
        "runs": st.Page(FOLDER / "runs.py", title="Runs", icon=":material/folder_open:"),
    }


def link(page: str, label: str, icon: str, **query: Any) -> None:
    """Draw a link to a page, with what its address should say."""
    st.page_link(pages()[page], label=label, icon=icon, query_params=query or None)
