"""The automaton that a network learned: equal to the grammar's where it learned it, and confirmed by torch."""

from pathlib import Path

import numpy as np
import pytest

from seqlab.lenses import automaton, automaton_study
from seqlab.paths import checkpoints
from seqlab.reference import clustering
from seqlab.reference.automata import minimal
from seqlab.training.answers import LearnedAutomaton
from seqlab.training.run import Run
from tests.lenses.test_grammar import made


def studied(run: Run, step: int, threshold: float, seconds: float = 20.0) -> LearnedAutomaton:
    for _ in range(200):
        answer = automaton.advance(str(run.path), step, threshold, seconds, 1.0)
        if answer["over"]:
            return answer
    raise AssertionError("the study does not end")


def test_the_shipped_network_learned_the_automaton_and_torch_takes_the_same_decisions(
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(automaton_study, "FRESH", 500)
    monkeypatch.setattr(automaton_study, "DRAWN", 100)
    run = Run(checkpoints() / "grammar-ndfa")
    answer = studied(run, run.newest, 0.1)
    assert answer["sure"]
    assert answer["exact"]
    assert answer["automaton"].same(answer["truth"])
    assert (answer["compared"].word, answer["agreed"], answer["fresh"]) == (None, 500, 500)
    confirmed = automaton.confirmed(str(run.path), run.newest, 0.1, answer["automaton"].access())
    assert all(part.holds for part in confirmed["agreement"].values())
    assert (confirmed["words"], confirmed["otherwise"]) == (15, 0)
    monkeypatch.setattr(automaton, "FITTED", 150)
    monkeypatch.setattr(clustering, "COUNTS", (4, 24))
    assert minimal(automaton.clusters(str(run.path), run.newest, 0.1).automaton).same(answer["truth"])


@pytest.mark.parametrize("network", [{}, {"model": "transformer", "heads": 2, "positions": "learned", "context": 30}])
def test_little_learned_ends_in_time_with_a_difference_that_both_confirm(tmp_path: Path, network: dict[str, object],
                                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(automaton_study, "FRESH", 250)
    monkeypatch.setattr(automaton_study, "DRAWN", 60)
    run = made(tmp_path, {"grammar": "brackets"}, **network)
    answer = studied(run, 0, 0.1, 0.5)  # before any training
    assert answer["settled"]
    word = answer["compared"].word
    assert word is not None
    teacher = automaton_study.teacher(run, 0, 0.1)
    assert (teacher.rows([word])[0] == answer["compared"].first).all()
    assert (answer["regions"] is None) == bool(network)
    assert answer["depth"] == 0
    assert np.isfinite(answer["seconds"])
