"""The pages there are, and links to them; a new page is one file in pages/ and one line here."""

from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.navigation.page import StreamlitPage

FOLDER = Path(__file__).parents[2] / "pages"


def pages() -> dict[str, StreamlitPage]:
    """Every page by its name, in the order of the menu."""
    return {
        "home": st.Page(FOLDER / "home.py", title="Home", icon=":material/home:", default=True),
        "echo": st.Page(FOLDER / "echo.py", title="Echo lab", icon=":material/graphic_eq:"),
        "runs": st.Page(FOLDER / "runs.py", title="Runs", icon=":material/folder_open:"),
    }


def link(page: str, label: str, icon: str, **query: Any) -> None:
    """Draw a link to a page, with what its address should say."""
    st.page_link(pages()[page], label=label, icon=icon, query_params=query or None)
