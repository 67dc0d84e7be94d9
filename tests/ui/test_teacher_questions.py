"""Questions of the teacher: what can be asked about a view, and that the truth is what the network itself says."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from seqlab import paths
from seqlab.classroom.rounds import asked
from seqlab.errors import Fault
from seqlab.tasks import echo
from seqlab.training.run import Run
from seqlab.training.task_input import TaskInput, read
from seqlab.ui.shell import services
from seqlab.ui.shell.in_view import InView
from seqlab.ui.studios.teacher import truths
from seqlab.ui.studios.teacher.truths import FALLS, PRESETS, RISES, STAYS, View, truth

RUN = Run(paths.checkpoints() / "echo-small-gru")


def shown(run: Run, given: TaskInput) -> InView:
    return InView(run, run.newest, given)


def echoed(word: str, delay: int, condition: int | None) -> TaskInput:
    return TaskInput(echo.inputs_for(word, delay), condition, word + "·" * delay, echo.target_for(word, delay),
                     echo.ALPHABET.symbols, delay)


def the_word() -> InView:
    delays = tuple(echoed("kayak", delay, delay) for delay in range(5))
    return shown(RUN, replace(delays[3], at_delays=delays))


def test_what_comes_next_is_what_the_network_says() -> None:
    asking = PRESETS["next"].make(View(the_word()))
    assert asking is not None
    about = json.loads(json.dumps(asking.about)) | {"preset": "next"}  # as a restart reads it
    out = truth(about)
    assert out.answer == "k"  # it repeats the last letter, three letters late
    assert asked(asking.text, asking.choices, asking.kind, about).checked(out.answer) == out.answer


def test_the_delay_at_which_it_fails_is_found_by_asking_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asking = PRESETS["delay"].make(View(the_word()))
    assert asking is not None
    assert asking.choices == (*map(str, range(5)), "at none")
    answers = truths._answers

    def wrong_at_4(about: dict[str, object]) -> np.ndarray:
        p = answers(about)
        return np.roll(p, 1, axis=-1) if about["delay"] == 4 else p

    usual = PRESETS["delay"].truth(asking.about)
    assert usual.answer == "at none"
    monkeypatch.setattr(truths, "_answers", wrong_at_4)
    out = PRESETS["delay"].truth(asking.about)
    assert (out.answer, "5 of 5 letters wrong" in out.sentence) == ("4", True)


def test_cold_is_computed_where_the_next_symbol_is_predicted(make_run: Callable[..., Run]) -> None:
    assert PRESETS["cold"].make(View(the_word())) is None
    text = next(run for run in services.everything().runs() if run.predicts_next and run.snapshots())
    asking = PRESETS["cold"].make(View(shown(text, read(text))))
    assert asking is not None
    out = PRESETS["cold"].truth(asking.about)
    assert out.answer in (FALLS, STAYS)
    assert out.answer in asking.choices
    assert RISES in asking.choices


def test_a_race_is_won_by_who_was_there_first_and_not_before_it_is_over(
        make_run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SEQLAB_RUNS", str(tmp_path / "runs"))
    services.everything.cache_clear()
    runs = [make_run(network={"model": model, "hidden": 4}) for model in ("gru", "rnn_tanh")]
    for run, steps in zip(runs, (30, 20), strict=True):
        lines = [{"step": step, "seconds": 1.0, "evaluation": float(step >= steps)} for step in (10, steps, 40)]
        (run.path / "metrics.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    monkeypatch.setattr(truths, "goes_on", lambda run: False)
    over = PRESETS["race"].make(View(None, runs))
    monkeypatch.setattr(truths, "goes_on", lambda run: True)
    asking = PRESETS["race"].make(View(None, runs))
    assert asking is not None
    assert over is not None
    assert (over.shown, asking.shown) == (True, False)
    with pytest.raises(Fault, match="still on"):
        PRESETS["race"].truth(asking.about)
    monkeypatch.setattr(truths, "goes_on", lambda run: False)
    out = PRESETS["race"].truth(asking.about)
    assert (out.answer, "20 steps" in out.sentence) == (runs[1].core.label, True)


def test_without_a_view_only_a_question_of_ones_own_can_be_asked() -> None:
    assert [name for name, preset in PRESETS.items() if preset.make(View(None))] == ["own"]
    assert PRESETS["own"].truth({"truth": "7"}).answer == "7"
    with pytest.raises(Fault, match="no run"):
        truth({"preset": "next", "run": "gone-away", "step": 1, "ids": [1], "condition": None, "out": ["a"]})
    with pytest.raises(Fault, match="Nothing says"):
        truth({})
