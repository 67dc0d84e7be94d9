"""The row of sections beside a word: one is open at a time, and whether it shows what is changed is said."""

from pathlib import Path

import pytest
import streamlit as st

from seqlab.data import corpora
from seqlab.tasks import text
from seqlab.training.config import RunConfig
from seqlab.training.question import Question
from seqlab.training.run import Run, create
from seqlab.training.session import train
from seqlab.training.task_input import TaskInput
from seqlab.ui.lenses import view
from seqlab.ui.lenses.view import LensView
from tests.support.pages import opened, words


def draw(question: Question, given: TaskInput, key: str) -> None:
    st.text(f"{key}: {len(question.changes)} changes, {len(question.ids)} symbols")


def anything(run: Run) -> bool:
    return True


VIEWS = {one.name: one for one in (
    LensView("first", "First", "What it tells.", 1, anything, draw),
    LensView("second", "Second", "Of the network as trained.", 2, anything, draw, changed=False),
    LensView("third", "Third", "For no run.", 3, lambda run: False, draw))}


@pytest.mark.parametrize(("ask", "drawn", "said"), [
    ("first", "first-: 1 changes, 11 symbols", False), ("second", "second-: 0 changes, 11 symbols", True),
    ("third", "", False), ("", "", False)])
def test_the_open_section_is_asked_with_what_is_changed_or_says_that_it_is_not(
        shipped: object, monkeypatch: pytest.MonkeyPatch, ask: str, drawn: str, said: bool) -> None:
    monkeypatch.setattr(view, "lens_views", lambda: VIEWS)
    app = opened("pages/echo.py", run="echo-variable-gru", change="h.0[5]=0", **({"ask": ask} if ask else {}))
    assert not app.exception
    assert [text.value for text in app.text] == ([drawn] if drawn else [])
    assert app.get("page_link")[-1].proto.query_string == "a=echo-variable-gru"
    assert ("without the changes above" in words(app)) == said
    assert ("There is no 'third'" in words(app).replace("\\", "")) == (ask == "third")


def test_how_far_back_goes_without_the_data_and_says_what_it_lacks(
        runs: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SEQLAB_DATA", str(tmp_path))
    corpus = corpora.add(("the dog and the fox sat on the mat\n" * 9).encode(), "Fox").name
    run = create(runs, RunConfig(name="reader", batch=4, steps=2, device="cpu", task={
        "name": "text", "corpus": corpus, "num_steps": 8}, network={"model": "gru", "hidden": 4, "embedding": 3}))
    train(run.path)
    (cache / f"{corpus}.txt").unlink()
    for read in (corpora._own, corpora.prepared, text._parts, text._on):
        read.cache_clear()
    app = opened("pages/text.py", run=run.id, ask="horizon")
    assert not app.exception
    assert "no longer here; add the file again. The loss by what it reads needs data" in words(app, "info")
    assert "steps back" in words(app, "markdown")
