"""The fields that make one change: what, where and to what; the change follows them while they move."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from seqlab import notation
from seqlab.errors import Fault
from seqlab.reference.change_text import numbers_of
from seqlab.reference.changed import Changes, Sites
from seqlab.reference.core import span
from seqlab.reference.intervention import CODES, Action, Intervention, unit_axis
from seqlab.training.inputs import ids_of
from seqlab.training.question import Question
from seqlab.training.task_input import visible
from seqlab.ui.runs.changes import FAULT, MADE, can_undo, make, title, undo
from seqlab.ui.shell.foreign import literal

ACTIONS: Mapping[Action, str] = {"set": "set to", "scale": "times", "add": "plus", "patch": "as in another input"}
RANGES = {"scale": (0.0, 3.0, 0.0), "add": (-2.0, 2.0, 1.0)}  # of the slider: ends and where it begins
DRAFT, MOVED = "change-draft", "change-moved"


@dataclass(frozen=True)
class Form:
    """The fields of a change of a question's network; while text is drawn (``drawing``) it holds at every time."""

    question: Question
    here: Sites
    key: str
    drawing: bool = False

    def draw(self) -> None:
        """Draw the fields and the buttons below them."""
        what, do, value = st.columns([3, 3, 4], gap="small", vertical_alignment="bottom")
        names = self._names()
        what.selectbox("What is changed", names, format_func=title, key=self._of("what"), on_change=self._choose)
        quantity = st.session_state[self._of("what")]
        actions = [action for action in ACTIONS if action != "patch" or not (self.drawing or quantity == CODES)]
        do.selectbox("How", actions, format_func=ACTIONS.__getitem__, key=self._of("do"), on_change=self._choose)
        action = st.session_state[self._of("do")]
        if action == "patch":
            value.text_input("Another input", key=self._of("source"), on_change=self.follow, placeholder="type it",
                             help="The values come from a pass that reads this; where it is shorter, its last symbols "
                                  "are those of the input above.")
        else:
            low, high, first = self._range(quantity, action)
            value.slider("Value", low, high, first, 0.05, key=self._value(quantity, action), on_change=self.follow)
        self._where(quantity)
        self._buttons()

    def _choose(self) -> None:
        """Follow where there is a change already; choosing alone changes nothing."""
        if st.session_state.get(DRAFT) in st.session_state.get(MADE, ()):
            self.follow()

    def follow(self) -> None:
        """Make the change that the fields say, in place of the one that they said before."""
        state = st.session_state
        state[MOVED] = True
        made: Changes = state.get(MADE, ())
        try:
            change = self._change()
            self.here.require((change,), None if self.drawing else len(self.question.ids))
        except Fault as fault:
            state[FAULT] = str(fault)
            return
        kept = made[:-1] if made and state.get(DRAFT) == made[-1] else made
        make((*kept, change))
        state[DRAFT] = change

    def _where(self, quantity: str) -> None:
        units, times = st.columns([5, 5], gap="small")
        if quantity == CODES:
            read = list(dict.fromkeys(self.question.ids)) or [0]
            units.selectbox("Symbol", read, key=self._of("symbol"), on_change=self.follow,
                            format_func=lambda place: visible(self.question.run.symbols[place]))
            return
        heads = "head" in notation.symbol(quantity).axes
        units.text_input("Heads" if heads else "Units", self._first(quantity), key=self._of(f"units-{quantity}"),
                         on_change=self.follow, placeholder="all",
                         help=f"Such as 3 or 3,7-9, from 0 to {self.here.units[quantity] - 1}; empty: all of them.")
        if not self.drawing:
            start = "; −1 is the initial state" if quantity in self.here.states else ""
            times.text_input("Times t", key=self._of("times"), on_change=self.follow, placeholder="all",
                             help=f"Such as 3 or 3,7-9, from 0 to {len(self.question.ids) - 1}{start}; empty: all.")

    def _buttons(self) -> None:
        with st.container(horizontal=True, gap="small", key=self._of("buttons")):
            drafted = st.session_state.get(DRAFT) in st.session_state.get(MADE, ())
            if drafted:
                st.button("Keep it and change more", icon=":material/add:", key=self._of("more"), on_click=_keep)
            else:
                st.button("Change it", type="primary", icon=":material/edit:", key=self._of("make"),
                          on_click=self.follow)
            st.button("Undo", icon=":material/undo:", key=self._of("undo"), disabled=not can_undo(), on_click=_undo)
        if st.session_state.get(FAULT):
            st.warning(literal(st.session_state[FAULT]), icon=":material/error:")

    def _change(self) -> Intervention:
        """Read the fields. Raises Fault."""
        state = st.session_state
        quantity, action = state[self._of("what")], state[self._of("do")]
        value, source = state.get(self._value(quantity, action), self._range(quantity, action)[2]), None
        if quantity == CODES:
            return Intervention(CODES, "set" if action == "patch" else action, value, (state[self._of("symbol")],))
        if action == "patch":
            source, value = self._source(state.get(self._of("source"), "")), 0.0
        times = "" if self.drawing else state.get(self._of("times"), "")
        units = state.get(self._of(f"units-{quantity}"), self._first(quantity))
        return Intervention(quantity, action, float(value), _list(units), _list(times), source)

    def _source(self, text: str) -> tuple[int, ...]:
        if not text:
            raise Fault("Type the other input first; what is changed is then taken from there.")
        ids, time = tuple(ids_of(self.question.run, text)[0].tolist()), len(self.question.ids)
        return (*ids, *self.question.ids[len(ids):])[:time]

    def _names(self) -> list[str]:
        """Quantities that can be changed, those worth a picture first."""
        views = [name for name in self.here.units if name != CODES and notation.symbol(name).key
                 in self.question.run.core.views]
        ordered = [name for view in self.question.run.core.views for name in views if name.partition(".")[0] == view]
        return [*ordered, *(name for name in self.here.units if name not in ordered)]

    def _range(self, quantity: str, action: Action) -> tuple[float, float, float]:
        if action in RANGES:
            return RANGES[action]
        low, high = (-3.0, 3.0) if quantity == CODES else span(self.question.run.core, quantity)
        return float(low), float(high), 0.0

    def _first(self, quantity: str) -> str:
        """The unit that moves most on this input."""
        values, axis = self.question.whole.trace()[quantity], unit_axis(quantity)
        return str(int(values.std(tuple(place for place in range(values.ndim) if place != axis)).argmax()))

    def _value(self, quantity: str, action: Action) -> str:
        low, high, _ = self._range(quantity, action)
        return self._of(f"value-{action}-{low:g}-{high:g}")

    def _of(self, name: str) -> str:
        return f"{self.key}{name}"


def _list(text: str) -> tuple[int, ...] | None:
    """Read a list of numbers, of which none is all of them. Raises Fault."""
    plain = text.replace(" ", "").replace("\u2212", "-")
    return numbers_of(plain, plain) if plain else None


def _keep() -> None:
    st.session_state.pop(DRAFT, None)


def _undo() -> None:
    undo()
    st.session_state[MOVED] = True
