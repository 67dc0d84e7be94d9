
from pathlib import Path

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from seqlab.data import corpora
from seqlab.data.vocabulary import UNKNOWN
from seqlab.errors import Fault
from seqlab.tasks import text
from seqlab.tasks.text import TextConfig, batch, dimensions, evaluate, parts, scoring
from seqlab.tasks.text_symbols import LETTERS
from tests.support.data import SHARED, need

ALPHABETIC = "the quick brown fox jumps over a lazy dog " * 100


@pytest.fixture
def fox(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """The name of a text of 4,200 characters that a person added."""
    monkeypatch.setenv("SEQLAB_CACHE", str(tmp_path))
    return corpora.add(ALPHABETIC.encode(), "Fox").name


def seeded(seed: int = 1) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def read(config: TextConfig, ids: np.ndarray | torch.Tensor) -> str:
    return config.alphabet.decode(np.asarray(ids))


def test_the_time_machine_is_prepared_as_d2l_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    need("timemachine.txt")
    monkeypatch.setenv("SEQLAB_DATA", str(SHARED))
    config = TextConfig(split="d2l", num_steps=32)
    assert len(corpora.prepared(config.corpus, "letters")) == 173_428  # d2l's own count of its tokens
    assert dimensions(config).symbols == 28
    learned, held = parts(config)
    assert (len(learned), len(held)) == (10_032, 5_032)
    assert read(config, learned[:16]) == "the time machine"
    # It judges by windows that overlap with what was learned from; the honest split shares nothing.
    np.testing.assert_array_equal(learned[10_000:], held[:32])
    every = TextConfig()
    assert sum(map(len, parts(every))) == 173_428
    assert len(parts(every)[0]) == int(0.9 * 173_428)


def test_a_window_s_targets_are_its_inputs_one_step_later(fox: str) -> None:
    config = TextConfig(corpus=fox, num_steps=12)
    drawn = batch(config, 5, seeded())
    assert drawn.inputs.shape == drawn.targets.shape == (5, 12)
    assert torch.equal(drawn.inputs[:, 1:], drawn.targets[:, :-1])
    assert drawn.place is None
    assert all(read(config, row) in ALPHABETIC for row in drawn.inputs)
    assert len({read(config, row) for row in batch(config, 64, seeded()).inputs}) > 10


def test_windows_that_follow_one_another_read_the_whole_text(fox: str) -> None:
    config = TextConfig(corpus=fox, num_steps=10, carry=True)
    lane = (len(parts(config)[0]) - 1) // 3
    steps = lane // 10
    drawn = [batch(config, 3, seeded(), step) for step in range(steps + 1)]
    assert [one.place for one in drawn] == [*range(steps), 0]
    row = torch.cat([one.inputs[1] for one in drawn[:steps]])
    assert read(config, row) == corpora.prepared(fox, "letters")[lane:lane + 10 * steps]
    assert torch.equal(drawn[0].inputs, drawn[steps].inputs)


def test_without_replacement_every_window_comes_once_an_epoch(fox: str) -> None:
    config = TextConfig(corpus=fox, num_steps=12, sampling="epochs")
    windows = len(parts(config)[0]) - 12
    steps = -(-windows // 64)
    epoch = torch.cat([batch(config, 64, seeded(), step).inputs for step in range(steps)])
    text = corpora.prepared(fox, "letters")
    assert sorted(read(config, row) for row in epoch) == sorted(text[place:place + 12] for place in range(windows))
    again = batch(config, 64, seeded(), steps)
    assert len(again.inputs) == 64
    assert not torch.equal(again.inputs, epoch[:64])
    assert torch.equal(again.inputs, batch(config, 64, seeded(), steps).inputs)
    with pytest.raises(ValidationError, match="are not shuffled"):
        TextConfig(corpus=fox, carry=True, sampling="epochs")


def test_no_scored_character_was_learned_from_and_each_is_scored_once(fox: str) -> None:
    config = TextConfig(corpus=fox, num_steps=16)
    held = parts(config)[1]
    scored = [window[0][first + 1:] for rows, first in scoring(config) for window in rows[:, None]]
    again = np.concatenate(scored)
    # Each character of the held-out text but its first, in order; a rest shorter than half a window may be left.
    np.testing.assert_array_equal(again, held[1:1 + len(again)])
    assert len(held) - 1 - len(again) < 8


@pytest.mark.slow
@pytest.mark.parametrize("split", ["position", "d2l"])
@pytest.mark.parametrize("num_steps", [1, 2, 7, 32])
def test_a_network_that_always_knows_loses_nothing_and_one_that_guesses_loses_the_logarithm(
        fox: str, split: str, num_steps: int) -> None:
    config = TextConfig(corpus=fox, split=split, num_steps=num_steps)
    following = {}
    held = read(config, parts(config)[1])
    for place in range(8, len(held)):
        following[held[place - 8:place]] = held[place]

    def knows(inputs: torch.Tensor, condition: None) -> torch.Tensor:
        logits = torch.zeros(*inputs.shape, 28)
        for row, ids in enumerate(inputs):
            for time in range(len(ids)):
                before = read(config, ids[:time + 1])[-8:]
                if before in following:
                    logits[row, time, config.alphabet.places[following[before]]] = 50.0
        return logits

    guess = evaluate(config, lambda inputs, condition: torch.zeros(*inputs.shape, 28), seeded())
    assert guess["loss"] == pytest.approx(np.log(28))
    if num_steps == 32:
        known = evaluate(config, knows, seeded())
        assert known["loss"] < guess["loss"] / 2
        assert known["accuracy"] > 0.7


def test_letters_are_those_of_the_part_that_is_learned_from(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SEQLAB_CACHE", str(tmp_path))
    name = corpora.add(("ab ba! " * 90 + "ab zz? " * 10).encode(), "Strange").name
    config = TextConfig(corpus=name, preparation="whole", num_steps=4)
    assert config.letters == " !ab"
    assert read(config, parts(config)[1][:7]) == f"ab {UNKNOWN * 3} "
    assert TextConfig(**config.model_dump()) == config
    assert TextConfig(corpus=name).letters == LETTERS


def test_a_run_s_config_needs_no_text_to_be_read(fox: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    whole = TextConfig(corpus=fox, preparation="whole").model_dump()
    monkeypatch.setenv("SEQLAB_CACHE", str(tmp_path / "elsewhere"))
    corpora._own.cache_clear()
    assert TextConfig(**whole).alphabet.places["q"]
    with pytest.raises(Fault, match="no longer here; add the file again"):
        corpora.corpus(fox)


@pytest.mark.parametrize(("changes", "message"), [
    ({"corpus": "../../etc/passwd"}, "no text called"),
    ({"num_steps": 0}, "greater than or equal to 1"),
    ({"num_steps": 5000}, "less than or equal to 2048"),
    ({"letters": "aab"}, "all of them different"),
    ({"preparation": "whole", "corpus": "text-0123456789abcdef"}, "no longer here"),
])
def test_settings_that_cannot_be_are_refused(changes: dict, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        TextConfig(**changes)


@pytest.mark.parametrize(("changes", "message"), [
    ({"num_steps": 2000}, "too few for windows of 2000"),
    ({"num_steps": 400, "split": "position"}, "too few for windows of 400"),
])
def test_windows_longer_than_the_text_are_a_fault(fox: str, changes: dict, message: str) -> None:
    config = TextConfig(corpus=fox, **changes)
    if changes["num_steps"] == 400:
        config = TextConfig(corpus=fox, num_steps=420)
        message = "windows of 420"
    with pytest.raises(Fault, match=message):
        batch(config, 2, seeded())


def test_more_places_than_a_text_has_room_for_are_a_fault(fox: str) -> None:
    with pytest.raises(Fault, match="take a smaller batch"):
        batch(TextConfig(corpus=fox, num_steps=100, carry=True), 64, seeded())


def test_recipes_are_whole_configs() -> None:
    from seqlab.training.config import RunConfig

    for recipe in text.RECIPES.values():
        assert RunConfig(**recipe.config).task_spec is text.TASK


@pytest.mark.parametrize("unit", ["word", "piece"])
def test_a_text_is_read_by_words_or_pieces_of_them(fox: str, unit: str) -> None:
    config = TextConfig(corpus=fox, unit=unit, most=40, num_steps=8, preparation="plain")
    assert config.letters == ""
    assert dimensions(config).symbols == len(config.tokens) + 1 <= 41
    learned, held = parts(config)
    assert len(learned) + len(held) < len(ALPHABETIC) * 0.75
    whole = read(config, learned) + config.alphabet.gap + read(config, held)
    assert (whole.split() if unit == "word" else whole) == (ALPHABETIC.split() if unit == "word" else
                                                            corpora.prepared(fox, "plain"))
    assert TextConfig.model_validate_json(config.model_dump_json()) == config  # without the text
    drawn = batch(config, 3, seeded())
    assert torch.equal(drawn.inputs[:, 1:], drawn.targets[:, :-1])
    assert sum(rows.shape[0] * (rows.shape[1] - 1 - first) for rows, first in scoring(config)) <= len(held)


@pytest.mark.parametrize(("settings", "problem"), [
    ({"unit": "word", "most": 3}, "The vocabulary can have 16 to 4,000 tokens"),
    ({"unit": "word", "split": "d2l"}, "the split d2l is one of characters"),
    ({"unit": "word", "tokens": ("the quick",)}, "must be one word or one mark"),
    ({"unit": "piece", "tokens": ("a", "b", "abc")}, "no two pieces before 'abc' make it"),
    ({"unit": "piece", "tokens": ("a", "a")}, "all of them different"),
    ({"unit": "piece", "tokens": ("x" * 33,)}, "of 1 to 32 characters"),
    ({"tokens": ("the",)}, "a network that reads characters has none"),
    ({"unit": "word", "preparation": "whole", "corpus": "text-0123456789abcdef"}, "no longer here"),
])
def test_a_vocabulary_that_cannot_be_is_refused(fox: str, settings: dict[str, object], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        TextConfig(**{"corpus": fox} | settings)
