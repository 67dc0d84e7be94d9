"""The exercises of the chapter and two assignments: a table of all of them, and below it each one by itself."""

import csv
import io
from collections.abc import Mapping
from html import escape
from pathlib import Path

import streamlit as st

from seqlab.errors import Fault
from seqlab.studies import results
from seqlab.studies.chapter.exercise import Exercise, by_config
from seqlab.studies.chapter.exercise import exercises as listed
from seqlab.studies.results import StoredResult
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.own_texts import own_place
from seqlab.ui.shell.services import library
from seqlab.ui.shell.style import style
from seqlab.ui.studios.exercises.card import OURS, card, cell

LISTED = listed()


def exercises() -> None:
    """Draw the table and the cards; a card whose runs train keeps up with them."""
    style(Path(__file__).with_name("exercises.css"))
    stored = {exercise.name: result_of(exercise) for exercise in LISTED}
    if not any(stored.values()):
        st.info("Nothing was measured here yet. **Run it** trains what an exercise needs, as ordinary runs, and then "
                "measures it.")
    st.html(table(stored))
    known = by_config(library().runs())
    for exercise in LISTED:
        card(exercise, stored[exercise.name], known)
    st.download_button("All figures", lambda: figures_csv(stored), "exercises.csv", "text/csv", on_click="ignore",
                       icon=":material/download:", key="exercises-csv", help="Published and our own, as CSV.")


def result_of(exercise: Exercise) -> StoredResult | None:
    """What was measured of an exercise, here or where it was shipped; one that is damaged is told and left aside."""
    try:
        return results.find(exercise.name, own_place(), library().shipped)
    except Fault as fault:
        st.warning(literal(fault), icon=":material/error:")
        return None


def table(stored: Mapping[str, StoredResult | None]) -> str:
    """Write all exercises as rows of a table: the figure that stands for each, by what it is compared with."""
    rows = "".join(_row(exercise, stored.get(exercise.name)) for exercise in LISTED)
    heads = "".join(f"<th>{escape(name.capitalize())}</th>" for name in results.COLUMNS)
    return (f"<table class='exercises all'><thead><tr><th>Exercise</th><th></th>{heads}</tr></thead>"
            f"<tbody>{rows}</tbody></table>")


def _row(exercise: Exercise, stored: StoredResult | None) -> str:
    number = f"<span class=number>{exercise.number or '·'}</span>"
    own = stored.result.figures if stored else {}
    (figure, numbers), = results.compared(exercise.figures[:1], own, library().shipped)
    cells = "".join(cell(figure, origin, value) for origin, value in enumerate(numbers))
    if not stored:
        cells = "".join(cell(figure, origin, value) for origin, value in enumerate(numbers[:OURS]))
        cells += "<td class=not colspan=2>not run yet</td>"
    return (f"<tr><td><a href='#{exercise.name}'>{number}{escape(exercise.label)}</a></td>"
            f"<td>{escape(figure.label)}</td>{cells}</tr>")


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
