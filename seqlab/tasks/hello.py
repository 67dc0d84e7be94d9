"""Hello: read one word, letter by letter, and output another; the smallest networks there are.

Source: the exercise of the course's lecture on recurrent networks, ``hello`` → ``ohlol`` with the alphabet ``ehlo``.
It prints the loss of an epoch before that epoch's update, so what stands there at epoch 15 is the loss after 14
updates.
"""

from string import ascii_lowercase
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Int
from pydantic import field_validator

from seqlab.data.batching import Batch
from seqlab.data.vocabulary import Vocabulary
from seqlab.described import Described
from seqlab.tasks import Dimensions, Figures, Predict, Recipe, Settings, Task

if TYPE_CHECKING:
    import torch

LONGEST = 12  # with all of its letters different, a pair of such words has an alphabet that can still be drawn
WORD, TARGET = "hello", "ohlol"
EPOCHS = 15


class HelloConfig(Described):
    """Settings of the hello task."""

    word: str = WORD
    """Word that the network reads, in letters a to z."""
    target: str = TARGET
    """Word that it learns to say, a letter for each letter that it reads, so both are equally long."""

    @field_validator("word", "target")
    @classmethod
    def _sayable(cls, text: str) -> str:
        outside = sorted(set(text) - set(ascii_lowercase))
        if outside:
            raise ValueError(f"must hold only the letters a to z; take out {' '.join(map(_shown, outside[:8]))}"
                             f"{' …' if len(outside) > 8 else ''}")
        if not 1 <= len(text) <= LONGEST:
            raise ValueError(f"must have 1 to {LONGEST} letters; it has {len(text) or 'none'}")
        return text

    @field_validator("target")
    @classmethod
    def _as_long(cls, target: str, info: object) -> str:
        word = getattr(info, "data", {}).get("word")  # None where it is invalid itself
        if isinstance(word, str) and len(word) != len(target):
            raise ValueError(f"must have as many letters as the word, {len(word)}; it has {len(target)}")
        return target

    @property
    def alphabet(self) -> Vocabulary:
        """The letters of both words, sorted."""
        return Vocabulary("".join(sorted(set(self.word + self.target))))

    @property
    def inputs(self) -> Int[np.ndarray, "1 time"]:
        """Ids of the word."""
        return self.alphabet.encode(self.word)[None]

    @property
    def targets(self) -> Int[np.ndarray, "1 time"]:
        """Ids of the target."""
        return self.alphabet.encode(self.target)[None]


def _shown(character: str) -> str:
    return character if character.isprintable() and not character.isspace() else f"U+{ord(character):04X}"


def dimensions(config: HelloConfig) -> Dimensions:
    """Sizes for the network: as many symbols in and out as there are letters."""
    return Dimensions(len(config.alphabet), len(config.alphabet))


def batch(config: HelloConfig, size: int, generator: "torch.Generator", step: int = 0) -> Batch:
    """Give the one word pair, ``size`` times over: every step is an epoch."""
    import torch

    inputs, targets = (torch.from_numpy(ids).to(generator.device).expand(size, -1).contiguous()
                       for ids in (config.inputs, config.targets))
    every = torch.ones_like(inputs, dtype=torch.float32)
    return Batch(inputs, targets, every, every)


def evaluate(config: HelloConfig, predict: Predict,
             generator: "torch.Generator") -> Figures:
    """Read the word once more; ``accuracy`` is the share of letters that are predicted right."""
    pair = batch(config, 1, generator)
    right = predict(pair.inputs, None).argmax(-1) == pair.targets
    return {"accuracy": right.double().mean().item()}


def read(typed: str) -> str:
    """Take a word as a person types it: without spaces around it, in small letters."""
    return typed.strip().lower()


_BASE = {"task": {"name": "hello", "word": WORD, "target": TARGET}, "batch": 1, "steps": EPOCHS, "evaluate_every": 1,
         "device": "cpu"}


def _adam(lr: float) -> Settings:
    return {"name": "adam", "lr": lr, "clip": None}


def _state(lr: float, **more: object) -> Settings:
    network = {"model": "rnn_tanh", "hidden": 4, "input": "one-hot", "readout": "state"}
    return _BASE | {"network": network, "optimiser": _adam(lr)} | more


def _deep(model: str, lr: float = 0.05) -> Settings:
    network = {"model": model, "hidden": 8, "layers": 2, "input": "embedding", "embedding": 10}
    return _BASE | {"network": network, "optimiser": _adam(lr)}


RECIPES = {
    "state": Recipe("RNN cell", "One unit for each letter: the hidden state is the score. Adam at 0.1; the loss is "
                    "summed over the letters.", _state(0.1, reduction="sum")),
    "rnn": Recipe("RNN", "The same network. Adam at 0.05; the loss is the mean over the letters, so it reads smaller.",
                  _state(0.05)),
    "embedding": Recipe("Embedding + RNN", "Each letter becomes 10 learned numbers; two layers of 8 units; a linear "
                        "layer gives the scores. Adam at 0.05.", _deep("rnn_tanh")),
    "lstm": Recipe("LSTM", "The exercise: the third network with LSTM cells, four times the weights in each layer. "
                   "Adam at 0.1.", _deep("lstm", 0.1)),
    "gru": Recipe("GRU", "The exercise: the third network with GRU cells, three times the weights in each layer. "
                  "Adam at 0.1.", _deep("gru", 0.1)),
}


def config_for(recipe: str, word: str = WORD, target: str = TARGET, **more: object) -> Settings:
    """Write the config of a recipe for a word pair; a state that is the scores gets one unit for each letter.

    Raises KeyError for an unknown recipe; ``RunConfig`` says what is wrong with the words.
    """
    made = RECIPES[recipe].config
    network = made["network"]
    if network.get("readout") == "state":
        network = network | {"hidden": max(1, len({*word, *target}))}
    return made | {"task": made["task"] | {"word": word, "target": target}, "network": network} | more


# Seeds whose loss lies near the median of twenty, and whose networks have learned the word.
_SHIPPED = {"state": 2, "rnn": 11, "embedding": 8, "lstm": 15, "gru": 4}


def shipped() -> dict[str, Settings]:
    """Config of each shipped run by its id."""
    return {f"hello-{recipe}": config_for(recipe, seed=seed, name=f"{RECIPES[recipe].label}, {WORD} → {TARGET}")
            for recipe, seed in _SHIPPED.items()}


TASK = Task("hello", "Hello", HelloConfig, dimensions, batch, evaluate, RECIPES, chance=1 / len({*WORD, *TARGET}),
            alphabet=lambda config: config.alphabet.symbols, shipped=shipped)
