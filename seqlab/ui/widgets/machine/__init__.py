"""A layer as a machine: cards and wires with this network's numbers, line by line, in the browser."""

from collections.abc import Callable

import streamlit as st

from seqlab.ui.widgets import component

_mount = component("machine")
PLACE = ("line", "t", "unit")  # what is chosen: the symbol of a line, a time, a unit or -1 for all of them


def machine(picture: bytes, *, key: str, on_open: Callable[[str, int, int], None],
            on_pick: Callable[[str, int, int], None]) -> None:
    """Show a picture of ``figures.machine.machine_picture``; a new one is drawn in place, keeping what was chosen.

    ``on_open`` is called with a line's symbol, a time and a unit (-1: all) when a card is clicked, ``on_pick`` with the
    same when a time and a unit of a card are pinned.
    """
    def heard(name: str, act: Callable[[str, int, int], None]) -> Callable[[], None]:
        def call() -> None:
            value = st.session_state[key][name]
            if isinstance(value, dict) and isinstance(value.get("line"), str) \
                    and all(isinstance(value.get(part), int) for part in PLACE[1:]):
                act(value["line"], value["t"], value["unit"])
        return call

    _mount(data=picture, key=key, on_open_change=heard("open", on_open), on_pick_change=heard("pick", on_pick))
