"""Text: read a book by character, word or piece of one, and predict the next one each time.

Source of the split ``d2l`` and of the letters: Zhang et al., *Dive into Deep Learning*, chapter 9.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from jaxtyping import Int
from pydantic import Field, model_validator

from seqlab.data import corpora, pieces
from seqlab.data.batching import Batch, Sampling, epochs
from seqlab.data.preparation import PREPARATIONS
from seqlab.data.vocabulary import Level, Vocabulary, words
from seqlab.data.windows import lanes, spans
from seqlab.described import Described
from seqlab.errors import Fault
from seqlab.numerals import counted
from seqlab.tasks import (
    MOST_TOKENS,
    CorpusName,
    Dimensions,
    Figures,
    Letters,
    Predict,
    Rows,
    Task,
    Tokens,
    always,
    text_symbols,
)
from seqlab.tasks.text_recipes import RECIPES, shipped
from seqlab.tasks.text_symbols import FEWEST_TOKENS, USUAL_TOKENS

if TYPE_CHECKING:
    import torch

LONGEST = 2048  # symbols of a window
LEAST_CONTEXT = 256  # symbols of an evaluation window for a state that is carried on, at least
AT_ONCE = 65_536  # symbols of one batch of an evaluation


class TextConfig(Described):
    """Settings of the text task."""

    corpus: CorpusName = "time-machine"
    """Which text it learns from."""
    preparation: Literal["letters", "plain", "whole"] = "letters"
    """What is left of the text. Fewer characters are easier to predict, so losses of different preparations cannot
    be compared."""
    letters: Letters = ""
    """Characters that the network knows; left out, those of the training part."""
    split: Literal["position", "d2l"] = "position"
    """Which part validates. By position: nine tenths train, the last tenth validates, nothing is in both. As d2l has
    it: only the beginning is used, and the windows overlap, so compare such a figure with published ones alone."""
    num_steps: Annotated[int, Field(ge=1, le=LONGEST)] = 64
    """How many characters, words or pieces the network reads in one go, a window: no gradient reaches further back."""
    carry: bool = False
    """Each window goes on where the one before ended, from the state that was left there; its gradient is cut off."""
    sampling: Sampling = "replacement"
    """How windows come. Shuffled, each comes once before any comes again. Drawn, some come twice and a third of them
    not at all in as many steps."""
    unit: Level = "character"
    """What a symbol is: a character, a word or a piece of one. Words are the most frequent ones, and marks of
    punctuation. Pieces are made by byte pair encoding: from characters, by merging the most frequent pair again and
    again. Losses a word, a piece and a character cannot be compared."""
    most: Annotated[int, Field(ge=FEWEST_TOKENS, le=MOST_TOKENS)] = USUAL_TOKENS
    """How many words or pieces the network knows; all others are one symbol, unknown."""
    tokens: Tokens = ()
    """The words or pieces that it knows; left out, they are made from the training part."""

    @model_validator(mode="before")
    @classmethod
    def _with_symbols(cls, values: object) -> object:
        if not isinstance(values, dict):
            return values
        if values.get(field := text_symbols.field(values)):
            return values
        try:
            return values | {field: text_symbols.learned(values, cls.model_fields["corpus"].default)}
        except (Fault, KeyError) as fault:
            raise ValueError(str(fault)) from None

    @model_validator(mode="after")
    def _cut_alike(self) -> "TextConfig":
        if (self.unit == "character") == bool(self.tokens):
            raise ValueError("tokens are words or pieces: a network that reads characters has none")
        if self.unit != "character" and self.split == "d2l":
            raise ValueError("the split d2l is one of characters; split words and pieces by position")
        if self.unit == "piece":
            pieces.merges(self.tokens)
        if self.unit == "word" and any(words(token) != [token] for token in self.tokens):
            raise ValueError("each of the tokens must be one word or one mark of punctuation")
        return self

    @model_validator(mode="after")
    def _drawn_or_carried(self) -> "TextConfig":
        if self.carry and self.sampling == "epochs":
            raise ValueError("windows that follow one another are not shuffled; draw them with replacement, or do not "
                             "carry the state")
        return self

    @property
    def alphabet(self) -> Vocabulary:
        """The network's symbols: a mark for the unknown, then its letters or tokens."""
        if self.unit == "character":
            return Vocabulary.of_text(self.letters)
        return Vocabulary.of_running(self.tokens, self.unit)

    @property
    def reach(self) -> int:
        """Symbols of an evaluation window."""
        return max(self.num_steps, LEAST_CONTEXT) if self.carry else self.num_steps


def parts(config: TextConfig) -> tuple[Int[np.ndarray, " training"], Int[np.ndarray, " validation"]]:
    """Ids of the training and the validation part; raises Fault where the text is too short for the windows."""
    return _parts(config.corpus, config.preparation, config.alphabet, config.split, config.reach)


@lru_cache(maxsize=4)
def _parts(corpus: str, preparation: str, alphabet: Vocabulary, split: str,
           reach: int) -> tuple[Int[np.ndarray, " training"], Int[np.ndarray, " validation"]]:
    text = corpora.prepared(corpus, preparation)
    training, validation = (alphabet.encode(text[span.start:span.stop]).astype(np.int16)
                            for span in spans(len(text), split, reach))
    if min(len(training), len(validation)) <= reach:
        raise Fault(f"The text has {counted(len(text), 'character')}, too few for windows of {reach} "
                    f"{alphabet.level}s; take a longer text, or smaller windows.")
    return training, validation


def dimensions(config: TextConfig) -> Dimensions:
    """Sizes for the network: as many symbols in and out as it knows, and the mark for all others."""
    size = len(config.alphabet)
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


def evaluate(config: TextConfig, predict: Predict, generator: "torch.Generator") -> Figures:
    """Evaluate on the validation part: mean loss in nats a symbol, and the share of symbols predicted right."""
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
        return (corpora.prepared(corpus, config.preparation),)
    text = corpora.prepared(config.corpus, config.preparation)
    held_out = spans(len(text), config.split, config.reach)[1]
    return (text[held_out.start:held_out.stop],)


def scoring(config: TextConfig, texts: Sequence[str] = ()) -> Rows:
    """Give windows of the validation part, each with the first time that is scored: all of d2l's, or half overlapping.

    Of a window by position only the second half is scored, but of the very first one all, so that every symbol is
    scored once, with at least half a window before it. Other ``texts`` are read whole, by d2l's split in windows that
    do not overlap, where a character has on average as many before it. Raises Fault for a text that is too short.
    """
    ids, reach = _ids(config, texts) if texts else parts(config)[1], config.reach
    windows, first = np.lib.stride_tricks.sliding_window_view(ids, reach + 1), 0
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
        raise Fault(f"The text has {counted(len(ids), config.unit)}, too few for windows of "
                    f"{config.reach}; take a longer one.")
    return ids


TASK = Task("text", "Text", TextConfig, dimensions, batch, evaluate, RECIPES, next_symbol=always,
            passages=passages, scoring=scoring, alphabet=lambda config: config.alphabet.symbols, shipped=shipped,
            collections=lambda config: corpora.here(config.corpus),
            prepare=lambda config, text: PREPARATIONS[config.preparation](text))
