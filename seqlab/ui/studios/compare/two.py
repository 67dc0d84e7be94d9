"""Two passes side by side: one cursor, one scale, the difference, and units of two networks matched."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import streamlit as st

from seqlab import notation
from seqlab.errors import Fault
from seqlab.figures.comparison import ANSWERS, Row, Side, comparison, numbered
from seqlab.figures.comparison_dial import ComparisonDial
from seqlab.figures.film import film_id
from seqlab.figures.order import strongest
from seqlab.reference.matching import Matching
from seqlab.training.question import Question
from seqlab.training.task_input import TaskInput
from seqlab.ui.lenses.view import LensView
from seqlab.ui.proof.drawing import prove
from seqlab.ui.runs.following import goes_on
from seqlab.ui.shell.choices import choose
from seqlab.ui.shell.faults import NoAnswer, show_fault_inline
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.style import style
from seqlab.ui.studios.compare.asked import both, sections
from seqlab.ui.studios.compare.dials import dials, title
from seqlab.ui.studios.compare.passes import PAIRS, Pair, Passes
from seqlab.ui.studios.compare.sides import Choice, both_inputs, choices
from seqlab.ui.studios.compare.units import MATCHED, Units, matching, units
from seqlab.ui.widgets.compare import compare

ORDERS = {"matched": "matched", "number": "unit by unit"}
PACE = 0.7  # seconds between two looks at a run that trains


def two_networks() -> None:
    """Draw the section; a fragment, so that it moves alone."""
    style(Path(__file__).with_name("two.css"))
    st.fragment(_two)()


@show_fault_inline
def _two() -> None:
    chosen = choices()
    if chosen is None:
        return
    a, b, other = chosen
    left, right = st.columns(2, gap="medium", vertical_alignment="bottom")
    own = right.container()
    with left:
        first, second = both_inputs(a.run, b.run, other, own)
    if not first.letters_in or not second.letters_in:
        st.info("Type something that both can read, and their passes stand here side by side.")
        return
    live, views = goes_on(a.run) or goes_on(b.run), sections(a.run, b.run)
    with right.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small", key="compared-what"):
        quantity = _quantity((a, b), views, alike=list(first.letters_out) == list(second.letters_out))
        usual = "number" if a.run.path == b.run.path else "matched"
        order = "number" if quantity == ANSWERS or quantity in views else choose(
            st.segmented_control, "Units", ORDERS, "units", usual, required=True, label_visibility="collapsed")
    if quantity in views:
        st.caption(views[quantity].tells)
        both(views[quantity], (a, b), (first, second))
        return
    st.fragment(_picture, run_every=PACE if live else None)((a, b), (first, second), quantity, order)


@show_fault_inline
def _picture(chosen: tuple[Choice, Choice], given: tuple[TaskInput, TaskInput], quantity: str, order: str) -> None:
    steps, temperatures = [side.step() for side in chosen], [side.temperature() for side in chosen]
    a, b = (Question.of(side.run, step, read, side.changes)
            for side, step, read in zip(chosen, steps, given, strict=True))
    pair = Pair.of(a, b, (temperatures[0], temperatures[1]))
    slot = st.container(key="badge-slot-compare", gap=None)
    passes = pair.reference("float32")
    sides = [Side(title(side, step, temperature), side.run.core, trace, np.exp(answers), read.letters_in,
                  read.letters_target, read.letters_out)
             for side, step, temperature, read, trace, answers in
             zip(chosen, steps, temperatures, given, (passes.a, passes.b), passes.log_answers, strict=True)]
    layer = notation.layer(quantity) or 0
    matched = _matched(a, b, layer) if order == "matched" else None
    picture = _drawn(sides, quantity, _rows(sides, quantity, matched and matched[1]), passes,
                     dials(chosen, (a, b), passes, quantity))
    compare(picture, key="side-by-side", on_rest=partial(_rest, chosen))
    prove(PAIRS, pair, key="badge-compare", slot=slot, symbols=sorted({*sides[0].core.views, *sides[1].core.views}),
          run=next((side.run for side in chosen if goes_on(side.run)), None), channel="compare",
          film=film_id(picture))
    if matched is not None:
        _strength(*matched)


def _rest(chosen: Sequence[Choice], name: str, stop: float) -> None:
    for side in chosen:
        side.rest(name, stop)


def _quantity(chosen: Sequence[Choice], views: Mapping[str, LensView], *, alike: bool) -> str:
    """Draw the list of quantities that both have, and of what both can be asked."""
    first, second = (side.run for side in chosen)
    layers = min(run.config.network.layers for run in (first, second))
    names = [f"{key}.{layer}" for layer in range(layers) for key in first.core.views if key in second.core.views]
    titles = {name: _title(name, layers) for name in names} | ({ANSWERS: "what they answer, p"} if alike else {}) | {
        key: view.label for key, view in views.items()}
    if not titles:
        raise Fault("These two networks have no quantity in common; choose another one on either side.")
    return choose(st.selectbox, "Compared", titles, "what", label_visibility="collapsed")


def _title(name: str, layers: int) -> str:
    symbol = notation.symbol(name)
    return f"{symbol.name}, {symbol.key}" + (f", layer {notation.layer(name)}" if layers > 1 else "")


def _matched(a: Question, b: Question, layer: int) -> tuple[Units, Matching] | None:
    """Match the units of a layer; where that cannot be, say why."""
    try:
        question = units(a, b, layer)
        return question, matching(question)
    except TimeoutError:
        raise NoAnswer from None
    except Fault as fault:
        st.caption(f":material/info: {literal(f'Not matched, so unit by unit. {fault}')}")
        return None


def _strength(question: Units, result: Matching) -> None:
    """Say how well the matching fits, and prove it."""
    st.caption("**Matched:** beside each unit of A stands the unit of B whose hidden state goes most with its own, one "
               f"to one, over {len(question.ids[0])} sequences of A's task. On samples that did not choose the pairs "
               f"the mean |r| of a pair is {result.strength:.2f}, that of any two units {result.typical:.2f}. A "
               "partner with r < 0 is subtracted with its sign turned.")
    prove(MATCHED, question, key="badge-matched", slot=st.container(key="badge-slot-matched", gap=None))


def _rows(sides: Sequence[Side], quantity: str, matched: Matching | None) -> list[Row]:
    """Which units stand in a row, ordered by when A's is strongest; those without a partner come last."""
    first, second = (side.values(quantity).shape[1] for side in sides)
    if quantity == ANSWERS:
        return numbered(first, second)
    order = [int(unit) for unit in strongest(sides[0].trace[f"h.{notation.layer(quantity) or 0}"][0])]
    if matched is None:
        return _by_number(order, first, second)
    partners = {int(unit): Row(int(unit), int(other), float(r))
                for unit, other, r in zip(matched.first, matched.second, matched.r, strict=True)}
    free = set(range(second)) - {row.second for row in partners.values()}
    return ([partners[unit] for unit in order if unit in partners]
            + [Row(unit, None) for unit in order if unit not in partners]
            + [Row(None, unit) for unit in sorted(free)])


def _by_number(order: Sequence[int], first: int, second: int) -> list[Row]:
    """Unit k of A beside unit k of B, ordered by when A's is strongest; those that B has alone come last."""
    known = [unit for unit in order if unit < first]
    return [Row(unit, unit if unit < second else None) for unit in known] + [
        Row(None, unit) for unit in range(first, second)]


def _drawn(sides: Sequence[Side], quantity: str, rows: Sequence[Row], passes: Passes,
           moving: Sequence[ComparisonDial]) -> bytes:
    a, b = sides
    first, second = a.values(quantity), b.values(quantity)
    matched = any(row.r is not None for row in rows)
    why = ""
    if len(first) != len(second):
        why = f"A reads {len(first)} symbols and B {len(second)}, so there is no difference time by time."
    elif first.shape != second.shape and not matched:
        why = f"A has {first.shape[1]} units and B {second.shape[1]}; matched units can be subtracted."
    return comparison(a, b, quantity, rows, difference=not why, why=why, kl=passes.kl, dials=moving)
