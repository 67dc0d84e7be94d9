"""The views of every network on a network that read reviews: through the max pool and back."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from seqlab.data.texts import read
from seqlab.training.config import RunConfig
from seqlab.training.run import Run, create
from seqlab.training.session import train
from seqlab.ui.proof.passes import PASSES, Passes
from seqlab.ui.shell import services
from seqlab.ui.studios.cells.gradient_step import (
    TRAINING_STEP,
    LossQuestion,
    StepQuestion,
    drawable,
    gradients_of,
    measured_slopes,
    torch_step,
)
from tests.ui.conftest import Here

INPUT = """
import streamlit as st
from seqlab.ui.shell import services
from seqlab.ui.runs.tasks import task_input
run = services.library().runs()[0]
given = task_input(run)
st.json({"read": list(given.letters_in), "target": list(given.letters_target), "ids": given.ids.tolist()})
"""
TEXT = "the plot was never bad"


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in ("SEQLAB_RUNS", "SEQLAB_CHECKPOINTS", "SEQLAB_CACHE"):
        (tmp_path / name).mkdir()
        monkeypatch.setenv(name, str(tmp_path / name))
    services.everything.cache_clear()
    yield tmp_path / "SEQLAB_RUNS"
    services.everything.cache_clear()


def made(folder: Path, model: str = "lstm") -> Run:
    run = create(folder, RunConfig(task={"name": "sentiment", "words": 100}, batch=8, steps=4, device="cpu",
                                   network={"model": model, "hidden": 6, "embedding": 4, "heads": 2, "layers": 2,
                                            "pooling": "max"}))
    assert train(run.path).state == "finished"
    return run


def test_a_text_and_its_label_are_asked_for(runs: Path) -> None:
    made(runs)
    app = AppTest.from_string(INPUT, default_timeout=30).run()
    assert not app.exception
    app = app.text_input(key="word").set_value("The PLOT was <b>never</b> Zanzibar!").run()
    shown = app.json[0].value
    assert '"zanzibar"' in shown
    assert '"positive"' in shown
    assert any("does not know zanzibar" in caption.value for caption in app.caption)
    app = app.text_input(key="word").set_value("word " * 200).run()
    assert any("first 60 of 200 words" in caption.value for caption in app.caption)
    app = app.text_input(key="word").set_value("").run()
    assert not app.exception


@pytest.mark.parametrize("model", ["dense", "elman", "lstm", "encoder"])
def test_the_gradient_through_the_max_pool_is_proved(model: str, runs: Path, here: Here) -> None:
    run = made(runs, model)
    ids = read(TEXT, run.vocabulary, 60).ids
    targets, weight = np.ones_like(ids), np.eye(len(ids))[-1]
    question = LossQuestion.of(run, 4, ids, targets, weight, None)
    step = StepQuestion(question, "adam", 0.01, 0.5)
    assert TRAINING_STEP.agreements(step)["float64"].holds
    drawn = drawable(run, gradients_of(question).trace)
    assert "pooled" in drawn
    assert set(drawn) <= set(torch_step(step)["trace"]), "drawn, and not proved"
    assert all(slope.within for slope in measured_slopes(question).values())


@pytest.mark.parametrize("model", ["dense", "lstm", "encoder"])
def test_the_pass_is_proved(model: str, runs: Path, here: Here) -> None:
    run = made(runs, model)
    passes = Passes.of(run, [0, 4], read(TEXT, run.vocabulary, 60).ids, None)
    assert "pooled" in passes.reference()[0]
    assert all(frame.fault is None for frame in PASSES.frames(passes))
