"""Sentences: each is read from its first character to its end, and every character is to be predicted.

The loss is summed over all characters, the mark for the end among them, and divided by their number.
Source of the preparation and the recipe ``published``: a university course's assignment on sentences.
"""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from jaxtyping import Int
from pydantic import Field, model_validator

from seqlab.data import corpora
from seqlab.data.batching import Batch, Sampling, epochs
from seqlab.data.corpora import checked_name, corpus
from seqlab.data.sentences import PREPARATIONS, split
from seqlab.data.vocabulary import Vocabulary, letters_of
from seqlab.described import Described
from seqlab.errors import Fault
from seqlab.tasks import MOST_LETTERS, CorpusName, Dimensions, Figures, Letters, Predict, Recipe, Rows, Task, always

if TYPE_CHECKING:
    import torch

SHARE = 0.9  # of the sentences that are trained on
ORDER = 0  # seed of the order in which sentences are divided
CHOICE = 16  # batches' worth of sentences from which one of similar lengths is taken
FEWEST = 20
AT_ONCE = 512  # sentences of one batch of an evaluation


class SentencesConfig(Described):
    """Settings of the sentence task."""

    corpus: CorpusName = "python-topics"
    """Where its sentences come from: a table's column that was added, or a running text that is cut."""
    preparation: Literal["tidy", "published", "whole"] = "tidy"
    """How the text is prepared. Tidied, no space comes twice. As published, each character outside ASCII is one
    space, and a line end is a character too; END after it is certain, so that a loss which counts both is lower by
    some 1.4 %."""
    letters: Letters = ""
    """Characters that the network knows; left out, those of the training part."""
    longest: Annotated[int, Field(ge=2, le=1024)] = 200
    """Characters of the longest sentence; what is longer is cut."""
    sampling: Sampling = "replacement"
    """How sentences come. Drawn, those of a batch are of similar length, so that little is padding. Shuffled, each
    comes once before any comes again, as published."""

    @model_validator(mode="before")
    @classmethod
    def _with_letters(cls, values: object) -> object:
        if not isinstance(values, dict) or values.get("letters"):
            return values
        try:
            learned, _ = divided(checked_name(str(values.get("corpus", "python-topics"))),
                                 str(values.get("preparation", "tidy")))
        except KeyError:
            return values  # of a preparation that is none, the field says so itself
        except Fault as fault:
            raise ValueError(str(fault)) from None
        return values | {"letters": letters_of(learned, MOST_LETTERS)}

    @property
    def end(self) -> int:
        """Id of the mark for the end."""
        return len(self.letters) + 1

    @property
    def pad(self) -> int:
        """Id of padding."""
        return len(self.letters) + 2

    @property
    def alphabet(self) -> Vocabulary:
        """The network's symbols: its letters, then the marks for begin, end and padding."""
        return Vocabulary.of_sentences(self.letters)


def sentences(name: str, preparation: str = "tidy") -> list[str]:
    """All sentences of a corpus as one of ``PREPARATIONS`` makes them, in its order; raises Fault.

    One in another script is nothing when tidied, and then left out.
    """
    every = corpus(name).text.split("\n") if name.startswith("table") else split(corpus(name).text)
    return [prepared for prepared in map(PREPARATIONS[preparation], every) if prepared]


@lru_cache(maxsize=4)
def divided(name: str, preparation: str = "tidy") -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Sentences of a corpus for training and validation, in a fixed random order; raises Fault for too few.

    What is divided are the different ones, as they are when prepared: all copies of one stand in the same part.
    """
    copies = Counter(sentences(name, preparation))
    if len(copies) < FEWEST:
        raise Fault(f"There are {len(copies)} different sentences here, too few for training and validation; take at "
                    f"least {FEWEST}.")
    different = list(copies)
    order = np.random.default_rng(ORDER).permutation(len(different)).tolist()
    cut = int(SHARE * len(different))
    training, validation = (tuple(different[place] for place in part for _ in range(copies[different[place]]))
                            for part in (order[:cut], order[cut:]))
    return training, validation


def parts(config: SentencesConfig) -> tuple[Int[np.ndarray, "training time"], Int[np.ndarray, "validation longest"]]:
    """Ids of the training sentences and of the held-out ones: BEGIN, characters, END, and PAD to the longest."""
    return _parts(config.corpus, config.preparation, config.letters, config.longest)


@lru_cache(maxsize=2)
def _parts(name: str, preparation: str, letters: str, longest: int) -> tuple[np.ndarray, np.ndarray]:
    alphabet = Vocabulary.of_sentences(letters)
    training, validation = (padded(part, alphabet, longest) for part in divided(name, preparation))
    return training, validation


def padded(texts: Sequence[str], alphabet: Vocabulary, longest: int) -> Int[np.ndarray, "sentence time"]:
    """Write sentences as rows of ids: BEGIN, up to ``longest`` known characters, END, and PAD up to the longest row."""
    sentences = [alphabet.without_unknown(text)[:longest] for text in texts]
    begin, end, pad = range(len(alphabet) - 3, len(alphabet))
    ids = np.full((len(sentences), 2 + max(map(len, sentences))), pad, np.int16)
    ids[:, 0] = begin
    for row, sentence in zip(ids, sentences, strict=True):
        row[1:1 + len(sentence)] = alphabet.encode(sentence)
        row[1 + len(sentence)] = end
    return ids


def passages(config: SentencesConfig, corpus: str | None = None) -> tuple[str, ...]:
    """The held-out sentences, or all of another corpus; raises Fault."""
    return held_out(config) if corpus is None else tuple(sentences(corpus, config.preparation))


def held_out(config: SentencesConfig) -> tuple[str, ...]:
    """The sentences that validate; raises Fault."""
    return divided(config.corpus, config.preparation)[1]


def scoring(config: SentencesConfig, texts: Sequence[str] = ()) -> Rows:
    """Give the held-out sentences, or other ones, as rows of ids with the shortest first; every position is scored."""
    alphabet = config.alphabet
    ids = padded(texts, alphabet, config.longest) if texts else parts(config)[1]
    lengths = (ids != config.pad).sum(1)
    order = lengths.argsort()
    for first in range(0, len(ids), AT_ONCE):
        chosen = order[first:first + AT_ONCE]
        yield ids[chosen, :lengths[chosen[-1]]], 0


def unknown_characters(config: SentencesConfig) -> dict[str, int]:
    """Count the characters of the held-out sentences that the network does not know; they are left out."""
    return dict(config.alphabet.unknown_symbols("".join(held_out(config))).most_common())


def dimensions(config: SentencesConfig) -> Dimensions:
    """Sizes for the network: its letters and three marks in and out, and a sentence with its marks."""
    size = len(config.letters) + 3
    return Dimensions(size, size, longest=config.longest + 1)


def batch(config: SentencesConfig, size: int, generator: "torch.Generator", step: int = 0) -> Batch:
    """Draw the sentences of a step, filled up to the longest of them."""
    ids, lengths = _on(config, generator.device)
    if config.sampling == "epochs":
        chosen = _of_epoch(len(ids), size, generator, step)
    else:
        chosen = _alike(lengths, size, generator)
    rows = ids[chosen, :lengths[chosen].max()].long()
    real = (rows[:, 1:] != config.pad).float()
    return Batch(rows[:, :-1].contiguous(), rows[:, 1:].contiguous(), real, real)


def _of_epoch(count: int, size: int, generator: "torch.Generator", step: int) -> "torch.Tensor":
    """Give the places of any ``size`` sentences of which none had its turn in this epoch."""
    import torch

    return torch.from_numpy(epochs(count, size, generator.initial_seed()).members(step)).to(generator.device)


def _alike(lengths: "torch.Tensor", size: int, generator: "torch.Generator") -> "torch.Tensor":
    """Draw places of sentences of similar lengths, so that little of the batch is padding; each is as likely."""
    import torch

    device = generator.device
    drawn = torch.randint(len(lengths), (CHOICE * size,), generator=generator, device=device)
    alike = drawn[lengths[drawn].argsort()].view(CHOICE, size)
    return alike[torch.randint(CHOICE, (), generator=generator, device=device)]


@lru_cache(maxsize=2)
def _on(config: SentencesConfig, device: "torch.device") -> tuple["torch.Tensor", "torch.Tensor"]:
    """Sentences to learn from and how long each is, with its marks."""
    import torch

    ids = torch.from_numpy(parts(config)[0]).to(device)
    return ids, (ids != config.pad).sum(1)


def evaluate(config: SentencesConfig, predict: Predict,
             generator: "torch.Generator") -> Figures:
    """Evaluate on the held-out sentences: mean loss in nats a character, and the share of characters predicted right.

    The mark for the end counts as a character; padding does not.
    """
    import torch
    from torch.nn import functional as F  # noqa: N812

    pad = config.pad
    loss = right = count = 0.0
    for ids, _ in scoring(config):
        rows = torch.from_numpy(ids.astype(np.int64)).to(generator.device)
        logits, targets = predict(rows[:, :-1], None), rows[:, 1:]
        loss += F.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="sum", ignore_index=pad).item()
        right += ((logits.argmax(-1) == targets) & (targets != pad)).sum().item()
        count += (targets != pad).sum().item()
    return {"accuracy": right / count, "loss": loss / count}


RECIPES = {
    "fast": Recipe(
        "Python's sentences, GRU",
        "Sentences of Python's own language reference, which need no network. Add a table of your own for others.",
        {"task": {"name": "sentences"}, "batch": 64, "steps": 1200, "evaluate_every": 100,
         "network": {"model": "gru", "hidden": 256, "embedding": 64, "dropout": 0.1},
         "optimiser": {"lr": 0.003, "decay": "linear", "clip": 1.0}}),
    "published": Recipe(
        "Sentences, RNN as published",
        "The assignment's own: characters outside ASCII are spaces, a line end stands before the end, 1,000 tanh "
        "units, each sentence once an epoch. The steps are five epochs of 36,000 sentences: over an hour on one core.",
        {"task": {"name": "sentences", "preparation": "published", "sampling": "epochs"}, "batch": 64,
         "steps": 5 * 563, "evaluate_every": 563,
         "network": {"model": "rnn_tanh", "hidden": 1000, "embedding": 256},
         "optimiser": {"lr": 0.001, "clip": None}}),
}

TASK = Task("sentences", "Sentences", SentencesConfig, dimensions, batch, evaluate, RECIPES, next_symbol=always,
            passages=passages, scoring=scoring, collections=lambda config: corpora.here(config.corpus),
            alphabet=lambda config: config.alphabet.symbols)
