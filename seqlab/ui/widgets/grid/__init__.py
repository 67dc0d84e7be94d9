"""The scores of a sweep over two settings, as cells that one can point at and choose."""

from collections.abc import Callable
from dataclasses import asdict, replace

import streamlit as st

from seqlab.figures.sweep import Grid
from seqlab.ui.shell.presenting import height
from seqlab.ui.widgets import component, finite

_mount = component("grid")


def grid(picture: Grid, *, key: str, on_pick: Callable[[int], None]) -> None:
    """Show a grid, redrawn in place under the same key; ``on_pick`` hears the place of a point that was chosen."""
    def picked() -> None:
        place = st.session_state[key].pick
        if isinstance(place, int) and any(cell.place == place for row in picture.cells for cell in row):
            on_pick(place)

    picture = replace(picture, height=height(picture.height))
    data = finite(asdict(picture))
    _mount(data=data, key=key, height=picture.height, on_pick_change=picked)
