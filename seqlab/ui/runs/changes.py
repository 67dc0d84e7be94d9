"""What a person has changed in the network of a page: it stands in the address and above the picture, and is undone."""

from collections.abc import Sequence

import streamlit as st

from seqlab import notation
from seqlab.errors import Fault
from seqlab.numerals import number
from seqlab.reference.change_text import listed, read, write
from seqlab.reference.changed import Changes, Sites
from seqlab.reference.intervention import CODES, Intervention
from seqlab.training.run import Run
from seqlab.ui.shell.foreign import literal

ADDRESS = "change"
MADE, FAULT = "changes-made", "change-fault"  # what is changed; why the last change could not be made
_OF, _PAST, _WRITTEN, _REFUSED = "changes-of", "changes-past", "changes-written", "changes-refused"
MOST_PAST = 100  # steps that can be undone
_WORDS = {"set": "set to {}", "scale": "times {}", "add": "plus {}", "patch": "as in another input"}


def sites(run: Run) -> Sites:
    """Where a run's network can be changed, by its newest weights."""
    return Sites.of(run.core, run.weights(), run.config.network.pooling)


def changes_made(run: Run) -> Changes:
    """Give what is changed in a run's network: by hand, or by a link, of which what is not there is refused."""
    state, wanted = st.session_state, st.query_params.get(ADDRESS)
    if wanted is not None and wanted != state.get(_WRITTEN):
        state[MADE], state[_REFUSED] = _of_link(run, wanted)
        state[_OF], state[_PAST] = run.id, []
    elif state.get(_OF) != run.id:
        state[MADE], state[_OF], state[_PAST], state[_REFUSED] = (), run.id, [], ""
    made: Changes = state[MADE]
    text = ";".join(map(write, made))
    if made and wanted != text:
        st.query_params[ADDRESS] = text
    elif not made:
        st.query_params.pop(ADDRESS, None)
    state[_WRITTEN] = text or None
    return made


def make(changes: Changes) -> None:
    """Change the network so from now on; what it was before can be had back by ``undo``."""
    state = st.session_state
    state[FAULT] = ""
    if changes != state.get(MADE, ()):
        state[_PAST] = [*state.get(_PAST, []), state.get(MADE, ())][-MOST_PAST:]
        state[MADE], state[_REFUSED] = changes, ""


def undo() -> None:
    """Go back to what was changed before."""
    past, st.session_state[FAULT] = st.session_state.get(_PAST), ""
    if past:
        st.session_state[MADE] = past.pop()


def can_undo() -> bool:
    """Whether there is anything to go back to."""
    return bool(st.session_state.get(_PAST))


def list_changes(made: Changes, symbols: Sequence[str]) -> None:
    """Draw what is changed, each with a button that takes it back; nothing where nothing is.

    Its place is there at all times: what stands below is not drawn anew, under a hand that drags, by the first change.
    """
    with st.container():
        _list(made, symbols)


def _list(made: Changes, symbols: Sequence[str]) -> None:
    if st.session_state.get(_REFUSED):
        st.warning(literal(f"The change in the address was left out. {st.session_state[_REFUSED]}"),
                   icon=":material/link_off:")
    if not made:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="changes-made-list"):
        st.markdown(":material/edit: **Changed**", width="content")
        for place, change in enumerate(made):
            st.button(literal(words(change, symbols)), icon=":material/close:", key=f"change-back-{place}",
                      on_click=make, args=(made[:place] + made[place + 1:],), help="Take this change back.")
        st.button("Undo", icon=":material/undo:", key="change-undo-above", disabled=not can_undo(), on_click=undo)
        if len(made) > 1:
            st.button("Remove all", key="change-none", on_click=make, args=((),))


def words(change: Intervention, symbols: Sequence[str]) -> str:
    """Say in a few words what a change is; ``symbols`` are those that the network reads."""
    where = [f"code of {' '.join(symbols[unit] for unit in change.units or ())}"] if change.quantity == CODES else [
        title(change.quantity)]
    if change.units is not None and change.quantity != CODES:
        kind = "head" if "head" in notation.symbol(change.quantity).axes else "unit"
        where.append(f"{kind} {listed(change.units)}")
    if change.times == (-1,):
        where.append("at the start")
    elif change.times is not None:
        where.append(f"at t = {listed(change.times)}")
    return f"{', '.join(where)}: {_WORDS[change.action].format(number(change.value))}"


def title(quantity: str) -> str:
    """Name a quantity for a person: its symbol's name, its letter and its layer."""
    if quantity == CODES:
        return "code of a symbol"
    symbol, layer = notation.symbol(quantity), notation.layer(quantity)
    letter = f" {symbol.key}" if len(symbol.key) == 1 else ""
    return f"{symbol.name}{letter}" + ("" if layer is None else f", layer {layer}")


def _of_link(run: Run, wanted: str) -> tuple[Changes, str]:
    """Read what a link changes, and why it cannot be."""
    try:
        changes, here = read(wanted), sites(run)
        for change in changes:
            here.require_units(change)
    except Fault as fault:
        return (), str(fault)
    return changes, ""
