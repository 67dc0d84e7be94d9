"""One line of a step, open: its formula, its numbers, what adds most, where it stands, and the same as NumPy."""

import re

import streamlit as st

from seqlab import notation
from seqlab.figures import stepper as written
from seqlab.figures.snippet import Snippet, lines_together, snippet
from seqlab.figures.stepper_tables import contributions, number, overview, place_label, states
from seqlab.reference.core import Core, span
from seqlab.reference.formulas.operands import before, below, now
from seqlab.reference.formulas.reductions import Softmax
from seqlab.reference.formulas.spot import Pass
from seqlab.training.run import Run
from seqlab.training.task_input import TaskInput
from seqlab.ui.shell.foreign import literal
from seqlab.ui.studios.stepper.position import StepperPosition, axis


def open_line(place: StepperPosition, forward: Pass, given: TaskInput, dark: bool) -> None:
    """Draw the formula in letters, with numbers, and each of its sums with its largest terms."""
    line, spot = place.line, place.spot
    symbol, value = notation.SYMBOLS[line.symbol], line.work_out(forward, spot)
    sums = written.sums(value)
    expanded = [written.expanded(part, forward, spot) for part in sums if not isinstance(part.node, Softmax)]
    # Two elements in all, for each costs the browser some milliseconds; unlike ``st.latex`` this begins on the left.
    st.markdown("\n\n".join([
        f"**{symbol.name[0].upper()}{symbol.name[1:]}**: {symbol.meaning}.", _display(written.formula(line, spot)),
        f":gray[:small[{literal(_spoken(place, forward, given))}]]",
        *map(_display, written.substituted(line, value, forward, spot)),
        *(_display(rf"\small {formula}") for formula in expanded)]))
    labels = [place_label(part, forward, given.letters_in, given.letters_out) for part in sums]
    tables = [contributions(part, forward, spot, label, dark=dark) for part, label in zip(sums, labels, strict=True)]
    if tables:
        st.html(f'<div class="sums">{"".join(tables)}</div>')


def where_we_are(place: StepperPosition, core: Core, forward: Pass, given: TaskInput, dark: bool) -> None:
    """Draw the numbers of all lines of this step and layer, the open one marked, and the state before and after."""
    spot = place.spot
    rows = []
    for line, layer in place.stops:
        if line.place == "layer" and layer != spot.layer:
            continue
        at = place.at(line, layer)
        symbol = notation.SYMBOLS[line.symbol]
        name = symbol.name + (f" of {given.letters_out[at.unit]}" if symbol.axes[-1] == "vocab" else "")
        shown = number(float(line.numbers(forward, at)[line.index(forward, at)]))
        rows.append((symbol.latex, name, shown, line is place.line))
    st.html(overview(rows) + _states(place, core, forward, dark))


def snippet_of(place: StepperPosition, run: Run, forward: Pass, step: int) -> None:
    """Offer the step as NumPy, to copy or to download with its numbers; written only while it is open."""
    with st.expander("Copy as NumPy", icon=":material/code:", key="stepper-numpy", on_change="rerun") as box:
        if box.open:
            _offer(_snippet(place, run, forward, step))


def _states(place: StepperPosition, core: Core, forward: Pass, dark: bool) -> str:
    """Draw what the layer carried into this time and out of it; where it carries nothing, what came in and went out."""
    spot, unit = place.spot, place.units["unit"] if axis(place.line) in ("unit", "j") else None
    pairs = [(before(key), now(key), f"<sub>{spot.time - 1}</sub>", f"<sub>{spot.time}</sub>") for key in core.state] \
        or [(below("entered" if core.heads else "x"), now("h"), f" into the {'block' if core.heads else 'layer'}",
             " out of it")]
    about = (f"The state of layer {spot.layer}: one cell for each unit, before this time step and after it."
            if core.state else f"The residual stream at block {spot.layer}: one cell for each unit." if core.heads
            else f"Layer {spot.layer} keeps nothing of the past: one cell for each entry that it reads and writes.")
    drawn = [states({f"<i>{then.symbol}</i>{into}": first.vector(forward, spot),
                     f"<i>{then.symbol}</i>{out}": then.vector(forward, spot)},
                    unit, span(core, then.name(forward, spot)), dark=dark) for first, then, into, out in pairs]
    return f'<p class="states-note">{about}</p>{"".join(drawn)}'


def _display(formula: str) -> str:
    return f"$$\n{formula}\n$$"


def _spoken(place: StepperPosition, forward: Pass, given: TaskInput) -> str:
    """Say in words which number this is."""
    spot, line = place.spot, place.line
    parts = [f"t = {spot.time}, letter {given.letters_in[spot.time]}"]
    if line.place == "layer" and forward.trace.layers > 1:
        parts.insert(0, f"layer {spot.layer}")
    axes = notation.SYMBOLS[line.symbol].axes
    if "head" in axes:
        parts.append(f"head {spot.unit // forward.features}")
    if axes[-1] == "feature":
        parts.append(f"feature {spot.unit % forward.features}")
    if axes[-1] == "key" or line.symbol in ("key", "value"):
        parts.append(f"position j = {spot.key}, letter {given.letters_in[spot.key]}")
    if axes[-1] == "vocab":
        parts.append(f"symbol {given.letters_out[spot.unit]}")
    elif axes[-1] in ("hidden", "input"):
        parts.append(f"entry {spot.unit}" if line.symbol == "x" else f"unit {spot.unit}")
    return f"With the numbers of {', '.join(parts)}:"


def _snippet(place: StepperPosition, run: Run, forward: Pass, step: int) -> Snippet:
    line, spot = place.line, place.spot
    lines = [known for known, layer in place.stops if layer == spot.layer or known.place != "layer"]
    title = (f"{run.core.label}, run {run.id} after {step} steps, layer {spot.layer}, t = {spot.time}: "
             f"{notation.SYMBOLS[line.symbol].name}")
    stem = re.sub(r"\W+", "-", f"{run.id}-{line.symbol}-layer-{spot.layer}-t-{spot.time}")
    return snippet(lines_together(line, lines, not run.core.heads), line, forward, spot, title=title, stem=stem)


def _offer(made: Snippet) -> None:
    st.caption("Runs with NumPy alone, and ends by asserting what this page shows. "
               + (f"Its numbers come from **{made.file}**: keep that beside it." if made.arrays else ""))
    st.code(made.code, language="python")
    with st.container(horizontal=True):
        st.download_button("Download the code", made.code, made.file.replace(".npz", ".py"), "text/x-python",
                           icon=":material/download:", key="stepper-py", on_click="ignore")
        if made.arrays:
            st.download_button("Download its numbers", made.npz, made.file, "application/octet-stream",
                               icon=":material/download:", key="stepper-npz", on_click="ignore")
