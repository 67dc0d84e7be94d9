"""The exercises of the chapter and two assignments: one at a time, and a table of those whose answer was opened."""

import csv
import io
from collections.abc import Collection, Mapping
from html import escape
from pathlib import Path

import streamlit as st

from seqlab.errors import Fault
from seqlab.studies import predictions, results
from seqlab.studies.chapter.exercise import Exercise, by_config
from seqlab.studies.chapter.exercise import exercises as listed
from seqlab.studies.results import StoredResult
from seqlab.ui.shell.choices import choose
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.own_texts import own_place
from seqlab.ui.shell.services import library
from seqlab.ui.shell.style import style
from seqlab.ui.studios.exercises.card import card
from seqlab.ui.studios.exercises.tables import OURS, cell

LISTED = listed()


def exercises() -> None:
    """Draw one exercise, the choice of all of them above it, and below it, folded, what came out of those opened."""
    style(Path(__file__).with_name("exercises.css"))
    marks = {exercise.name: exercise.number or exercise.short or exercise.label for exercise in LISTED}
    chosen = choose(st.segmented_control, "Exercise", marks, "exercise", required=True, label_visibility="collapsed")
    shown = next(exercise for exercise in LISTED if exercise.name == chosen)
    stored = {exercise.name: result_of(exercise) for exercise in LISTED}
    card(shown, stored[chosen], by_config(library().runs()))
    with st.expander("All exercises", icon=":material/list:"):
        st.html(table(stored, {name for name in stored if predictions.read(own_place(), name).opened}))
        st.download_button("All figures", lambda: figures_csv(stored), "exercises.csv", "text/csv", on_click="ignore",
                           icon=":material/download:", key="exercises-csv",
                           help="Published and our own, of every exercise, as CSV.")


def result_of(exercise: Exercise) -> StoredResult | None:
    """What was measured of an exercise, here or where it was shipped; one that is damaged is told and left aside."""
    try:
        return results.find(exercise.name, own_place(), library().shipped)
    except Fault as fault:
        st.warning(literal(fault), icon=":material/error:")
        return None


def table(stored: Mapping[str, StoredResult | None], opened: Collection[str]) -> str:
    """Write all exercises as rows: of those opened the figure that stands for each, by what it is compared with."""
    rows = "".join(_row(exercise, stored.get(exercise.name), opened=exercise.name in opened) for exercise in LISTED)
    heads = "".join(f"<th>{escape(name.capitalize())}</th>" for name in results.COLUMNS)
    return (f"<table class='exercises all'><thead><tr><th>Exercise</th><th></th>{heads}</tr></thead>"
            f"<tbody>{rows}</tbody></table>")


def _row(exercise: Exercise, stored: StoredResult | None, *, opened: bool) -> str:
    number = f"<span class=number>{exercise.number or '·'}</span>"
    return (f"<tr><td><span class=name>{number}{escape(exercise.label)}</span></td>"
            f"<td>{escape(exercise.figures[0].label)}</td>{_cells(exercise, stored, opened=opened)}</tr>")


def _cells(exercise: Exercise, stored: StoredResult | None, *, opened: bool) -> str:
    if not opened:
        return f"<td class=not colspan={len(results.COLUMNS)}>not opened yet</td>"
    own = stored.result.figures if stored else {}
    (figure, numbers), = results.compared(exercise.figures[:1], own, library().shipped)
    shown = numbers if stored else numbers[:OURS]
    rest = "" if stored else f"<td class=not colspan={len(numbers) - OURS}>not run yet</td>"
    return "".join(cell(figure, origin, value) for origin, value in enumerate(shown)) + rest


def figures_csv(stored: Mapping[str, StoredResult | None]) -> bytes:
    """Write every figure of every exercise as a line of CSV."""
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(("exercise", "figure", "published", "program", "ours", "tuned", "aim", "measured",
                    "machine", "shipped"))
    for exercise in LISTED:
        known = stored.get(exercise.name)
        result = known.result if known else None
        own = result.figures if result else {}
        for figure, numbers in results.compared(exercise.figures, own, library().shipped):
            lines.writerow((exercise.label, figure.label, *numbers, figure.aim, result and result.day,
                            result and result.machine, known and known.origin == "shipped"))
    return text.getvalue().encode()
