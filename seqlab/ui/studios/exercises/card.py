"""One exercise on the page: its question, what one expects, the run, and only when it is asked for what came out."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from seqlab.errors import Fault
from seqlab.export import exercise_notebook
from seqlab.studies.chapter.exercise import Exercise, View
from seqlab.studies.predictions import Prediction
from seqlab.studies.results import StoredResult
from seqlab.training.run import Run
from seqlab.ui.shell.faults import show_fault_inline
from seqlab.ui.shell.navigation import link
from seqlab.ui.shell.services import library
from seqlab.ui.studios.exercises.predicted import beside, open_and_close, predict
from seqlab.ui.studios.exercises.runs import bench, configs, needed
from seqlab.ui.studios.exercises.tables import figures, origin, texts
from seqlab.ui.widgets.plot import still


def card(exercise: Exercise, stored: StoredResult | None, known: Mapping[str, Run]) -> None:
    """Draw an exercise in a frame; what moves while its runs train is a part of its own."""
    with st.container(border=True, key=f"card-{exercise.name}"):
        st.subheader(exercise.title, anchor=False)
        st.markdown(f"**{exercise.question}**")
        st.caption(f"{exercise.asked_in}.")
        prediction = predict(exercise)
        _do(exercise, stored, known, prediction)
        if prediction.opened:
            _opened(exercise, stored, known, prediction)


@show_fault_inline
def _do(exercise: Exercise, stored: StoredResult | None, known: Mapping[str, Run], prediction: Prediction) -> None:
    try:
        there = needed(exercise, known)
    except Fault:
        open_and_close(exercise, prediction)  # what others measured is there also for who lacks the data
        raise
    bench(exercise, stored, there, partial(_more, exercise, stored, prediction))


def _more(exercise: Exercise, stored: StoredResult | None, prediction: Prediction) -> None:
    open_and_close(exercise, prediction)
    st.download_button("As a notebook", partial(_notebook, exercise, stored, prediction), type="tertiary",
                       file_name=f"{exercise.name}.zip", mime="application/zip", on_click="ignore",
                       icon=":material/download:", key=f"notebook-{exercise.name}",
                       help="A folder with its data, its settings and their seeds; it runs where seqlab is installed.")


def _notebook(exercise: Exercise, stored: StoredResult | None, prediction: Prediction) -> bytes:
    return exercise_notebook.content(exercise, configs(exercise), stored.result if stored else None, prediction,
                                     library().shipped)


def _opened(exercise: Exercise, stored: StoredResult | None, known: Mapping[str, Run], prediction: Prediction) -> None:
    words, numbers = st.columns([5, 6], gap="medium")
    with words:
        beside(exercise, prediction)
        st.markdown(exercise.answered(stored.result.figures) if stored else "*Not run yet.*")
        st.caption(f":material/lightbulb: {exercise.teaches}")
        _views(exercise, known)
    with numbers:
        _shown(exercise, stored)
    if stored:
        st.caption(origin(stored))


@show_fault_inline
def _views(exercise: Exercise, known: Mapping[str, Run]) -> None:
    there = needed(exercise, known)
    with st.container(horizontal=True, key=f"go-{exercise.name}"):
        for view in exercise.views:
            _view(view, there)


def _view(view: View, there: Mapping[str, Run]) -> None:
    """Draw the link to a page that shows one of the runs; none where that run is not here."""
    run = there.get(view.run)
    if run is not None and run.snapshots():
        link(view.page, view.label, run=run.id, **view.query)
    elif not view.run:
        link(view.page, view.label, **view.query)


def _shown(exercise: Exercise, stored: StoredResult | None) -> None:
    chart = exercise.plot(stored.result) if stored else None
    if chart is not None:
        still(chart, key=f"chart-{exercise.name}")
    if stored and stored.result.texts:
        st.html(texts(stored.result))
    lines = figures(exercise, stored.result.figures if stored else {})
    if lines:
        st.html(lines)
