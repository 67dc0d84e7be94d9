"""The field for an answer: a choice, a number, a letter, or the places in the text that the page shows."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from seqlab.lessons.lesson import Question
from seqlab.lessons.scene import Answer, Scene
from seqlab.ui.shell.foreign import literal

NOT_TYPED = "The page shows no text whose letters could be marked; go back to how this step begins."


def ask(question: Question, key: str, scene: Scene) -> Answer | None:
    """Draw the field of a question and return what stands in it; None where nothing does."""
    return _FIELDS[question.kind](question, f"lesson-answer-{key}", scene)


def _choice(question: Question, key: str, scene: Scene) -> Answer | None:
    chosen: int | None = st.radio(question.ask, range(len(question.choices)), index=None, key=key,
                                  format_func=lambda place: literal(question.choices[place]), **_KEPT)
    return None if chosen is None else question.choices[chosen]


def _number(question: Question, key: str, scene: Scene) -> Answer | None:
    value = st.number_input(question.ask, value=None, step=None, format="%g", key=key, placeholder="A number", **_KEPT)
    return None if value is None else float(value)


def _letter(question: Question, key: str, scene: Scene) -> Answer | None:
    typed: str = st.text_input(question.ask, key=key, placeholder="A letter", **_KEPT) or ""
    return typed if typed.isspace() else typed.strip() or None  # a space is a letter of a text too


def _places(question: Question, key: str, scene: Scene) -> Answer | None:
    letters = scene.given.letters_in if scene.given else ()
    if not letters:
        st.markdown(question.ask)
        st.caption(f":material/info: {NOT_TYPED}")
        return None
    marked: list[int] = st.pills(question.ask, range(len(letters)), selection_mode="multi", key=f"{key}-{len(letters)}",
                                 format_func=lambda t: f"{literal(letters[t])} :small[{t}]", wrap=True, **_KEPT)
    return frozenset(marked) or None


_KEPT: dict[str, Any] = {"persist_state": "session"}  # who goes back a step finds the answer that was given
_FIELDS: dict[str, Callable[[Question, str, Scene], Answer | None]] = {
    "choice": _choice, "number": _number, "letter": _letter, "places": _places}
