"""The fields that make one change: what, where and to what; the change follows them while they move."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from seqlab import notation
from seqlab.errors import Fault
from seqlab.reference.change_text import listed, numbers_of
from seqlab.reference.changed import Changes, Sites
from seqlab.reference.core import span
from seqlab.reference.intervention import CODES, Action, Intervention, unit_axis
from seqlab.training.inputs import ids_of
from seqlab.training.question import Question
from seqlab.training.task_input import visible
from seqlab.ui.runs.changes import FAULT, MADE, can_undo, make, title, undo
from seqlab.ui.shell.foreign import literal
from seqlab.ui.widgets.moving_slider import moving_slider

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
        """Draw the fields."""
        what, do, more = st.columns([3, 3, 4], gap="small", vertical_alignment="bottom")
        names = self._names()
        what.selectbox("What is changed", names, format_func=title, key=self._of("what"), on_change=self._choose,
                       help="The quantity that is set by hand, in a layer of the network.")
        quantity = self.quantity
        actions = [action for action in ACTIONS if action != "patch" or not (self.drawing or quantity == CODES)]
        do.selectbox("How", actions, format_func=ACTIONS.__getitem__, key=self._of("do"), on_change=self._choose,
                     help="Set to a value, held at that of before, or taken from another input.")
        action = self.action
        if action == "patch":
            st.text_input("Another input", key=self._of("source"), on_change=self.follow, placeholder="type it",
                          help="The values come from a pass that reads this; where it is shorter, its last symbols "
                               "are those of the input above.")
        elif self.drawing:
            low, high = self.ends
            moving_slider("Value", low, high, self._usual, 0.05, key=self._value, on_change=self.follow,
                          help="What the chosen units are set to.")
        with more:
            self._where(quantity)

    @property
    def quantity(self) -> str:
        """What the fields say is changed."""
        chosen: str = st.session_state.get(self._of("what"), "")
        return chosen if chosen in self.here.units else self._names()[0]

    @property
    def action(self) -> Action:
        """What the fields say is done with it."""
        action: Action = st.session_state.get(self._of("do"), "set")
        return "set" if action == "patch" and self.quantity == CODES else action

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the greatest value of the slider."""
        if self.action in RANGES:
            return RANGES[self.action][:2]
        low, high = (-3.0, 3.0) if self.quantity == CODES else span(self.question.run.core, self.quantity)
        return float(low), float(high)

    @property
    def drafted(self) -> bool:
        """Whether what the fields say is made already, and follows them."""
        return st.session_state.get(DRAFT) in st.session_state.get(MADE, ())

    @property
    def draft(self) -> tuple[Changes, Intervention] | None:
        """The change that the fields say and those that it comes after; None where it has no value, or cannot be."""
        try:
            change = self._change()
            self.here.require((change,), len(self.question.ids))
        except Fault:
            return None
        return None if change.source else (self._others(), change)

    def rest(self, value: float) -> None:
        """Take the value at which a hand rests, and make the change with it."""
        low, high = self.ends
        if low <= value <= high:
            st.session_state[self._value] = float(value)
            self.follow()

    def adopt(self) -> None:
        """Have the fields say the last change that was made by a link, or is left after an undo."""
        state, made = st.session_state, st.session_state.get(MADE, ())
        followed = self.drafted if DRAFT in state else self._of("what") in state
        if not made or followed or made[-1].source:
            return
        last: Intervention = made[-1]
        state[self._of("what")], state[self._of("do")] = last.quantity, last.action
        units = "" if last.units is None else listed(last.units)
        if last.quantity != CODES:
            state[self._of(f"units-{last.quantity}")] = units
            state[self._of("times")] = "" if last.times is None else listed(last.times)
        elif units in map(str, self._read):
            state[self._of("symbol")] = int(units)
        state[self._value] = last.value
        if self.draft == (made, last):
            state[DRAFT] = last

    def _choose(self) -> None:
        """Follow where there is a change already; choosing alone changes nothing."""
        if self.drafted:
            self.follow()

    def follow(self) -> None:
        """Make the change that the fields say, in place of the one that they said before."""
        state = st.session_state
        state[MOVED] = True
        try:
            change = self._change()
            self.here.require((change,), None if self.drawing else len(self.question.ids))
        except Fault as fault:
            state[FAULT] = str(fault)
            return
        make((*self._others(), change))
        state[DRAFT] = change

    def _others(self) -> Changes:
        """What is changed beside the draft."""
        made: Changes = st.session_state.get(MADE, ())
        return made[:-1] if made and st.session_state.get(DRAFT) == made[-1] else made

    def _where(self, quantity: str) -> None:
        units, times = st.columns([5, 5], gap="small")
        if quantity == CODES:
            units.selectbox("Symbol", self._read, key=self._of("symbol"), on_change=self.follow,
                            format_func=lambda place: visible(self.question.run.symbols[place]),
                            help="The symbol of the input whose code is changed.")
            return
        heads = "head" in notation.symbol(quantity).axes
        st.session_state.setdefault(self._of(f"units-{quantity}"), self._units)
        units.text_input("Heads" if heads else "Units", key=self._of(f"units-{quantity}"), on_change=self.follow,
                         placeholder="all",
                         help=f"Such as 3 or 3,7-9, from 0 to {self.here.units[quantity] - 1}; empty: all of them.")
        if not self.drawing:
            start = "; −1 is the initial state" if quantity in self.here.states else ""
            times.text_input("Times t", key=self._of("times"), on_change=self.follow, placeholder="all",
                             help=f"Such as 3 or 3,7-9, from 0 to {len(self.question.ids) - 1}{start}; empty: all.")

    def buttons(self) -> None:
        """Draw what makes and takes back a change, and why the last one could not be made."""
        with st.container(horizontal=True, gap="small", key=self._of("buttons")):
            if self.drafted:
                st.button("Keep it and change more", icon=":material/add:", key=self._of("more"), on_click=_keep)
            else:
                st.button("Change it", type="primary", icon=":material/edit:", key=self._of("make"),
                          on_click=self.follow)
            st.button("Undo", icon=":material/undo:", key=self._of("undo"), disabled=not can_undo(), on_click=_undo)
        if st.session_state.get(FAULT):
            st.warning(literal(st.session_state[FAULT]), icon=":material/error:")

    def _change(self) -> Intervention:
        """Read the fields. Raises Fault."""
        state, quantity, action = st.session_state, self.quantity, self.action
        value, source = float(state.get(self._value, self._usual)), None
        if quantity == CODES:
            return Intervention(CODES, action, value, (self._symbol,))
        if action == "patch":
            source, value = self._source(state.get(self._of("source"), "")), 0.0
        times = "" if self.drawing else state.get(self._of("times"), "")
        return Intervention(quantity, action, value, _list(self._units), _list(times), source)

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

    @property
    def _usual(self) -> float:
        """The value at which the slider begins."""
        return RANGES[self.action][2] if self.action in RANGES else 0.0

    @property
    def _read(self) -> list[int]:
        """The symbols of the input, each once."""
        return list(dict.fromkeys(self.question.ids)) or [0]

    @property
    def _symbol(self) -> int:
        chosen: int | None = st.session_state.get(self._of("symbol"))
        return chosen if chosen in self._read else self._read[0]

    @property
    def _units(self) -> str:
        """Which units the field says; at first the one that moves most on this input."""
        written: str | None = st.session_state.get(self._of(f"units-{self.quantity}"))
        if written is not None:
            return written
        values, axis = self.question.whole.trace()[self.quantity], unit_axis(self.quantity)
        return str(int(values.std(tuple(place for place in range(values.ndim) if place != axis)).argmax()))

    @property
    def _value(self) -> str:
        low, high = self.ends
        return self._of(f"value-{self.action}-{low:g}-{high:g}")

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
