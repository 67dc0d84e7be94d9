"""What a person predicts of an exercise: two fields that remember, and the prediction beside what came out."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from seqlab.studies import predictions
from seqlab.studies.chapter.exercise import Exercise
from seqlab.studies.figure import Figure
from seqlab.studies.predictions import Prediction
from seqlab.ui.shell.faults import attempt
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.own_texts import own_place


def predict(exercise: Exercise) -> Prediction:
    """Draw the fields for a person's own answer and number, which are closed once ours was opened; returns both."""
    known, figure = predictions.read(own_place(), exercise.name), exercise.figures[0]
    words, number = st.columns([3, 2], gap="medium")
    words.text_area("Your answer, before you look", known.words, height=86,
                    key=f"answer-{exercise.name}", placeholder="What do you expect, and why?", disabled=known.opened,
                    help="Kept for you, and shown beside ours once you open the answer.",
                    on_change=_keep, args=(exercise.name, "words", lambda value: value or ""))
    number.number_input(f"Your number: {figure.label}{' (%)' if _percent(figure) else ''}", value=_shown(figure, known),
                        step=None, format="%g", key=f"guess-{exercise.name}", placeholder="a guess is enough",
                        help="What you expect of the figure that stands for the exercise; kept with your answer.",
                        disabled=known.opened, on_change=_keep, args=(exercise.name, "number", partial(_meant, figure)))
    return known


def open_and_close(exercise: Exercise, known: Prediction) -> None:
    """Draw the button that shows what came out, or closes it again."""
    label, icon = (("Close the answer", ":material/visibility_off:") if known.opened else
                   ("Show what came out", ":material/visibility:"))
    if st.button(label, icon=icon, key=f"open-{exercise.name}",
                 help="Ours and the published figures, beside your own answer."):
        opened(exercise.name, not known.opened)
        st.rerun()  # the whole page, for the answer stands beneath


def opened(name: str, wanted: bool = True) -> None:
    """Open the answer of an exercise for good, or close it."""
    attempt(lambda: predictions.keep(own_place(), name, opened=wanted))


def beside(exercise: Exercise, known: Prediction) -> None:
    """Draw what the person predicted, to stand beside what came out."""
    figure = exercise.figures[0]
    number = "" if known.number is None else f"**{figure.formatted(known.number)}** for “{figure.label}”"
    said = "; ".join(filter(None, (literal(known.words), number)))
    st.markdown(f"**You said:** {said}" if said else "*You predicted nothing.*")


def _keep(name: str, what: str, meant: Callable[[object], object]) -> None:
    value = st.session_state[f"{'answer' if what == 'words' else 'guess'}-{name}"]
    attempt(lambda: predictions.keep(own_place(), name, **{what: meant(value)}))


def _percent(figure: Figure) -> bool:
    return figure.form.endswith("%")


def _shown(figure: Figure, known: Prediction) -> float | None:
    return known.number * 100 if known.number is not None and _percent(figure) else known.number


def _meant(figure: Figure, value: object) -> float | None:
    if not isinstance(value, int | float):
        return None
    return value / 100 if _percent(figure) else value
