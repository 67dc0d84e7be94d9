"""The sentiment task on the stand-in, which needs no network."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from seqlab.data import review_preparation, reviews
from seqlab.errors import Fault
from seqlab.models import network
from seqlab.tasks import sentiment, tasks
from seqlab.tasks.sentiment import SentimentConfig, final_test, parts, vocabulary
from seqlab.tasks.sentiment_recipes import RECIPES
from seqlab.training.config import RunConfig, explain
from seqlab.training.loop import learner, updates
from seqlab.training.run import create
from seqlab.training.session import train
from seqlab.training.terminal import config_from, train_options

CONFIG = SentimentConfig(words=200)


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEQLAB_CACHE", str(tmp_path / "cache"))


def draw(step: int, size: int = 64, seed: int = 0) -> sentiment.Batch:
    return tasks()["sentiment"].batch(CONFIG, size, torch.Generator().manual_seed(seed), step)


def test_an_epoch_holds_every_review_once() -> None:
    learned, validation = parts(CONFIG)
    assert (len(learned.labels), len(validation.labels)) == (4000, 1000)
    steps = -(-4000 // 64)
    batches = [draw(step) for step in range(steps)]
    assert sum(len(one.inputs) for one in batches) == 4000
    assert sum(int(one.targets.sum()) for one in batches) == int(learned.labels.sum())
    assert sum(int(one.lengths.sum()) for one in batches) == int(learned.lengths.sum())
    waste = 1 - sum(one.tokens for one in batches) / sum(one.inputs.numel() for one in batches)
    assert waste < 0.03, "reviews of similar length stand together"
    lengths = [one.inputs.shape[1] for one in batches]
    assert lengths != sorted(lengths), "and come in any order"
    assert not torch.equal(draw(0).inputs, draw(steps).inputs), "the next epoch is another"
    assert not torch.equal(draw(0).targets, draw(0, seed=1).targets)
    assert torch.equal(draw(5).inputs, draw(5).inputs)


RULES = {"tokens": {"by": "tokens", "budget": 900, "longest": 60},
         "any lengths": {"by": "tokens", "budget": 900, "longest": 60, "alike": False},
         "short ones first": {"curriculum": True}, "a number of any": {"alike": False}}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_reviews_are_put_into_batches_as_strings_of_a_grammar_are(rule: dict) -> None:
    config = SentimentConfig(words=200, **rule)
    steps = sentiment.plan(config, 64).steps
    batches = [sentiment.batch(config, 64, torch.Generator().manual_seed(0), step) for step in range(steps)]
    assert sum(len(one.inputs) for one in batches) == 4000
    assert sum(int(one.lengths.sum()) for one in batches) == int(parts(config)[0].lengths.sum())
    if config.by == "tokens":
        assert max(one.inputs.numel() for one in batches) <= 900
    widths = [one.inputs.shape[1] for one in batches]
    assert (widths == sorted(widths)) is config.curriculum


def test_packing_learns_the_same_as_leaving_padding_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    ended, packed, plain = [], [], network.packed_pass
    monkeypatch.setattr(network, "packed_pass", lambda *given: packed.append(len(ended)) or plain(*given))
    for padding in ("mask", "pack"):
        config = RunConfig(task={"name": "sentiment", "words": 200, "padding": padding, "alike": False}, batch=16,
                           network={"model": "lstm", "hidden": 6, "embedding": 4, "pooling": "max"}, steps=4)
        state = learner(config, torch.device("cpu"))
        list(updates(state))
        ended.append(state.network.state_dict())
    assert packed == [1] * 4
    for name, part in ended[0].items():
        torch.testing.assert_close(part, ended[1][name], rtol=0, atol=2e-5)


def test_padding_is_behind_the_real_words() -> None:
    drawn = draw(3)
    real = torch.arange(drawn.inputs.shape[1]) < drawn.lengths[:, None]
    assert torch.equal(drawn.inputs != vocabulary(CONFIG).pad, real)
    assert drawn.targets.shape == drawn.weight.shape == drawn.scored.shape == (64, 1)


def test_the_words_are_the_most_frequent_that_were_learned_from() -> None:
    known = vocabulary(CONFIG)
    assert known.symbols[4:7] == ("the", "was", "it")
    assert vocabulary(SentimentConfig(words=10)).symbols == known.symbols[:14]
    assert known.decode(parts(CONFIG)[0].ids[:3]).split()


def test_every_review_is_scored_once_and_padding_changes_nothing() -> None:
    seen = []

    def predict(ids: torch.Tensor, condition: None, lengths: torch.Tensor) -> torch.Tensor:
        seen.extend(lengths.tolist())
        parity = torch.stack([ids[row, :length].sum() % 2 for row, length in enumerate(lengths.tolist())])
        return torch.nn.functional.one_hot(parity, 2).float()[:, None]

    figures = sentiment.evaluate(CONFIG, predict, torch.Generator())
    validation = parts(CONFIG)[1]
    assert sorted(seen) == sorted(validation.lengths.tolist())
    sums = [validation.ids[start:start + length].sum() % 2 for start, length in
            zip(validation.starts, validation.lengths, strict=True)]
    assert figures["accuracy"] == pytest.approx(np.mean(sums == validation.labels))
    right, loss = final_test(CONFIG, predict, torch.device("cpu"))
    assert right.shape == loss.shape == (1000,)
    wrong = np.log(1 + np.e)
    np.testing.assert_allclose(loss, np.where(right, wrong - 1, wrong), atol=1e-6)


def test_nothing_but_the_final_test_opens_the_test_set(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    monkeypatch.setattr(review_preparation, "to_test", lambda name, reader: opened.append(name) or 1 / 0)
    draw(0)
    sentiment.evaluate(CONFIG, lambda ids, _, lengths: torch.zeros(len(ids), 1, 2), torch.Generator())
    assert not opened
    with pytest.raises(ZeroDivisionError):
        final_test(CONFIG, lambda *_: None, torch.device("cpu"))


def test_labels_are_those_of_the_table_and_as_many_as_it_has() -> None:
    rows = "".join(f"{'so ' * k}fine,{'abc'[k % 3]}\n" for k in range(60))
    name = reviews.add(f"text,label\n{rows}".encode(), "Three")
    options = train_options()(task=SentimentConfig().model_copy(update={"corpus": name}))
    config = config_from(options).task_config
    assert config.labels == ("a", "b", "c"), "the command line's options begin with those of the made-up reviews"
    assert sentiment.dimensions(config).classes == 3
    assert set(sentiment.parts(config)[0].labels.tolist()) == {0, 1, 2}
    with pytest.raises(Fault, match="3 labels, and 2 are named"):
        sentiment.parts(SentimentConfig(corpus=name, labels=("x", "y")))


def test_a_config_can_be_read_without_the_data(monkeypatch: pytest.MonkeyPatch) -> None:
    table = "text,label\n" + "".join(f"fine {'y' * k},ja\npoor {'x' * k},nein\n" for k in range(20))
    name = reviews.add(table.encode(), "Mine")
    made = RunConfig(task={"name": "sentiment", "corpus": name})
    assert made.task["labels"] == ("ja", "nein")
    reviews._file(name).unlink()
    again = RunConfig.model_validate_json(made.model_dump_json())
    assert again == made
    assert again.task_spec.labels(again.task_config) == ("ja", "nein")
    with pytest.raises(Fault, match="no longer here"):
        parts(again.task_config)


@pytest.mark.parametrize(("task", "message"), [
    ({"corpus": "../secret"}, "no reviews called"), ({"words": 5}, "must be at least 10"),
    ({"longest": 2}, "must be at least 4"),
    ({"preparation": "other"}, "preparation of the text must be"),
    ({"preparation": []}, "preparation of the text must be"),
    ({"by": "tokens", "budget": 300}, "budget of 300 tokens is too small for sequences of up to 400"),
    ({"keep": "middle"}, "part that is kept of a long review must be"),
    ({"corpus": "reviews-0123456789abcdef"}, "no longer here")])
def test_a_config_that_cannot_be_is_refused(task: dict, message: str) -> None:
    with pytest.raises(ValidationError) as error:
        RunConfig(task={"name": "sentiment", **task})
    assert message in explain(error.value)


def test_as_many_words_as_that_are_not_read_one_hot() -> None:
    with pytest.raises(ValidationError) as error:
        RunConfig(task={"name": "sentiment", "words": 20_000}, network={"input": "one-hot"})
    assert explain(error.value).endswith("take an embedding.")


def test_order_tells_more_than_words(make: Callable[..., float]) -> None:
    """What the stand-in is for: a network that reads on understands it, one that knows single words does not."""
    assert make("lstm") > 0.95
    assert make("dense") < 0.85


@pytest.fixture
def make(tmp_path: Path) -> Callable[[str], float]:
    def made(model: str) -> float:
        fast = RECIPES["fast"].config
        config = RunConfig(**fast | {"steps": 250, "network": fast["network"] | {"model": model}, "device": "cpu"})
        run = create(tmp_path / "runs", config)
        status = train(run.path)
        assert status.state == "finished", status.message
        assert run.vocabulary.symbols == vocabulary(config.task_config).symbols
        return status.evaluation or 0.0
    return made
