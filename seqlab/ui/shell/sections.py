"""The switch between the sections of a page, which the address remembers."""

from collections.abc import Mapping
from typing import TypeVar

import streamlit as st

from seqlab.ui.shell.choices import choose

Section = TypeVar("Section")


def chosen(sections: Mapping[str, Section]) -> Section:
    """Draw the switch and return what stands under the chosen name."""
    return sections[choose(st.segmented_control, "Section", list(sections), "show", required=True,
                           label_visibility="collapsed", width="stretch")]
