from pathlib import Path

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from seqlab.data import corpora
from seqlab.data.vocabulary import END
from seqlab.errors import Fault
from seqlab.studies.published import PUBLISHED
from seqlab.tasks import sentences
from seqlab.tasks.sentences import SentencesConfig, batch, dimensions, divided, evaluate, parts, unknown_characters
from seqlab.training.config import RunConfig, explain
from tests.support.data import SHARED, needs

WORDS = ("dog", "cat", "bird", "horse", "mouse")


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """The name of a table of 200 sentences of 9 to 43 characters."""
    monkeypatch.setenv("SEQLAB_CACHE", str(tmp_path))
    rows = [f"the {' '.join(WORDS[(row + k) % 5] for k in range(1 + row % 7))} {row}" for row in range(200)]
    return corpora.add_table(("text\n" + "\n".join(rows)).encode(), "Animals").name


def seeded(seed: int = 1) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_sentences_are_divided_once_and_for_all_and_share_nothing(table: str) -> None:
    learned, held = divided(table)
    assert (len(learned), len(held)) == (180, 20)
    assert not set(learned) & set(held)
    assert divided(table) == (learned, held)


def test_rows_begin_end_and_are_padded(table: str) -> None:
    config = SentencesConfig(corpus=table)
    alphabet, rows = config.alphabet, parts(config)[0]
    assert dimensions(config).symbols == len(alphabet) == len(config.letters) + 3
    assert (rows[:, 0] == alphabet.begin).all()
    assert ((rows == alphabet.end).sum(1) == 1).all()
    first = rows[0][rows[0] != alphabet.pad]
    assert alphabet.decode(first[1:].astype(np.int64)) == divided(table)[0][0] + END


def test_a_batch_holds_sentences_of_similar_lengths_and_padding_does_not_count(table: str) -> None:
    config = SentencesConfig(corpus=table)
    shares = []
    for seed in range(20):
        drawn = batch(config, 8, seeded(seed))
        real = drawn.targets != config.pad
        assert torch.equal(drawn.weight.bool(), real)
        assert torch.equal(drawn.inputs[:, 1:][real[:, :-1]], drawn.targets[:, :-1][real[:, :-1]])
        assert not real.all(1).logical_not().all(), "the longest sentence fills its row"
        shares.append(real.float().mean().item())
    rows = parts(config)[0][:, 1:]
    picked = [rows[np.random.default_rng(seed).integers(0, 180, 8)] != config.pad for seed in range(20)]
    drawn_at_random = np.mean([real[:, :real.sum(1).max()].mean() for real in picked])
    assert np.mean(shares) > 0.93 > drawn_at_random + 0.1


def test_every_sentence_is_as_likely(table: str) -> None:
    config = SentencesConfig(corpus=table)
    counts: dict[bytes, int] = {}
    for seed in range(400):
        for row in batch(config, 18, seeded(seed)).targets.numpy():
            key = row[row != config.pad].tobytes()
            counts[key] = counts.get(key, 0) + 1
    assert len(counts) == 180
    drawn = np.array(list(counts.values()))  # 40 of each on average
    lengths = np.array([len(key) for key in counts])
    assert drawn.min() > 12
    assert abs(np.corrcoef(drawn, lengths)[0, 1]) < 0.25


def test_the_loss_is_a_mean_over_characters_with_the_end_and_without_padding(table: str) -> None:
    config = SentencesConfig(corpus=table)
    size = len(config.alphabet)
    guess = evaluate(config, lambda inputs, condition: torch.zeros(*inputs.shape, size), seeded())
    assert guess["loss"] == pytest.approx(np.log(size))

    def only_ends(inputs: torch.Tensor, condition: None) -> torch.Tensor:
        logits = torch.full((*inputs.shape, size), 0.0)
        logits[..., config.alphabet.end] = 100.0
        return logits

    held = divided(table)[1]
    characters = sum(map(len, held))
    figures = evaluate(config, only_ends, seeded())
    assert figures["accuracy"] == pytest.approx(len(held) / (characters + len(held)))
    assert figures["loss"] == pytest.approx(100 * characters / (characters + len(held)), rel=1e-5)


def test_characters_unseen_in_training_are_left_out_and_counted(table: str) -> None:
    config = SentencesConfig(corpus=table, letters=" abcdeghmnorstu")
    missing = unknown_characters(config)
    assert missing["i"] == "".join(divided(table)[1]).count("i")
    assert "a" not in missing
    ids = parts(config)[1]
    assert ids.max() < len(config.alphabet)


def test_longer_sentences_are_cut(table: str) -> None:
    config = SentencesConfig(corpus=table, longest=10)
    assert parts(config)[0].shape[1] <= 12
    assert dimensions(config).longest == 11


def test_a_sentence_that_comes_again_is_in_one_part_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SEQLAB_CACHE", str(tmp_path))
    rows = "".join(f"a sentence, the {k % 40 + 10}th\n" for k in range(400))
    training, validation = divided(corpora.add_table(f"text\n{rows}".encode(), "Again").name)
    assert (len(training), len(validation), len(set(validation))) == (360, 40, 4)
    assert not set(training) & set(validation)


def test_too_few_sentences_are_a_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SEQLAB_CACHE", str(tmp_path))
    name = corpora.add_table(b"text\none sentence here\nand another\n", "Two").name
    with pytest.raises(Fault, match="2 different sentences here, too few"):
        divided(name)


def test_the_text_that_comes_with_python_has_sentences() -> None:
    learned, _ = divided("python-topics")
    assert len(learned) > 1000
    assert not any("\n" in sentence for sentence in learned)
    assert sentences.TASK.next_symbol(sentences.TASK.config())


def test_the_published_preparation_ends_each_sentence_with_a_line_end_before_END(table: str) -> None:
    config = SentencesConfig(corpus=table, preparation="published")
    alphabet, rows = config.alphabet, parts(config)[0]
    assert config.letters[0] == "\n"
    ends = rows == alphabet.end
    assert (rows[np.roll(ends, -1, 1)] == alphabet.encode("\n")[0]).all()
    assert sentences.passages(config)[0] == sentences.passages(SentencesConfig(corpus=table))[0] + "\n"


def test_without_replacement_every_sentence_has_its_turn_once_an_epoch(table: str) -> None:
    config = SentencesConfig(corpus=table, sampling="epochs")
    for first in (0, 3):
        drawn = [batch(config, 64, seeded(), first + step) for step in range(3)]
        assert [len(one.inputs) for one in drawn] == [64, 64, 52]
        rows = {row[row != config.pad].tobytes() for one in drawn for row in one.targets.numpy()}
        assert len(rows) == 180
    assert not torch.equal(batch(config, 64, seeded(), 0).targets, batch(config, 64, seeded(), 3).targets)
    assert torch.equal(batch(config, 64, seeded(), 7).targets, batch(config, 64, seeded(), 7).targets)


@pytest.mark.parametrize(("task", "message"), [
    ({"preparation": "wild"}, "The preparation of the text must be 'tidy', 'published' or 'whole'"),
    ({"sampling": "twice"}, "The way that batches are drawn must be 'replacement' or 'epochs'")])
def test_a_setting_that_is_none_is_refused(table: str, task: dict[str, str], message: str) -> None:
    with pytest.raises(ValidationError) as error:
        RunConfig(task={"name": "sentences", "corpus": table, **task})
    assert explain(error.value).startswith(message)


@needs("colbert_dev.csv")
def test_the_test_sentences_of_the_source_have_the_published_characters(
        monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SEQLAB_CACHE", str(tmp_path))
    name = corpora.add_table((SHARED / "colbert_dev.csv").read_bytes(), "Short sentences").name
    every = sentences.sentences(name, "published")
    assert len(every) == 40_000
    assert sum(map(len, every)) == PUBLISHED["sentences/characters"].value
    assert {min(map(len, every)), max(map(len, every))} == {32, 100}
    assert len(sentences.sentences(name)) == 39_999  # one of them is Greek
    config = SentencesConfig(corpus=name, preparation="published")
    assert len(config.letters) == 95
    assert dimensions(config).symbols == 98
    assert parts(config)[0].dtype == np.int16
