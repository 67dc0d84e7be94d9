"""The people of a class as cards with small curves, of which one can be chosen."""

from collections.abc import Callable
from dataclasses import asdict

import streamlit as st

from seqlab.figures.pupils import SmallMultiples
from seqlab.ui.widgets import component, finite

_mount = component("pupils")


def pupils(picture: SmallMultiples, *, key: str, on_pick: Callable[[str], None]) -> None:
    """Show cards, redrawn in place under the same key; ``on_pick`` hears the id of a person who was chosen."""
    def picked() -> None:
        person = st.session_state[key].pick
        if any(card.id == person for card in picture.cards):
            on_pick(person)

    _mount(data=finite(asdict(picture)), key=key, on_pick_change=picked)
