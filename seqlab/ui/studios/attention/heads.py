"""Which heads are switched off: they stand in the address, as ``off=0.1,1.2`` for layer 0 head 1 and layer 1 head 2."""

import re

import streamlit as st

Heads = tuple[tuple[int, int], ...]
_PAIR = re.compile(r"(\d{1,3})\.(\d{1,3})")


def heads_off(layers: int, heads: int) -> tuple[Heads, str]:
    """Read from the address which heads are off, and one sentence about what in it cannot be ("" if nothing)."""
    off, unknown = set(), []
    for part in filter(None, st.query_params.get("off", "").split(",")):
        pair = _PAIR.fullmatch(part)
        place = (int(pair[1]), int(pair[2])) if pair else (layers, heads)
        if place[0] < layers and place[1] < heads:
            off.add(place)
        else:
            unknown.append(part)
    if unknown:  # noted once; what is not here cannot be switched on again by hand
        _write({f"{layer}.{head}" for layer, head in off})
    note = (f"The address switches off {unknown[0][:12]!r}, which is no head here: there are {layers} × {heads} heads "
            "(layer.head, from 0).") if unknown else ""
    return tuple(sorted(off)), note


def switch(head: dict[str, int] | None) -> None:
    """Turn a head off if it is on, and on if it is off; None turns all of them on."""
    asked = {part for part in st.query_params.get("off", "").split(",") if _PAIR.fullmatch(part)}
    asked = asked ^ {f"{int(head['layer'])}.{int(head['head'])}"} if head else set()
    _write(asked)


def _write(heads: set[str]) -> None:
    if heads:
        st.query_params["off"] = ",".join(sorted(heads))
    else:
        st.query_params.pop("off", None)


def forget_for_another(run_id: str) -> None:
    """Have all heads on again when another network was chosen; an address that was opened keeps what it says."""
    if st.session_state.get("heads-of", run_id) != run_id:
        switch(None)
    st.session_state["heads-of"] = run_id
