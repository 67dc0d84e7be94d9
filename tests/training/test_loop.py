"""What the loop does with a state that goes on from batch to batch, with dropout, and with a loss on other data."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from seqlab.data import corpora
from seqlab.training.config import RunConfig
from seqlab.training.loop import Learner, learner, updates
from seqlab.training.run import Run, create
from seqlab.training.session import train
from seqlab.training.status import Status


@pytest.fixture
def make_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Run]:
    monkeypatch.setenv("SEQLAB_CACHE", str(tmp_path / "cache"))
    name = corpora.add(("a rose is a rose is a rose " * 200).encode(), "Rose").name

    def make(task: dict | None = None, network: dict | None = None, **changes: object) -> Run:
        values = {"task": {"name": "text", "corpus": name, "num_steps": 6} | (task or {}),
                  "network": {"model": "gru", "hidden": 12, "embedding": 6} | (network or {}), "batch": 4, "steps": 40,
                  "evaluate_every": 10, "device": "cpu"}
        return create(tmp_path / "runs", RunConfig.model_validate(values | changes))
    return make


def begun(run: Run) -> Learner:
    return learner(run.config, torch.device("cpu"))


def test_a_carried_state_is_that_of_one_long_pass(make_text: Callable[..., Run]) -> None:
    run = make_text(task={"carry": True}, optimiser={"name": "sgd", "lr": 1e-12})
    state, config = begun(run), run.config
    for _, _ in zip(range(3), updates(state), strict=False):
        pass
    windows = [config.task_spec.batch(config.task_config, 4, state.generator, step).inputs for step in range(3)]
    whole = state.network.advance(torch.cat(windows, 1))[1]
    torch.testing.assert_close(state.carried[0], whole[0], rtol=0, atol=1e-6)
    assert not state.carried[0].requires_grad


def test_without_carrying_every_window_starts_afresh(make_text: Callable[..., Run]) -> None:
    state = begun(make_text())
    next(updates(state))
    assert state.carried == ()


@pytest.mark.parametrize("model", ["gru", "lstm", "rnn_tanh"])
def test_a_run_with_a_carried_state_and_dropout_goes_on_to_the_bit(make_text: Callable[..., Run], model: str) -> None:
    def leave(now: Status) -> None:
        if now.state == "running" and now.step >= 20:
            raise KeyboardInterrupt

    whole, again = (make_text(task={"carry": True}, network={"model": model, "dropout": 0.3}) for _ in range(2))
    train(whole.path)
    assert train(again.path, leave).state == "interrupted"
    assert 0 < again.snapshots()[-1] < 40
    assert train(again.path).step == 40
    ours, theirs = whole.weights(40), again.weights(40)
    assert all(np.array_equal(ours[name], theirs[name]) for name in ours)


def test_dropout_silences_while_training_and_never_when_it_is_judged(make_text: Callable[..., Run]) -> None:
    network = begun(make_text(network={"dropout": 0.5})).network
    ids = torch.arange(6)[None]
    with torch.no_grad():
        assert not torch.equal(network(ids), network(ids))
        network.eval()
        assert torch.equal(network(ids), network(ids))
        torch.testing.assert_close(network(ids), network.trace(ids)["logits"])


def test_the_loss_on_other_data_is_published_and_falls(make_text: Callable[..., Run]) -> None:
    run = make_text(optimiser={"lr": 0.02})
    status = train(run.path)
    table = run.metrics()
    found = table["validation"][np.isfinite(table["validation"])]
    assert len(found) == 4
    assert found[-1] < found[0] - 0.5
    assert status.validation == pytest.approx(found[-1], rel=1e-6)
    assert status.evaluation == pytest.approx(table["evaluation"][np.isfinite(table["evaluation"])][-1], rel=1e-6)


def test_normal_weights_start_small_and_biases_at_nothing(make_text: Callable[..., Run]) -> None:
    network = begun(make_text(network={"hidden": 200, "initialisation": "normal", "model": "rnn_tanh"})).network
    for part in (network.core, network.decoder):
        for weight in part.parameters():
            if weight.ndim == 1:
                assert not weight.any()
            else:
                assert weight.std().item() == pytest.approx(0.01, rel=0.15)


def test_a_transformer_has_nothing_to_carry(make_text: Callable[..., Run]) -> None:
    with pytest.raises(ValueError, match="no state to carry"):
        make_text(task={"carry": True}, network={"model": "transformer", "heads": 2})


@pytest.mark.parametrize(("clip", "share"), [(1e-6, 1.0), (1e6, 0.0), (None, 0.0)])
def test_a_run_says_which_share_of_its_updates_was_clipped(make_text: Callable[..., Run], clip: float | None,
                                                          share: float) -> None:
    run = make_text(optimiser={"lr": 0.001, "clip": clip}, steps=10)
    train(run.path)
    assert run.metrics()["clipped"].tolist() == [share] * len(run.metrics()["step"])
