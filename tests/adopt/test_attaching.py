"""Data attached to an opened network: it trains on from its own weights."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from seqlab.adopt.attaching import attach
from seqlab.adopt.opening import write
from seqlab.adopt.parts import Contents
from seqlab.adopt.proposal import propose
from seqlab.data import corpora
from seqlab.errors import Fault
from seqlab.training import session
from seqlab.training.fork import go_on
from seqlab.training.run import Run


def opened(folder: Path, answers: dict[str, str]) -> Run:
    torch.manual_seed(0)
    made = nn.ModuleDict({"emb": nn.Embedding(4, 8), "gru": nn.GRU(8, 16), "fc": nn.Linear(16, 4)})
    arrays = {name: part.numpy() for name, part in made.state_dict().items()}
    return write(propose(Contents(arrays)).settle(answers), None, folder)


@pytest.mark.parametrize(("answers", "text", "least"), [
    ({"purpose": "next", "vocabulary": "abc "}, "abc cab ", 0.7), ({"purpose": "echo", "delay": "1"}, "", 0.7)])
def test_it_trains_on_from_the_weights_that_it_had(answers: dict[str, str], text: str, least: float, tmp_path: Path,
                                                   monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEQLAB_CACHE", str(tmp_path / "cache"))
    run = opened(tmp_path / "runs", answers)
    with pytest.raises(Fault, match="without the data"):
        go_on(run, tmp_path / "runs")
    corpus = corpora.add((text * 200).encode(), "Mine").name if text else None
    new = attach(run, tmp_path / "runs", corpus, steps=120, lr=0.02, window=12)
    np.testing.assert_array_equal(new.weights(0)["decoder.weight"], run.weights()["decoder.weight"])
    assert new.origin == run.origin
    last = session.train(go_on(new, tmp_path / "runs").path, lambda now: None, worker="test")
    assert (last.state, new.newest) == ("finished", 120)
    assert last.evaluation is not None
    assert last.evaluation > least
    assert not run.config.has_data


def test_what_fits_no_network_is_refused(tmp_path: Path) -> None:
    run = opened(tmp_path, {"purpose": "other"})
    with pytest.raises(Fault, match="A text can be attached to a network that predicts"):
        attach(run, tmp_path, "time-machine")
    with pytest.raises(Fault, match="repeats after a known delay"):
        attach(run, tmp_path)
    assert len(list(tmp_path.iterdir())) == 1


def test_an_attached_text_has_an_end_that_is_held_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEQLAB_CACHE", str(tmp_path / "cache"))
    run = opened(tmp_path / "runs", {"purpose": "next", "vocabulary": "abc "})
    task = run.config.task_spec
    assert task.passages(run.config.task_config) == ()
    with pytest.raises(Fault, match="without the data"):
        list(task.scoring(run.config.task_config))
    corpus = corpora.add(b"abc cab! " * 200, "Mine").name
    config = attach(run, tmp_path / "runs", corpus).config.task_config
    (held_out,) = task.passages(config)
    assert len(held_out) == 180
    rows = list(task.scoring(config))
    known = held_out.replace("!", "")
    assert sum(row.shape[1] - 1 - first for row, first in rows) == len(known) - 1  # each is scored once
    np.testing.assert_array_equal(rows[0][0][0, :8], ["abc ".index(symbol) for symbol in known[:8]])
    last = corpora.add(b"ab ab ab " * 200 + b"c" * 200, "Its end is another").name
    config = attach(run, tmp_path / "runs", last, window=12).config.task_config
    drawn = task.batch(config, 400, torch.Generator().manual_seed(0), 0)
    assert not (drawn.inputs == "abc ".index("c")).any()  # nothing of the end is trained on
    assert (drawn.targets[:, :-1] == drawn.inputs[:, 1:]).all()
