"""What judges a network, and other texts in its place."""

from pathlib import Path

import numpy as np
import pytest

from seqlab.data import corpora
from seqlab.errors import Fault
from seqlab.tasks import sentences, text
from seqlab.tasks.sentences import SentencesConfig
from seqlab.tasks.text import TextConfig

FOX = "The quick brown fox jumps over a lazy dog! " * 100
OTHER = "Zebras éat grass, said the old keeper. " * 30


@pytest.fixture(autouse=True)
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SEQLAB_CACHE", str(tmp_path))


@pytest.mark.parametrize("split", ["position", "d2l"])
def test_the_text_that_judges_is_read_as_its_ids(split: str) -> None:
    config = TextConfig(corpus=corpora.add(FOX.encode(), "Fox").name, split=split, num_steps=16)
    (held,) = text.passages(config)
    np.testing.assert_array_equal(config.alphabet.encode(held), text.parts(config)[1])


@pytest.mark.parametrize("split", ["position", "d2l"])
def test_another_text_is_scored_whole_and_once(split: str) -> None:
    config = TextConfig(corpus=corpora.add(FOX.encode(), "Fox").name, split=split, num_steps=16, preparation="plain")
    texts = text.passages(config, corpora.add(OTHER.encode(), "Other").name)
    assert texts[0].startswith("Zebras at grass")  # plain ASCII, as the network's own text
    ids = config.alphabet.encode(texts[0])
    scored = np.concatenate([row[first + 1:] for rows, first in text.scoring(config, texts) for row in rows])
    np.testing.assert_array_equal(scored, ids[1:1 + len(scored)])
    assert len(ids) - 1 - len(scored) < 16
    assert (scored == config.alphabet.unknown).any()  # Z, which the fox has not


def test_a_text_that_is_too_short_is_refused() -> None:
    config = TextConfig(corpus=corpora.add(FOX.encode(), "Fox").name, num_steps=16)
    with pytest.raises(Fault, match="too few for windows of 16"):
        list(text.scoring(config, ("too short",)))


def test_other_sentences_are_scored_without_the_characters_that_are_not_known() -> None:
    lines = [f"a sentence number {number}" for number in range(40)]
    config = SentencesConfig(corpus=corpora.add_table("\n".join(["text", *lines]).encode(), "Lines").name)
    assert set(sentences.passages(config)) < set(lines)
    other = sentences.passages(config, corpora.add(OTHER.encode(), "Other").name)
    assert other[0].startswith("Zebras at grass")
    rows, first = next(sentences.scoring(config, other))
    assert first == 0
    alphabet = config.alphabet
    assert alphabet.decode(rows[0][1:6]) == "ebras"
    assert rows[0][0] == alphabet.begin
    assert {alphabet.end, alphabet.pad} >= {rows[-1][-1]}
