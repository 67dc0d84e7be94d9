"""Your code: write a cell in NumPy, have it run apart, and see whether and where it differs from the reference."""

import inspect
from collections.abc import Sequence
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from seqlab.checking.exercise import Arguments, CodingExercise
from seqlab.checking.exercises import EXERCISES
from seqlab.checking.export import call
from seqlab.ui.proof import client
from seqlab.ui.proof.drawing import prove
from seqlab.ui.proof.proof import Proof
from seqlab.ui.shell import own_code
from seqlab.ui.shell.choices import choose
from seqlab.ui.shell.faults import attempt
from seqlab.ui.shell.style import style
from seqlab.ui.studios.check import drafts
from seqlab.ui.studios.check.result import check, mistakes_line, show_difference, show_result
from seqlab.ui.widgets.code_field import code_field


def choose_exercise() -> CodingExercise:
    """Draw the choice of what is checked; it stands in the address, and an unknown one there is named."""
    style(Path(__file__).with_name("check.css"))
    titles = {key: exercise.label for key, exercise in EXERCISES.items()}
    return EXERCISES[choose(st.segmented_control, "What do you write?", titles, "task", required=True,
                            label_visibility="collapsed")]


def write_and_check(exercise: CodingExercise) -> None:
    """Draw the field for the code, its buttons, and what came out."""
    key = exercise.key
    drafts.recall(key)
    code = st.text_area("Your code", exercise.template, height=400, key=drafts.field(key),
                        persist_state="session", placeholder=f"def {exercise.signature}: …",
                        help="Tab indents; Esc and then Tab moves on. Ctrl + Enter checks.") or ""
    with st.container(horizontal=True, vertical_alignment="bottom", key="check-bar"):
        pressed = st.button("Check", type="primary", icon=":material/play_arrow:", key="check", shortcut="Ctrl+Enter")
        _loaders(exercise)
    slot = st.container(key="result")
    if pressed:
        check(exercise, code, slot)
    with slot:
        show_result(exercise, code)
        show_difference(exercise)
    if code != exercise.template:
        own_code.remember(key, code)
    code_field(drafts.field(key), code, mistakes_line(key, code), key=f"field-{key}",
               store=own_code.browser_name(f"code/{key}"), template=exercise.template, fresh=drafts.fresh(key),
               on_restore=partial(drafts.restore, key))


def _loaders(exercise: CodingExercise) -> None:
    key, names = exercise.key, exercise.classic()
    widget = f"mistake-{key}"
    st.button("Load a correct one", key="correct", on_click=drafts.load, args=(key, exercise.correct))
    st.selectbox("Load one with a classic mistake", list(names), index=None, format_func=names.__getitem__, key=widget,
                 placeholder="Load a classic mistake", label_visibility="collapsed", width=230,
                 on_change=drafts.load_mistake, args=(key, widget))
    with st.popover("Upload", icon=":material/upload_file:"):
        _upload(key)
    st.button("Reset", key="reset", icon=":material/restart_alt:", on_click=drafts.load,
              args=(key, exercise.template), help="Back to the template. Undo brings your code back.")
    st.button("Undo", key="undo", icon=":material/undo:", on_click=drafts.undo, args=(key,),
              disabled=not drafts.can_undo(key), help="Take back the last load or reset.")


def _upload(key: str) -> None:
    count = st.session_state.setdefault("uploads", 0)
    widget = f"file-{key}-{count}"

    def taken() -> None:
        file = st.session_state.get(widget)
        if file is not None:
            attempt(lambda: drafts.load_file(key, file))
            st.session_state["uploads"] = count + 1  # the same file can be taken once more

    st.file_uploader("A .py file with the function", type="py", key=widget, on_change=taken, max_upload_size=1,
                     help="Its text takes the place of what stands in the field.")


def given(exercise: CodingExercise) -> None:
    """Draw what the function is given and must return, its formula, and a call small enough to do by hand."""
    returns = [("and" if place else "returns", output.shape, output.meaning)
               for place, output in enumerate(exercise.declared)]
    cells = "".join(f"<tr{' class=returns' if name == 'returns' else ''}><th>{escape(name)}</th><td><code>"
                    f"{escape(shape)}</code></td><td>{escape(meaning)}</td></tr>"
                    for name, shape, meaning in (*exercise.arguments, *returns))
    st.html(f'<table class="given"><caption>{escape(exercise.signature)}</caption>{cells}</table>')
    st.latex(r"\begin{aligned}" + r" \\[3pt] ".join(exercise.formula) + r"\end{aligned}")
    st.caption("An example, for a start:")
    st.code(call(exercise), language="python")


def reading(exercise: CodingExercise) -> None:
    """Draw the badge of the reference, and its source to read."""
    st.caption("The reference that your code is compared with:")
    prove(COURSE, exercise.key, key=f"reference-{exercise.key}")
    with st.expander("Read the reference", icon=":material/menu_book:"):
        st.code("\n\n".join(inspect.getsource(part) for part in exercise.reading), language="python")


def _cases(key: str) -> list[Arguments]:
    return [*EXERCISES[key].cases(), EXERCISES[key].example()[0]]


def _probed(key: str) -> list[tuple[Any, ...]]:
    """The cases, with what a GRU with the returned weights is run on, where that is what counts."""
    probe = EXERCISES[key].probe
    return [(*case, *(probe(case) if probe else ())) for case in _cases(key)]


def _reference(key: str) -> dict[str, np.ndarray]:
    exercise = EXERCISES[key]
    return _numbered([exercise.observe(case, exercise.answer(case)) for case in _cases(key)])


def _torch(key: str, answers: Sequence[Sequence[np.ndarray]]) -> dict[str, np.ndarray]:
    return {name: part for name, part in _numbered(answers).items() if name in _reference(key)}


COURSE = Proof[str, list[list[np.ndarray]]](
    name="course", precisions=("float64",), remote=lambda key: client.course_answers(key, _probed(key)),
    reference=lambda key, precision: [_reference(key)], torch=lambda key, answer, precision: [_torch(key, answer)],
    compares="Your code is compared with this reference. The badge compares its answers in every case, and in the "
             "example, with torch's own module.")


def _numbered(answers: Sequence[Sequence[np.ndarray]]) -> dict[str, np.ndarray]:
    return {f"case {number}, part {place}": np.atleast_1d(np.asarray(part, np.float64))
            for number, answer in enumerate(answers) for place, part in enumerate(answer)}
