"""The pages there are, and links to them; a new page is one file in pages/ and one line in ``MENU``."""

from typing import Any

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from seqlab import paths

# In the order of the menu: its heads, and under each the pages by name, with title and icon.
MENU = {
    "": {"home": ("Home", ":material/home:")},
    "Labs": {
        "echo": ("Echo lab", ":material/graphic_eq:"),
        "hello": ("Hello lab", ":material/waving_hand:"),
        "text": ("Text lab", ":material/menu_book:"),
        "sentiment": ("Sentiment lab", ":material/reviews:"),
        "grammar": ("Grammar lab", ":material/account_tree:"),
    },
    "Text": {
        "sampling": ("Sampling", ":material/casino:"),
        "reading": ("Reading", ":material/chrome_reader_mode:"),
        "exercises": ("Exercises", ":material/school:"),
    },
    "Inside": {
        "stepper": ("Step by step", ":material/function:"),
        "cells": ("Cells", ":material/memory:"),
        "attention": ("Attention", ":material/visibility:"),
        "check": ("Your code", ":material/fact_check:"),
    },
    "Runs": {
        "runs": ("Runs", ":material/folder_open:"),
        "sweeps": ("Sweeps", ":material/grid_on:"),
    },
}


def sections() -> dict[str, list[StreamlitPage]]:
    """Every page under the head of its part of the menu."""
    return {head: [_page(name, *known) for name, known in part.items()] for head, part in MENU.items()}


def pages() -> dict[str, StreamlitPage]:
    """Every page by its name; a lab is named as its task."""
    return {name: _page(name, *known) for part in MENU.values() for name, known in part.items()}


def _page(name: str, title: str, icon: str) -> StreamlitPage:
    return st.Page(paths.PAGES / f"{name}.py", title=title, icon=icon, default=name == "home")


def lab_of(task: str) -> str:
    """The page that opens runs of a task: the lab that is named as it, else the text lab."""
    return task if task in pages() else "text"


def link(page: str, label: str, icon: str, **query: Any) -> None:
    """Draw a link to a page, with what its address should say."""
    st.page_link(pages()[page], label=label, icon=icon, query_params=query or None)
