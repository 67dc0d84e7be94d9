"""Text: read a book character by character and predict the next one each time.

Source of the split ``d2l`` and of the letters: Zhang et al., *Dive into Deep Learning*, chapter 9.
"""

from collections.abc import Sequence
from functools import lru_cache
from string import ascii_lowercase
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from jaxtyping import Int
from pydantic import BaseModel, ConfigDict, Field, model_validator

from seqlab.data.batching import Batch, Sampling, epochs
from seqlab.data.corpora import checked_name, prepared
from seqlab.data.vocabulary import Vocabulary, letters_of
from seqlab.data.windows import lanes, spans
from seqlab.errors import Fault
from seqlab.tasks import MOST_LETTERS, CorpusName, Dimensions, Figures, Letters, Predict, Recipe, Rows, Settings, Task

if TYPE_CHECKING:
    import torch

LETTERS = f" {ascii_lowercase}"
LONGEST = 2048  # characters of a window
LEAST_CONTEXT = 256  # characters of an evaluation window for a state that is carried on, at least
AT_ONCE = 65_536  # characters of one batch of an evaluation


class TextConfig(BaseModel):
    """Settings of the text task.

    ``corpus`` and ``preparation`` name a text and how it is normalised; ``letters`` are the characters that the
    network knows (left out: those of the training part). ``num_steps`` is how many characters a window has.
    ``split``: by position, 90 % to train on and the last 10 % to validate with; or as d2l has it, with 10,000 windows
    and the 5,000 after them, which overlap. With ``carry`` the windows follow one another and the state goes on.
    ``sampling``: each window is drawn from all of them at random, or each comes once an epoch, in shuffled order.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    corpus: CorpusName = "time-machine"
    preparation: Literal["letters", "plain", "whole"] = "letters"
    letters: Letters = ""
    split: Literal["position", "d2l"] = "position"
    num_steps: Annotated[int, Field(ge=1, le=LONGEST)] = 64
    carry: bool = False
    sampling: Sampling = "replacement"

    @model_validator(mode="before")
    @classmethod
    def _with_letters(cls, values: object) -> object:
        if not isinstance(values, dict) or values.get("letters"):
            return values
        if values.get("preparation", "letters") == "letters":
            return values | {"letters": LETTERS}
        try:
            return values | {"letters": _known(checked_name(str(values.get("corpus"))), str(values["preparation"]))}
        except (Fault, KeyError) as fault:
            raise ValueError(str(fault)) from None

    @model_validator(mode="after")
    def _drawn_or_carried(self) -> "TextConfig":
        if self.carry and self.sampling == "epochs":
            raise ValueError("windows that follow one another are not shuffled; draw them with replacement, or do not "
                             "carry the state")
        return self

    @property
    def alphabet(self) -> Vocabulary:
        """The network's symbols: a mark for unknown characters, then its letters."""
        return Vocabulary.of_text(self.letters)

    @property
    def reach(self) -> int:
        """Characters of an evaluation window."""
        return max(self.num_steps, LEAST_CONTEXT) if self.carry else self.num_steps


@lru_cache(maxsize=16)
def _known(corpus: str, preparation: str) -> str:
    """Characters of the training part, where a text is split by position."""
    text = prepared(corpus, preparation)
    return letters_of([text[:spans(len(text), "position", 0)[0].stop]], MOST_LETTERS)


def parts(config: TextConfig) -> tuple[Int[np.ndarray, " training"], Int[np.ndarray, " validation"]]:
    """Ids of the training and the validation part; raises Fault where the text is too short for the windows."""
    return _parts(config.corpus, config.preparation, config.letters, config.split, config.reach)


@lru_cache(maxsize=4)
def _parts(corpus: str, preparation: str, letters: str, split: str,
           reach: int) -> tuple[Int[np.ndarray, " training"], Int[np.ndarray, " validation"]]:
    ids = Vocabulary.of_text(letters).encode(prepared(corpus, preparation)).astype(np.int16)
    splits = spans(len(ids), split, reach)
    if min(map(len, splits)) <= reach:
        raise Fault(f"The text has {len(ids):,} character{'s' * (len(ids) != 1)}, too few for windows of {reach}; take "
                    "a longer text, or fewer characters a window.")
    training, validation = (ids[span.start:span.stop] for span in splits)
    return training, validation


def dimensions(config: TextConfig) -> Dimensions:
    """Sizes for the network: as many symbols in and out as it knows characters, and the mark for all others."""
    size = len(config.letters) + 1
    return Dimensions(size, size, longest=config.reach, carry=config.carry)


def batch(config: TextConfig, size: int, generator: "torch.Generator", step: int = 0) -> Batch:
    """Draw windows at random places, or an epoch's next ones, or with ``carry`` those that follow the step before.

    10,000 windows in batches of 1,024 are an epoch of 10 steps, the last one of 784 windows. Drawn at random, 10 steps
    hold some 6,400 of them, many twice.
    """
    import torch

    training = _on(config, generator.device)
    time = torch.arange(config.num_steps + 1, device=generator.device)
    windows, place = len(training) - config.num_steps, None
    if config.carry:
        starts, place = lanes(len(training), size, config.num_steps, step)
        first = torch.tensor(starts, device=generator.device)
    elif config.sampling == "epochs":
        members = epochs(windows, size, generator.initial_seed()).members(step)
        first = torch.from_numpy(members).to(generator.device)
    else:
        first = torch.randint(windows, (size,), generator=generator, device=generator.device)
    window = training[first[:, None] + time].long()
    every = torch.ones_like(window[:, 1:], dtype=torch.float32)
    return Batch(window[:, :-1].contiguous(), window[:, 1:].contiguous(), every, every, place=place)


@lru_cache(maxsize=4)
def _on(config: TextConfig, device: "torch.device") -> "torch.Tensor":
    import torch

    return torch.from_numpy(parts(config)[0]).to(device)


def evaluate(config: TextConfig, predict: Predict,
             generator: "torch.Generator") -> Figures:
    """Evaluate on the validation part: mean loss in nats a character, and the share of characters predicted right."""
    import torch
    from torch.nn import functional as F  # noqa: N812

    loss = right = count = 0.0
    for window, first in scoring(config):
        ids = torch.from_numpy(window.astype(np.int64)).to(generator.device)
        logits, targets = predict(ids[:, :-1], None)[:, first:], ids[:, 1 + first:]
        loss += F.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="sum").item()
        right += (logits.argmax(-1) == targets).sum().item()
        count += targets.numel()
    return {"accuracy": right / count, "loss": loss / count}


def passages(config: TextConfig, corpus: str | None = None) -> tuple[str, ...]:
    """The validation part, or all of another corpus, prepared as the training text was; raises Fault."""
    if corpus is not None:
        return (prepared(corpus, config.preparation),)
    text = prepared(config.corpus, config.preparation)
    held_out = spans(len(text), config.split, config.reach)[1]
    return (text[held_out.start:held_out.stop],)


def scoring(config: TextConfig, texts: Sequence[str] = ()) -> Rows:
    """Give windows of the validation part, each with the first time that is scored: all of d2l's, or half overlapping.

    Of a window by position only the second half is scored, but of the very first one all, so that every character is
    scored once, with at least half a window before it. Other ``texts`` are read whole, by d2l's split in windows that
    do not overlap, where a character has on average as many before it. Raises Fault for a text that is too short.
    """
    ids, reach = _ids(config, texts) if texts else parts(config)[1], config.reach
    windows = np.lib.stride_tricks.sliding_window_view(ids, reach + 1)
    first = 0
    if config.split == "d2l":
        windows = windows[::reach] if texts else windows
    elif reach > 1:
        yield windows[:1], 0
        first = reach // 2
        windows = windows[reach - first::reach - first]
    for start in range(0, len(windows), most := max(1, AT_ONCE // reach)):
        yield windows[start:start + most], first


def _ids(config: TextConfig, texts: Sequence[str]) -> Int[np.ndarray, " time"]:
    ids = config.alphabet.encode("".join(texts)).astype(np.int16)
    if len(ids) <= config.reach:
        raise Fault(f"The text has {len(ids):,} characters, too few for windows of {config.reach}; take a longer one.")
    return ids


_BOOK: Settings = {"task": {"name": "text"}, "batch": 64, "evaluate_every": 100,
                         "optimiser": {"lr": 0.003, "decay": "linear", "clip": 1.0}}
RECIPES = {
    "fast": Recipe(
        "The Time Machine, GRU",
        "Reads the whole book, letters only, and is validated on its last tenth. Writes words after half a minute.",
        _BOOK | {"steps": 1200, "network": {"model": "gru", "hidden": 256, "dropout": 0.3}}),
    "long": Recipe(
        "The Time Machine, large GRU",
        "The same with more units, silenced more often, for some five minutes: the lowest perplexity of these.",
        _BOOK | {"steps": 1600, "network": {"model": "gru", "hidden": 384, "embedding": 128, "dropout": 0.4}}),
    "transformer": Recipe(
        "The Time Machine, transformer",
        "The same book by attention: it looks up to 64 characters back, and keeps no state.",
        _BOOK | {"batch": 32, "steps": 2000,
                 "network": {"model": "transformer", "hidden": 128, "layers": 3, "heads": 4, "dropout": 0.1},
                 "optimiser": {"name": "adamw", "lr": 0.002, "warmup": 100, "decay": "linear", "clip": 1.0}}),
    "chapter": Recipe(
        "The chapter's own RNN",
        "As published: 10,000 windows of 32 letters, one-hot, 32 tanh units with one bias each, SGD at 1, 100 epochs.",
        {"task": {"name": "text", "split": "d2l", "num_steps": 32, "sampling": "epochs"}, "batch": 1024, "steps": 1000,
         "evaluate_every": 10,
         "network": {"model": "rnn_tanh", "hidden": 32, "input": "one-hot", "initialisation": "normal", "bias": "one"},
         "optimiser": {"name": "sgd", "lr": 1.0, "clip": 1.0}}),
    "python": Recipe(
        "Python's language reference",
        "A text that comes with Python, so it needs no network: capitals, digits and punctuation too.",
        _BOOK | {"task": {"name": "text", "corpus": "python-topics", "preparation": "plain", "num_steps": 96},
                 "steps": 1500, "network": {"model": "gru", "hidden": 256, "dropout": 0.1}}),
    "imdb": Recipe(
        "IMDb reviews, LSTM of two layers",
        "Film reviews by character, the course's “deleted scenes”: two layers of 256 units, whose state is carried on.",
        _BOOK | {"task": {"name": "text", "corpus": "imdb", "preparation": "plain", "num_steps": 96, "carry": True,
                          "letters": "".join(map(chr, range(32, 127)))},
                 "steps": 2000, "network": {"model": "lstm", "layers": 2, "hidden": 256, "dropout": 0.1}}),
}

_SHIPPED = {"gru": ("long", "GRU, The Time Machine"), "rnn": ("chapter", "RNN, the chapter's own"),
            "transformer": ("transformer", "Transformer, The Time Machine")}


def shipped() -> dict[str, Settings]:
    """Config of each shipped run by its id."""
    return {f"text-{model}": RECIPES[recipe].config | {"name": name, "seed": 1}
            for model, (recipe, name) in _SHIPPED.items()}


TASK = Task("text", "Text", TextConfig, dimensions, batch, evaluate, RECIPES, next_symbol=True,
            passages=passages, scoring=scoring, alphabet=lambda config: config.alphabet.symbols, shipped=shipped)
