"""Where the stepper stands: line, layer, time, unit, position; each a widget, a key on the keyboard and the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from seqlab import notation
from seqlab.figures.stepper_tables import symbol_text
from seqlab.reference.formulas.line import FormulaLine
from seqlab.reference.formulas.spot import Pass, Spot
from seqlab.training.task_input import TaskInput
from seqlab.ui.shell.choices import choose, choose_number
from seqlab.ui.shell.foreign import literal
from seqlab.ui.widgets.moving_slider import moving_slider

FIRST_TIME = 4  # late enough for a state to have something in it
# What numbers the units of a line, the widget's label, and its help.
UNITS = {
    "unit": ("Unit", "Which entry of the vectors of this layer; each line below is about this one."),
    "entry": ("Entry of x", "Which entry of the input vector."),
    "wide": ("Wide unit", "Which unit of the wide layer of the feed-forward network."),
    "symbol": ("Symbol", "Which symbol of the alphabet this score or probability is for."),
}


@dataclass(frozen=True)
class StepperPosition:
    """One line of the step, at one spot, among all ``stops`` of the step; ``units`` are those asked of each axis."""

    stops: Sequence[tuple[FormulaLine, int]]
    line: FormulaLine
    spot: Spot
    times: int
    units: Mapping[str, int]

    def at(self, line: FormulaLine, layer: int) -> Spot:
        """Where another line of this step is looked at."""
        return replace(self.spot, layer=layer, unit=self.units[_widget(line)])

    @property
    def stop(self) -> int:
        """Which of the stops this is."""
        return next(at for at, (line, layer) in enumerate(self.stops)
                    if line is self.line and (line.place != "layer" or layer == self.spot.layer))

    def moved(self, lines: int = 0, times: int = 0) -> "StepperPosition | None":
        """Go on by lines, from the last to the first of the next time, or by times; None beyond either end."""
        step, stop = divmod(self.stop + lines, len(self.stops))
        time = self.spot.time + times + step
        if not 0 <= time < self.times:
            return None
        line, layer = self.stops[stop]
        return replace(self, line=line, spot=replace(self.spot, time=time, layer=layer if lines else self.spot.layer))


def axis(line: FormulaLine) -> str:
    """Name the widget that numbers the units of a line; a map's last axis is the position, ``j``."""
    last = notation.SYMBOLS[line.symbol].axes[-1]
    names = {"key": "j", "input": "entry", "vocab": "symbol"}
    return "wide" if line.symbol == "ff" else names.get(last, "unit")


def choose_line(stops: Sequence[tuple[FormulaLine, int]]) -> FormulaLine:
    """Draw the lines by their symbols and return the one that is open; at first that of the layer's first symbol."""
    titles = {line.symbol: f"*{symbol_text(notation.SYMBOLS[line.symbol].latex)}*" for line, _ in stops}
    symbol = choose(st.pills, "Line", titles, "line", next(line.symbol for line, _ in stops if line.place == "layer"),
                    required=True, label_visibility="collapsed", persist_state="session")
    return next(line for line, _ in stops if line.symbol == symbol)


def choose_spot(line: FormulaLine, stops: Sequence[tuple[FormulaLine, int]], run: Pass,
                given: TaskInput) -> StepperPosition:
    """Draw the widgets of time, unit, layer and position; what no longer fits, such as a late time, moves in."""
    times, layers, attends = len(run.ids), run.trace.layers, "query.0" in run.trace
    widths = [4, 3, *([2] if layers > 1 else []), *([3] if attends else [])]
    columns = iter(st.container(key="stepper-where").columns(widths, vertical_alignment="bottom"))
    layer = position = 0
    with next(columns):
        time = _time(times, given)
    with next(columns):
        unit = _unit(line, run, given, time)
    if layers > 1:
        with next(columns):
            layer = whole("Layer", "layer", layers, 0, "0 is the lowest; each layer reads the states of the one below.")
    if attends:
        with next(columns):
            position = whole("Position j", "j", times, min(FIRST_TIME, times - 1),
                             "The position that is looked at, in keys, values, scores and attention weights.")
    if line.place != "layer":
        layer = 0 if line.place == "bottom" else layers - 1
    units = {key: _kept(key, run, given, time) for key in UNITS} | {_widget(line): unit}
    return StepperPosition(stops, line, Spot(layer, time, unit, position), times, units)


def whole(label: str, key: str, count: int, first: int, help: str) -> int:
    """Draw a field for one of so many things, counted from 0; a value that is left over from a larger one moves in."""
    if not 0 <= (st.session_state.get(key) or 0) < count:
        st.session_state[key] = count - 1
    chosen = choose_number(st.number_input, label, 0, count - 1, first, key, persist_state="session",
                           help=f"{help} From 0 to {count - 1}.")
    return min(max(int(chosen or 0), 0), count - 1)


def move(place: StepperPosition | None) -> None:
    """Make the widgets say another place, as the callback of a button."""
    if place is None:
        return
    st.session_state["line"], st.session_state["t"] = place.line.symbol, place.spot.time
    if any(layer for _, layer in place.stops):
        st.session_state["layer"] = place.spot.layer


def other_unit(key: str, by: int, choices: Sequence[Any]) -> None:
    """Go on to another unit, from the last to the first."""
    now = st.session_state.get(key)
    at = choices.index(now) if now in choices else 0
    st.session_state[key] = choices[(at + by) % len(choices)]


def choices(line: FormulaLine, run: Pass, given: TaskInput) -> Sequence[Any]:
    """Everything that the widget of the line's units can say."""
    return list(given.letters_out) if axis(line) == "symbol" else range(_count(axis(line), run))


def _count(key: str, run: Pass) -> int:
    if key == "j":
        return len(run.ids)
    name = {"entry": "x", "wide": "ff.0", "symbol": "p"}.get(key, "h.0")
    return run.trace[name].shape[-1] if name in run.trace else 1


def _widget(line: FormulaLine) -> str:
    """The widget of a line's units; that of a map says which head it belongs to."""
    return axis(line) if axis(line) in UNITS else "unit"


def _kept(key: str, run: Pass, given: TaskInput, time: int) -> int:
    """What was last asked of an axis whose widget is not on the page; at first unit 0, and the predicted symbol."""
    chosen = st.session_state.get(key)
    if key == "symbol":
        return given.letters_out.index(chosen) if chosen and chosen in given.letters_out else _predicted(run, time)
    return min(max(int(chosen or 0), 0), _count(key, run) - 1)


def _predicted(run: Pass, time: int) -> int:
    return int(run.trace["p"][0, time].argmax())


def _time(times: int, given: TaskInput) -> int:
    if times == 1:  # a slider needs two ends
        st.caption(f"There is one time step, t = 0, the letter {literal(given.letters_in)}.")
        return 0
    if not 0 <= st.session_state.get("t", 0) < times:
        st.session_state["t"] = times - 1
    return int(choose_number(moving_slider, "Time step t", 0, times - 1, min(FIRST_TIME, times - 1), "t",
                             help="Which letter has just been read."))


def _unit(line: FormulaLine, run: Pass, given: TaskInput, time: int) -> int:
    key = _widget(line)
    label, help = UNITS[key]
    if key != "symbol":
        return whole(label, key, _count(key, run), 0, help)
    letters = list(given.letters_out)
    return letters.index(choose(st.selectbox, label, letters, "symbol", letters[_predicted(run, time)],
                                persist_state="session", help=help))
