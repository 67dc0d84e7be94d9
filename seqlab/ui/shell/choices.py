"""Widgets whose value stands in the address: lists by their ids, numbers, switches. What it cannot have is said.

Streamlit's own binding writes labels, takes another value for one that it does not know without a word, and fails at an
infinite number; only text fields are left to it (tests/ui/test_choices.py).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeVar

import streamlit as st

from seqlab.numerals import number
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.labels import unique

Id = TypeVar("Id", bound=str | int | float)
Titles = Mapping[Id, str] | Sequence[Id]
Number = int | float
Draw = Callable[..., Any]  # a widget of a place, such as ``left.selectbox``


def choose(draw: Draw, label: str, titles: Titles[Id], key: str, first: Id | None = None, **options: Any) -> Id:
    """Draw a list and return the id that is chosen: at first that of the address, else ``first``, else the first.

    ``titles`` are what a person reads, by id, or ids that are read as they are. The address has the id.
    """
    chosen = choose_or_none(draw, label, titles, key, first, **options)
    return _ids(titles, first)[0] if chosen is None else chosen


def choose_or_none(draw: Draw, label: str, titles: Titles[Id], key: str, first: Id | None = None, *,
                   optional: bool = False, **options: Any) -> Id | None:
    """Do the same where the page itself may have set the choice to none; ``optional``: at first none is chosen."""
    named: Mapping[Id, str] = titles if isinstance(titles, Mapping) else {id: str(id) for id in titles}
    ids, state, wanted = _ids(titles, first), st.session_state, _news(key)
    usual = None if optional else ids[0]
    known = {**{title: id for id, title in named.items()}, **{str(id): id for id in named}}
    if wanted is not None or key not in state or state[key] not in (None, *named):
        state[key] = usual if wanted is None else known.get(wanted, usual)
    instead = "nothing" if usual is None else literal(named[usual])
    _say(key, wanted, wanted is None or wanted in known, usual, lambda text: (
        f"There is no {literal(f'{text!r:.40}')} under “{label}”; {instead} is shown."))
    labels = unique({str(id): title for id, title in named.items()})
    _keep(key, tuple(named))
    chosen: Id | None = draw(label, list(named), format_func=lambda id: labels[str(id)], key=key, **options)
    _write(key, "" if chosen is None else str(chosen), chosen in (None, usual))
    return chosen if chosen in named else None


def choose_several(draw: Draw, label: str, titles: Mapping[str, str], key: str, first: Collection[str],
                   **options: Any) -> list[str]:
    """Draw a list of which several can be chosen, separated by commas in the address."""
    state, wanted = st.session_state, _news(key)
    asked = None if wanted is None else [part for part in wanted.split(",") if part]
    if asked is not None or key not in state or not set(state[key]) <= set(titles):
        state[key] = [id for id in (first if asked is None else asked) if id in titles]
    unknown = next((part for part in asked or () if part not in titles), None)
    _say(key, unknown, unknown is None, state[key], lambda text: (
        f"There is no {literal(f'{text!r:.40}')} under “{label}”; the others are shown."))
    labels = unique(titles)
    _keep(key, tuple(titles))
    chosen: list[str] = draw(label, list(titles), format_func=labels.__getitem__, key=key, **options)
    _write(key, ",".join(chosen), set(chosen) == set(first))
    return chosen


def choose_number(draw: Draw, label: str, low: Number, high: Number, value: Number, key: str, **options: Any) -> Any:
    """Draw a slider or a field for a number between two ends; a field that was emptied gives None."""
    wanted = _news(key)
    asked = None if wanted is None else _between(wanted, low, high, whole=isinstance(value, int))
    if wanted is not None or key not in st.session_state:
        st.session_state[key] = value if asked is None else asked
    _say(key, wanted, (wanted is None) == (asked is None), value, lambda text: (
        f"{label} {literal(f'{text!r:.20}')} in the address cannot be had here; it goes from {number(low)} to "
        f"{number(high)}, and {number(value)} is shown."))
    _keep(key, (low, high))
    chosen = draw(label, low, high, key=key, **options)
    _write(key, "" if chosen is None else str(chosen), chosen in (None, value))
    return chosen


def toggle(draw: Draw, label: str, value: bool, key: str, **options: Any) -> bool:
    """Draw a switch."""
    wanted = _news(key)
    asked = None if wanted is None else {"true": True, "false": False}.get(wanted.lower())
    if wanted is not None or key not in st.session_state:
        st.session_state[key] = value if asked is None else asked
    _say(key, wanted, (wanted is None) == (asked is None), value, lambda text: (
        f"“{label}” can be true or false, not {literal(f'{text!r:.20}')} as in the address."))
    chosen = bool(draw(label, key=key, **options))
    _write(key, str(chosen).lower(), chosen == value)
    return chosen


def _between(wanted: str, low: Number, high: Number, *, whole: bool) -> Number | None:
    """The number that a text is, where it lies between two ends, and is whole where it must be."""
    try:
        asked = float(wanted)
    except ValueError:
        return None
    if not low <= asked <= high or (whole and not asked.is_integer()):
        return None
    return int(asked) if whole else asked


def _ids(titles: Titles[Id], first: Id | None) -> list[Id]:
    """All ids, that one first at which the choice begins."""
    return sorted(titles, key=lambda id: id != first)


def _news(key: str) -> str | None:
    """What the address says, if it is not what was written there last."""
    wanted = st.query_params.get(key)
    return None if wanted == st.session_state.get(_seen(key)) else wanted


def _write(key: str, chosen: str, usual: bool) -> None:
    """Have the address say what is chosen; what is as at first stays out of it."""
    if usual:
        st.query_params.pop(key, None)
    elif st.query_params.get(key) != chosen:
        st.query_params[key] = chosen
    st.session_state[_seen(key)] = st.query_params.get(key)


def _keep(key: str, domain: tuple[object, ...]) -> None:
    """Carry a value over to a widget that offers something else than before: for Streamlit it is another widget."""
    state, offered = st.session_state, f"offered-by-{key}"
    if state.get(offered) != domain:
        state[key], state[offered] = state[key], domain


def _seen(key: str) -> str:
    return f"address-of-{key}"


def _say(key: str, wanted: str | None, possible: bool, shown: object, sentence: Callable[[str], str]) -> None:
    """Say what the address asked for in vain, until something else is chosen; the address is mended at once."""
    state, said = st.session_state, f"in-vain-{key}"
    if wanted is not None and not possible:
        state[said] = wanted
    elif state.get(key, shown) != shown:
        state.pop(said, None)
    if said in state:
        st.warning(sentence(state[said]), icon=":material/link_off:")
