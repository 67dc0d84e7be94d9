"""What the address chooses: entries of lists by their ids, and numbers; what it cannot choose is said."""

from collections.abc import Callable, Mapping

import streamlit as st

from seqlab.numerals import number
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.labels import unique


def select_by_id(label: str, titles: Mapping[str, str], key: str, *, help: str | None = None) -> str:
    """Draw a list of titles and return the id that is chosen; the first where the address names none that is there.

    Streamlit's own binding would write the title into the address.
    """
    ids, wanted = list(titles), st.query_params.get(key)
    if st.session_state.get(key) not in titles:
        st.session_state[key] = wanted if wanted in titles else ids[0]
    _say(key, wanted, wanted in (None, *titles), ids[0], lambda text: (
        f"There is no {literal(f'{text!r:.40}')} to choose here; {literal(titles[ids[0]])} is shown."))
    labels = unique(titles)
    chosen: str = st.selectbox(label, ids, format_func=labels.__getitem__, key=key, help=help,
                               on_change=lambda: st.query_params.__setitem__(key, st.session_state[key]))
    return chosen


def say_outside(name: str, label: str, low: float | int, high: float | int, shown: float | int) -> None:
    """Say that a number in the address cannot be had; Streamlit would take another without a word.

    To be called before the widget that is bound to the name is drawn.
    """
    wanted = st.query_params.get(name)
    try:
        possible = wanted is None or low <= float(wanted) <= high
    except ValueError:
        possible = False
    _say(name, wanted, possible, shown, lambda text: (
        f"{label} {literal(f'{text!r:.20}')} in the address cannot be had here; it goes from {number(low)} to "
        f"{number(high)}, and {number(shown)} is shown."))


def _say(key: str, wanted: str | None, possible: bool, shown: object, sentence: Callable[[str], str]) -> None:
    """Say what the address asked for in vain, until something else is chosen: Streamlit mends the address at once."""
    state, said = st.session_state, f"in-vain-{key}"
    if wanted is not None and not possible:
        state[said] = wanted
    elif state.get(key, shown) != shown:
        state.pop(said, None)
    if said in state:
        st.warning(sentence(state[said]), icon=":material/link_off:")
