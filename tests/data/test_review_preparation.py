"""Our way to prepare reviews and the published one: words, vocabulary, parts, labels."""

import random
from pathlib import Path

import numpy as np
import pytest

from seqlab.data import reviews, tokens
from seqlab.data.review_preparation import PREPARATIONS
from seqlab.data.vocabulary import MARKS
from seqlab.studies.published import PUBLISHED
from seqlab.tasks.sentiment import MOST_WORDS, SentimentConfig, parts, plan, vocabulary
from seqlab.tasks.sentiment_recipes import ALL_WORDS, EPOCH, RECIPES
from seqlab.training.config import RunConfig
from tests.support.data import SHARED, needs

WAYS = [pytest.param(name, id=name) for name in PREPARATIONS]


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEQLAB_CACHE", str(tmp_path / "cache"))


@pytest.mark.parametrize("name", WAYS)
def test_no_review_is_in_two_parts(name: str) -> None:
    way = PREPARATIONS[name]
    learned, validation = way.parts("opinions")
    assert (learned.file, validation.file) == ("train", "test" if way.test else "train")
    if not way.test:
        assert sorted([*learned.rows, *validation.rows]) == list(range(5000))
        assert len(validation.rows) == 1000
    assert way.tested("opinions").file == "test"


def test_the_published_validation_is_python_s_own_sample_sorted_by_length() -> None:
    learned, validation = PREPARATIONS["published"].parts("opinions")
    random.seed(0)
    assert sorted(validation.rows) == sorted(random.sample(range(5000), 1000))
    assert validation.labels.mean() != 0.5, "whatever their labels"
    for part in (learned, validation):
        assert (np.diff(part.tokens.lengths[part.rows]) >= 0).all()


def test_published_labels_and_words_are_the_others() -> None:
    ours, published = (SentimentConfig(words=100, preparation=name) for name in ("seqlab", "published"))
    assert (ours.labels, published.labels) == (("negative", "positive"), ("positive", "negative"))
    assert [config.named(1) for config in (ours, published)] == ["positive", "positive"]
    (learned, _), (texts, _) = published.way.parts("opinions"), parts(published)
    assert texts.labels.tolist() == (1 - learned.labels).tolist()
    assert published.way.words_of("<br />Café") == ["br", "caf"]
    assert ours.way.words_of("<br />Café") == ["café"]


def test_the_published_vocabulary_has_the_words_of_the_test_set(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {"train": [("good", 1), ("bad good", 0)] * 20, "test": [("good unseen", 1)]}
    monkeypatch.setattr(reviews, "rows", lambda name, part, progress=None: texts[part])
    tokens._cut.cache_clear()
    assert PREPARATIONS["published"].vocabulary("opinions") == ["good", "bad", "unseen"]
    assert PREPARATIONS["seqlab"].vocabulary("opinions") == ["good", "bad"]
    tokens._cut.cache_clear()


def test_a_table_of_ones_own_keeps_its_test_apart() -> None:
    rows = "".join(f"{'so ' * k}{word} row,{label}\n" for k in range(20)
                   for word, label in [("fine", "ja"), ("poor", "nein")])
    name = reviews.add(f"text,label\n{rows}".encode(), "Mine")
    for way in PREPARATIONS.values():
        learned, validation = way.parts(name)
        assert not set(learned.rows) & set(validation.rows)
        assert way.test is (validation.rows.tolist() == sorted(way.tested(name).rows))
        assert not set(learned.rows) & set(way.tested(name).rows)


@pytest.mark.slow
@needs("imdb_train.csv.gz", "imdb_test.csv.gz")
def test_imdb_has_as_many_words_and_parts_as_published(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEQLAB_DATA", str(SHARED))
    config = RunConfig(**RECIPES["published-mlp"].config)
    task = config.task_config
    known = vocabulary(task)
    assert len(known) == PUBLISHED["reviews/words"].value == len(MARKS) + ALL_WORDS
    learned, validation = parts(task)
    assert (len(learned.labels), len(validation.labels)) == (20_000, 5_000)
    every, test = PREPARATIONS["published-final"].parts("imdb")
    assert (len(every.rows), len(test.rows)) == (25_000, 25_000)
    assert every.tokens.lengths.max() == 2514 <= MOST_WORDS
    assert test.tokens.lengths.max() <= MOST_WORDS
    assert not np.isin(known.unknown, learned.ids), "every word is known, and no review is cut"
    assert plan(task, config.batch).steps == EPOCH
