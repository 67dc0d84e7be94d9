from collections.abc import Callable

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from torch.overrides import TorchFunctionMode

from seqlab.tasks import tasks
from seqlab.tasks.echo import (
    ALPHABET,
    BLANK,
    LONGEST_WORD,
    TASK,
    EchoConfig,
    batch,
    correct,
    dimensions,
    evaluate,
    inputs_for,
    read,
    shifted,
    target_for,
)

configs = st.builds(EchoConfig, form=st.sampled_from(["fixed", "variable"]), delay=st.integers(0, 32),
                    length=st.integers(1, 40), loss_on=st.sampled_from(["all", "echo"]), endings=st.booleans())


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


class Counted(TorchFunctionMode):
    """Counts the calls into torch."""

    calls = 0

    def __torch_function__(self, function: Callable, kinds: object, args: tuple = (), kwargs: dict | None = None):
        self.calls += 1
        return function(*args, **(kwargs or {}))


@given(configs, st.integers(1, 20), st.integers(0, 1000))
def test_the_target_is_the_input_delayed(config: EchoConfig, size: int, seed: int) -> None:
    made = batch(config, size, seeded(seed))
    delays = made.condition if config.form == "variable" else torch.full((size,), config.delay)
    for inputs, target, delay in zip(made.inputs.tolist(), made.targets.tolist(), delays.tolist(), strict=True):
        assert target == ([BLANK] * delay + inputs)[:config.length]


@given(configs, st.integers(1, 20), st.integers(0, 1000))
def test_shapes_delays_and_letters(config: EchoConfig, size: int, seed: int) -> None:
    made = batch(config, size, seeded(seed))
    for part in (made.inputs, made.targets, made.weight, made.scored):
        assert part.shape == (size, config.length)
    assert made.tokens == size * config.length
    assert made.inputs.dtype == made.targets.dtype == torch.int64
    assert int(made.inputs.max()) < len(ALPHABET)
    assert (made.condition is None) is (config.form == "fixed")
    if made.condition is not None:
        assert made.condition.shape == (size,)
        assert 0 <= int(made.condition.min()) <= int(made.condition.max()) <= config.delay


@given(configs, st.integers(1, 20), st.integers(0, 1000))
def test_what_counts(config: EchoConfig, size: int, seed: int) -> None:
    made = batch(config, size, seeded(seed))
    delays = made.condition if made.condition is not None else torch.full((size,), config.delay)
    echo = torch.arange(config.length) >= delays[:, None]
    assert torch.equal(made.scored, echo.float())
    assert torch.equal(made.weight, echo.float() if config.loss_on == "echo" else torch.ones(size, config.length))


def test_every_delay_and_every_letter_is_drawn() -> None:
    made = batch(EchoConfig(delay=8, length=20), 2000, seeded())
    assert set(made.condition.tolist()) == set(range(9))
    assert set(made.inputs.flatten().tolist()) == set(range(1, 27))
    counts = torch.bincount(made.condition, minlength=9) / 2000
    assert (counts - 1 / 9).abs().max() < 0.03


@given(st.integers(0, 12), st.sampled_from(["fixed", "variable"]), st.integers(0, 1000))
def test_endings_are_at_most_the_delay(delay: int, form: str, seed: int) -> None:
    made = batch(EchoConfig(form=form, delay=delay, length=20, endings=True), 64, seeded(seed))
    delays = made.condition if made.condition is not None else torch.full((64,), delay)
    blank = made.inputs == BLANK
    ending = blank.sum(1)
    assert (ending <= delays).all()
    # Blanks stand at the end and nowhere else.
    assert torch.equal(blank, torch.arange(20) >= 20 - ending[:, None])


def test_half_of_the_sequences_may_end_in_blanks_and_all_lengths_of_ending_occur() -> None:
    made = batch(EchoConfig(form="fixed", delay=4, length=20, endings=True), 5000, seeded())
    shares = torch.bincount((made.inputs == BLANK).sum(1), minlength=5) / 5000
    assert shares.tolist() == pytest.approx([0.6, 0.1, 0.1, 0.1, 0.1], abs=0.03)


def test_a_seed_fixes_a_batch() -> None:
    config = EchoConfig(endings=True)
    first, again, other = (batch(config, 16, seeded(seed)) for seed in (7, 7, 8))
    for name in ("inputs", "targets", "weight", "scored", "condition"):
        assert torch.equal(getattr(first, name), getattr(again, name))
    assert not torch.equal(first.inputs, other.inputs)


def test_the_global_generator_is_left_alone() -> None:
    torch.manual_seed(3)
    expected = torch.rand(1)
    torch.manual_seed(3)
    batch(EchoConfig(endings=True), 16, seeded())
    assert torch.equal(torch.rand(1), expected)


def test_no_call_for_each_symbol_or_sequence() -> None:
    calls = []
    for size, length in ((2, 2), (10_000, 20)):
        with Counted() as counted:
            batch(EchoConfig(length=length, endings=True), size, seeded())
        calls.append(counted.calls)
    assert calls[0] == calls[1] < 60


def test_a_delay_longer_than_the_sequence_leaves_blanks() -> None:
    made = batch(EchoConfig(form="fixed", delay=9, length=4), 3, seeded())
    assert (made.targets == BLANK).all()
    assert not made.scored.any()


def test_shifted_by_hand() -> None:
    targets, echo = shifted(torch.tensor([[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]]), torch.tensor([0, 2, 7]))
    assert targets.tolist() == [[1, 2, 3, 4], [0, 0, 5, 6], [0, 0, 0, 0]]
    assert echo.tolist() == [[True] * 4, [False, False, True, True], [False] * 4]


@pytest.mark.parametrize(("form", "conditions"), [("fixed", 0), ("variable", 6)])
def test_dimensions(form: str, conditions: int) -> None:
    sizes = dimensions(EchoConfig(form=form, delay=5))
    assert (sizes.symbols, sizes.classes, sizes.conditions, sizes.memory) == (27, 27, conditions, 5)


def perfect(config: EchoConfig) -> Callable[..., torch.Tensor]:
    def predict(inputs: torch.Tensor, condition: torch.Tensor | None) -> torch.Tensor:
        delays = torch.full((len(inputs),), config.delay) if condition is None else condition
        return torch.nn.functional.one_hot(shifted(inputs, delays)[0], len(ALPHABET)).float()
    return predict


def constant(inputs: torch.Tensor, condition: torch.Tensor | None) -> torch.Tensor:
    return torch.nn.functional.one_hot(torch.full_like(inputs, 5), len(ALPHABET)).float()


@pytest.mark.parametrize("form", ["fixed", "variable"])
def test_a_perfect_echo_is_right_everywhere(form: str) -> None:
    config = EchoConfig(form=form, delay=8)
    figures = evaluate(config, perfect(config), seeded())
    assert figures["accuracy"] == 1.0
    assert figures["by_delay"] == dict.fromkeys(config.delays, 1.0)


@pytest.mark.parametrize("form", ["fixed", "variable"])
def test_a_constant_answer_is_at_chance(form: str) -> None:
    config = EchoConfig(form=form, delay=4)
    figures = evaluate(config, constant, seeded(), strings=6000)
    assert figures["accuracy"] == pytest.approx(1 / 26, abs=0.004)
    assert all(share == pytest.approx(1 / 26, abs=0.01) for share in figures["by_delay"].values())


def test_an_echo_one_step_late_is_at_chance() -> None:
    config = EchoConfig(form="fixed", delay=4)
    late = perfect(EchoConfig(form="fixed", delay=5))
    assert evaluate(config, late, seeded(), strings=2000)["accuracy"] < 0.06


def test_one_bad_delay_shows_under_its_name() -> None:
    config = EchoConfig(delay=3)

    def predict(inputs: torch.Tensor, condition: torch.Tensor) -> torch.Tensor:
        wrong = torch.where(condition == 2, condition + 1, condition)
        return perfect(config)(inputs, wrong)

    figures = evaluate(config, predict, seeded(), strings=2000)
    assert figures["by_delay"][2] < 0.1
    assert [figures["by_delay"][delay] for delay in (0, 1, 3)] == [1, 1, 1]
    letters = (20, 19, 18, 17)  # after each delay, in a string of 20 on average
    right = sum(count * share for count, share in zip(letters, figures["by_delay"].values(), strict=True))
    assert figures["accuracy"] == pytest.approx(right / sum(letters))


def test_only_the_positions_after_the_delay_are_scored() -> None:
    config = EchoConfig(form="fixed", delay=4)

    def predict(inputs: torch.Tensor, condition: torch.Tensor | None) -> torch.Tensor:
        answer = perfect(config)(inputs, condition)
        answer[:, :4] = torch.nn.functional.one_hot(torch.tensor(9), len(ALPHABET)).float()
        return answer

    right, scored = correct(predict, config, torch.full((10,), 4), torch.arange(11, 21), seeded())
    assert right.shape == scored.shape == (10, 20)
    assert scored.sum(1).tolist() == list(range(7, 17))
    assert not scored[:, :4].any()
    assert (right == scored).all()


def test_evaluation_reads_15_to_25_fresh_letters_of_every_delay(monkeypatch: pytest.MonkeyPatch) -> None:
    config, seen = EchoConfig(delay=8), []

    def predict(inputs: torch.Tensor, condition: torch.Tensor) -> torch.Tensor:
        assert (inputs != BLANK).all()
        seen.append((inputs, condition))
        return perfect(config)(inputs, condition)

    scored = []

    def spy(*args: object) -> tuple[torch.Tensor, torch.Tensor]:
        scored.append(correct(*args)[1])
        return scored[-1], scored[-1]

    monkeypatch.setattr("seqlab.tasks.echo.correct", spy)
    evaluate(config, predict, seeded())
    (inputs, delays), = seen
    assert len(inputs) >= 500
    lengths = scored[0].sum(1) + delays
    assert {*zip(lengths.tolist(), delays.tolist(), strict=True)} == {(n, d) for n in range(15, 26) for d in range(9)}
    assert len({tuple(row) for row in inputs.tolist()}) == len(inputs)


@pytest.mark.parametrize("form", ["fixed", "variable"])
@pytest.mark.parametrize("delay", [14, 15, 25, 32])
def test_a_long_delay_is_scored_too(form: str, delay: int) -> None:
    config = EchoConfig(form=form, delay=delay)
    assert evaluate(config, perfect(config), seeded())["accuracy"] == 1.0
    assert evaluate(config, constant, seeded())["accuracy"] < 0.2


@pytest.mark.parametrize(("typed", "word", "message"), [
    ("hello", "hello", ""),
    ("", "", ""),
    ("   ", "", ""),
    ("Hello World", "helloworld", ""),
    ("h3llo!", "hllo", "left out ! 3."),
    ("na\u00efve", "nave", "left out \u00ef."),
    ("e\u0301cho", "echo", "left out \u0301."),
    ("\U0001f600", "", "left out \U0001f600."),
    ("\u0130stanbul", "istanbul", "left out \u0307."),
    ("\u212aelvin", "kelvin", ""),
    ("a·b", "ab", "left out ·."),
    ("a\nb\tc", "abc", ""),
])
def test_what_a_person_types(typed: str, word: str, message: str) -> None:
    letters, note = read(typed)
    assert letters == word
    assert (note == "") is (message == "")
    assert note.endswith(message)


def test_ten_thousand_letters_are_cut_and_said() -> None:
    word, note = read("a" * 10_000)
    assert word == "a" * LONGEST_WORD
    assert note == "Only the first 60 of 10000 letters are shown."


def test_many_strange_characters_are_not_all_listed() -> None:
    word, note = read("".join(map(chr, range(0x400, 0x500))))
    assert word == ""
    assert note.endswith(" ….")
    assert len(note) < 100


@given(st.text())
def test_anything_typed_becomes_a_word_that_can_be_echoed(typed: str) -> None:
    word, note = read(typed)
    assert len(word) <= LONGEST_WORD
    assert set(word) <= set(ALPHABET.symbols[1:])
    assert "\n" not in note
    assert inputs_for(word, 3).shape == (1, len(word) + 3)


@pytest.mark.parametrize(("word", "delay"), [("hello", 0), ("hello", 3), ("ab", 8), ("", 2)])
def test_a_word_and_its_echo_are_aligned(word: str, delay: int) -> None:
    ids, target = inputs_for(word, delay)[0], target_for(word, delay)
    assert len(ids) == len(target) == len(word) + delay
    assert ALPHABET.decode(ids) == word + "·" * delay
    expected, _ = shifted(torch.from_numpy(ids)[None], torch.tensor([delay]))
    assert ALPHABET.decode(expected[0].numpy()) == target


@pytest.mark.parametrize("bad", [{"delay": -1}, {"delay": 33}, {"length": 0}, {"length": 501}, {"form": "slow"},
                                 {"loss_on": "none"}, {"speed": 3}, {"delay": "soon"}])
def test_bad_settings_are_refused(bad: dict) -> None:
    with pytest.raises(ValidationError):
        EchoConfig(**bad)


def test_the_task_is_found() -> None:
    assert tasks()["echo"] is TASK


@given(st.integers(0, 300), st.integers(1, 5), st.integers(1, 40))
def test_an_epoch_has_every_string_once_from_each_worker(strings: int, loaders: int, size: int) -> None:
    config = EchoConfig(strings=strings, loaders=loaders)
    updates = config.updates(size)
    sizes = [config.size_at(step, size) for step in range(2 * updates)]
    assert sum(sizes) == 2 * strings * loaders
    assert sizes[:updates] == sizes[updates:]
    assert set(sizes[:-loaders]) <= {size, strings % size}
    assert config.size_at(7, size) == size or strings


@pytest.mark.parametrize(("step", "size"), [(0, 4), (3, 4), (4, 2), (5, 2), (6, 4)])
def test_the_last_batch_of_each_worker_is_what_remains(step: int, size: int) -> None:
    assert len(batch(EchoConfig(strings=10, loaders=2), 4, seeded(), step).inputs) == size
