from collections.abc import Callable

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from seqlab.tasks import tasks
from seqlab.tasks.hello import (
    EPOCHS,
    LONGEST,
    RECIPES,
    TASK,
    HelloConfig,
    batch,
    config_for,
    dimensions,
    evaluate,
    read,
    shipped,
)
from seqlab.training.config import RunConfig, explain

letters = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=LONGEST)
pairs = letters.flatmap(
    lambda word: st.tuples(st.just(word), st.text("abcxyz", min_size=len(word), max_size=len(word))))


def seeded() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def test_the_pair_of_the_course() -> None:
    config = HelloConfig()
    assert config.alphabet.symbols == "ehlo"
    assert config.inputs.tolist() == [[1, 0, 2, 2, 3]]
    assert config.targets.tolist() == [[3, 1, 2, 3, 2]]


@given(pairs)
def test_every_batch_is_the_pair_again(pair: tuple[str, str]) -> None:
    config = HelloConfig(word=pair[0], target=pair[1])
    drawn = batch(config, 4, seeded())
    assert drawn.inputs.shape == drawn.targets.shape == (4, len(pair[0]))
    assert {config.alphabet.decode(row.numpy()) for row in drawn.inputs} == {pair[0]}
    assert {config.alphabet.decode(row.numpy()) for row in drawn.targets} == {pair[1]}
    assert drawn.weight.all()
    assert drawn.scored.all()
    assert drawn.condition is None
    assert len(config.alphabet) == dimensions(config).symbols == dimensions(config).classes


def saying(text: str) -> Callable[..., torch.Tensor]:
    def predict(inputs: torch.Tensor, condition: torch.Tensor | None) -> torch.Tensor:
        ids = torch.from_numpy(HelloConfig().alphabet.encode(text))[None]
        return torch.nn.functional.one_hot(ids, 4).float()
    return predict


@pytest.mark.parametrize(("output", "accuracy"), [("ohlol", 1.0), ("ohlll", 0.8), ("eeeee", 0.0)])
def test_accuracy_is_the_share_of_right_letters(output: str, accuracy: float) -> None:
    assert evaluate(HelloConfig(), saying(output), seeded())["accuracy"] == pytest.approx(accuracy)


BAD = {
    ("h3llo", "ohlol"): "The word must hold only the letters a to z; take out 3.",
    ("héllo", "ohlol"): "The word must hold only the letters a to z; take out é.",
    ("hello", "ohl l"): "The word to say must hold only the letters a to z; take out U+0020.",
    ("", ""): "The word must have 1 to 12 letters; it has none.",
    ("hello", ""): "The word to say must have 1 to 12 letters; it has none.",
    ("hello", "hi"): "The word to say must have as many letters as the word, 5; it has 2.",
    ("a" * 13, "b" * 13): "The word must have 1 to 12 letters; it has 13.",
    ("a" * 100_000, "b"): "The word must have 1 to 12 letters; it has 100000.",
    ("Hello", "ohlol"): "The word must hold only the letters a to z; take out H.",
    ("\u202eab", "abc"): "The word must hold only the letters a to z; take out U+202E.",
}


@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize(("pair", "message"), BAD.items())
def test_a_pair_that_cannot_be_learned_is_refused_in_one_sentence(pair: tuple[str, str], message: str,
                                                                   recipe: str) -> None:
    with pytest.raises(ValidationError) as caught:
        RunConfig(**config_for(recipe, *pair))
    assert explain(caught.value) == message


def test_many_strange_letters_are_not_all_listed() -> None:
    with pytest.raises(ValidationError) as caught:
        RunConfig(**config_for("rnn", "".join(map(chr, range(0x400, 0x500))), "a"))
    assert len(explain(caught.value)) < 100
    assert explain(caught.value).endswith("….")


@pytest.mark.parametrize("recipe", RECIPES)
@given(pair=pairs)
def test_every_recipe_fits_every_pair(recipe: str, pair: tuple[str, str]) -> None:
    config = RunConfig(**config_for(recipe, *pair, seed=3))
    assert (config.steps, config.batch, config.evaluate_every, config.seed) == (EPOCHS, 1, 1, 3)
    if config.network.readout == "state":
        assert config.network.hidden == len({*pair[0], *pair[1]})


def test_the_published_networks_are_as_published() -> None:
    state, rnn, deep = (RunConfig(**config_for(recipe)) for recipe in ("state", "rnn", "embedding"))
    for config in (state, rnn):
        network = config.network
        assert (network.hidden, network.layers, network.input, network.readout) == (4, 1, "one-hot", "state")
    assert (state.optimiser.lr, state.reduction) == (0.1, "sum")
    assert (rnn.optimiser.lr, rnn.reduction) == (0.05, "mean")
    network = deep.network
    assert (network.embedding, network.layers, network.hidden, network.readout) == (10, 2, 8, "linear")
    assert (deep.optimiser.lr, deep.reduction) == (0.05, "mean")
    for config in (state, rnn, deep):
        assert (config.optimiser.name, config.optimiser.clip, config.network.model) == ("adam", None, "rnn_tanh")


def test_one_run_of_each_is_shipped() -> None:
    assert set(shipped()) == {f"hello-{recipe}" for recipe in RECIPES}
    assert {RunConfig(**config).network.model for config in shipped().values()} == {"rnn_tanh", "lstm", "gru"}


@pytest.mark.parametrize(("typed", "word"), [("Hello", "hello"), ("  ohlol\n", "ohlol"), ("", ""), ("a b", "a b")])
def test_what_a_person_types(typed: str, word: str) -> None:
    assert read(typed) == word


def test_the_task_is_found() -> None:
    assert tasks()["hello"] is TASK
