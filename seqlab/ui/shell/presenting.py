"""Whether the page stands on a projector: its address says so at first, then a key does (``widgets/frame/present.js``).

What is large, hidden or above is the style's (``present.css``); Python asks only where something else is drawn.
"""

from pathlib import Path

import streamlit as st

from seqlab.figures.presented import TALLER, variables

ADDRESS = "present"
SWITCHED = {"present": True, "plain": False}  # what the frame says when a person switches
SHEET = Path(__file__).with_name("present.css")
_STATE = "presenting"  # in the session's state: a page that is opened from another one has another address


def follow(wish: str) -> None:
    """Take what the frame said (nothing where nobody has switched), and at first what the address says."""
    st.session_state[_STATE] = SWITCHED.get(wish, presenting())


def presenting() -> bool:
    """Whether the page stands on a projector."""
    return bool(st.session_state.get(_STATE, ADDRESS in st.query_params))


def height(pixels: int) -> int:
    """Return the height of a picture that has so many pixels on a desk."""
    return round(TALLER * pixels) if presenting() else pixels


def rules() -> str:
    """Write the style of a page on a projector."""
    return variables() + SHEET.read_text(encoding="utf-8")
