"""Tasks: each one file with its data, targets, metric and defaults. Torch is imported where batches are made."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Generic, NoReturn, Protocol, TypedDict, TypeVar, runtime_checkable

import numpy as np
from jaxtyping import Float, Int
from pydantic import AfterValidator, BaseModel

from seqlab.data.corpora import checked_name
from seqlab.data.vocabulary import UNKNOWN
from seqlab.errors import Fault
from seqlab.reference.core import Sizes
from seqlab.registry import discover

if TYPE_CHECKING:
    import torch

    from seqlab.data.batching import Batch
    from seqlab.data.vocabulary import Vocabulary


HELD_OUT = "held-out"  # name of the texts that a network did not learn from, where they have no other
MOST_LETTERS = 400
MOST_TOKENS, LONGEST_TOKEN = 4000, 32  # of a vocabulary; characters
# What a task makes by itself from other settings, and so makes anew where one of those is another.
DERIVED: Mapping[str, tuple[str, ...]] = {
    "letters": ("corpus", "preparation", "unit"), "tokens": ("corpus", "preparation", "unit", "most"),
    "labels": ("corpus", "preparation")}


def _named(corpus: str) -> str:
    try:
        return checked_name(corpus)
    except Fault as fault:
        raise ValueError(str(fault)) from None


def _different(letters: str) -> str:
    if len(set(letters)) < len(letters) or len(letters) > MOST_LETTERS:
        raise ValueError(f"must be at most {MOST_LETTERS} characters, all of them different")
    return letters


def _tokens(tokens: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(tokens)) < len(tokens) or len(tokens) > MOST_TOKENS or not all(map(_fits, tokens)):
        raise ValueError(f"must be at most {MOST_TOKENS:,} texts of 1 to {LONGEST_TOKEN} characters, all of them "
                         "different")
    return tokens


def _fits(token: str) -> bool:
    return 0 < len(token) <= LONGEST_TOKEN and token != UNKNOWN


Config = TypeVar("Config", bound=BaseModel)
Settings = dict[str, Any]  # a config before validation, as JSON has it: numbers, texts, lists and settings within
Predict = Callable[..., "torch.Tensor"]  # (inputs, condition[, lengths]) -> logits
Rows = Iterator[tuple[Int[np.ndarray, "row time"], int]]  # ids, and the first time that is scored
Names = Sequence[str]


@runtime_checkable
class SequenceModel(Protocol):
    """A network whose weights the reference can take; strings are generated where it has one output a time step."""

    pooling: str
    config: Sizes

    def state_dict(self) -> "Mapping[str, torch.Tensor]":
        """Weights by name."""


class Figures(TypedDict, total=False):
    """What an evaluation measures.

    ``accuracy`` may stop a run, ``loss`` is in nats, ``by_delay`` the accuracy at each delay, ``valid`` the share of
    generated strings that are in the language. ``samples`` are some of them, each with the index of the first token
    that cannot stand there (None: it is valid).
    """

    accuracy: float
    loss: float
    by_delay: dict[int, float]
    valid: float
    samples: list[tuple[str, int | None]]


# Settings that tasks share: the name of a text, and the characters or the tokens in the vocabulary.
CorpusName = Annotated[str, AfterValidator(_named)]
Letters = Annotated[str, AfterValidator(_different)]
Tokens = Annotated[tuple[str, ...], AfterValidator(_tokens)]


@dataclass(frozen=True)
class Dimensions:
    """Sizes a task fixes for the network: input symbols, output classes, values of a condition (0: none), memory.

    ``carry``: each batch goes on where the one before ended, so the core needs a state. ``packed``: batches are packed,
    which takes a core with a state as well. ``ragged``: the sequences of a batch have lengths of their own.
    ``memory`` is how many steps back the task asks the network to remember, ``longest`` the time steps of its longest
    sequence in training and evaluation, each where that is known (else 0). ``whole``: the network gives one answer to a
    whole sequence, at its last real time step, so targets and weights of a batch are ``batch 1``.
    """

    symbols: int
    classes: int
    conditions: int = 0
    memory: int = 0
    longest: int = 0
    carry: bool = False
    packed: bool = False
    ragged: bool = False
    whole: bool = False

    def width(self, code: int | None) -> int:
        """How many numbers a network reads at a time: those of the symbol's code, and of the condition's.

        Each has ``code`` numbers, or one for each value where they are one-hot (None).
        """
        return sum(code or count for count in (self.symbols, self.conditions) if count)


@dataclass(frozen=True)
class Recipe:
    """A whole config to start from, with a name and a sentence for the person who picks it."""

    label: str
    note: str
    config: Settings


@dataclass(frozen=True)
class Example:
    """One sequence of a task with its targets, as a training batch has it; an array holds a batch of one.

    ``ids`` are those of what the network reads, ``condition`` the id of what it is given beside it (None: nothing).
    ``targets``, ``weight`` and ``scored`` are ``1 time``, or ``1 1`` where a whole sequence has one target: the class
    that is right, whether it counts towards the loss, and whether it counts towards the accuracy (0 or 1).
    """

    ids: Int[np.ndarray, "1 time"]
    condition: int | None
    targets: Int[np.ndarray, "1 read"]
    weight: Float[np.ndarray, "1 read"]
    scored: Float[np.ndarray, "1 read"]


def no_data(*_: object, **__: object) -> NoReturn:
    """Refuse to draw data or to evaluate on it: what a task declares that has none."""
    raise Fault("This network was opened without the data that it learned from, so it cannot be trained here.")


def never(_: object) -> bool:
    """Say no of every config."""
    return False


def always(_: object) -> bool:
    """Say yes of every config."""
    return True


@dataclass(frozen=True)
class Task(Generic[Config]):
    """What a task offers.

    ``batch(config, size, generator, step)`` draws the training batch of a step on the generator's device;
    ``evaluate(config, predict, generator)`` measures on data that was not trained on, where ``predict(inputs,
    condition)``, the network itself, gives logits. ``chance`` is the accuracy of guessing (0: unknown,
    or that of an even guess among the ``labels``). ``has_data`` says of a config whether there is any;
    without, both raise what ``no_data`` does, and nothing trains.

    ``next_symbol`` says of a config whether the network predicts its own next input, so that text can be sampled from
    it; its config then has an ``alphabet``. For such a task ``passages(config, corpus)`` gives the held-out texts, or
    all of another corpus, prepared as the network reads them, and ``scoring(config, passages)`` gives them as rows of
    ids (``row time``: the network reads all but the last and predicts all but the first), each with the first time that
    is scored; without passages it takes the held-out ones.

    ``collections(config)`` names the texts over which a network can be searched and that are on this machine, each with
    its title: ``passages`` takes these names, and ``HELD_OUT`` stands for the texts without one; a network that
    classifies texts has such passages too. Where they have labels, ``passage_labels(config, corpus)`` gives the name of
    that of each passage. ``prepare(config, text)`` makes a text of a person's own what the network reads.

    ``vocabulary``: it reads words, too many for a config; a run stores them in ``words.txt``. ``labels`` names the
    classes of a config, where they are not its input symbols. ``alphabet`` gives the input symbols as people see them,
    in the order of their ids; a task without it, and without a vocabulary, has them numbered. ``repeats(config,
    condition)`` says how many steps later the network repeats what it reads (None: it does not). ``shipped`` gives the
    configs of the runs in ``checkpoints/``, by id; a run has at most ``shipped_bytes`` of snapshots there.
    """

    name: str
    label: str
    config: type[Config]
    dimensions: Callable[[Config], Dimensions]
    batch: Callable[[Config, int, "torch.Generator", int], "Batch"]
    evaluate: Callable[[Config, Predict, "torch.Generator"], Figures]
    recipes: Mapping[str, Recipe]
    chance: float = 0.0
    next_symbol: Callable[[Config], bool] = never
    passages: Callable[..., Names] | None = None
    scoring: Callable[..., Rows] | None = None
    collections: Callable[[Config], Mapping[str, str]] | None = None
    passage_labels: Callable[..., Names] | None = None
    prepare: Callable[[Config, str], str] = lambda config, text: text
    vocabulary: "Callable[[Config], Vocabulary] | None" = None
    labels: Callable[[Config], Names] | None = None
    alphabet: Callable[[Config], Names] | None = None
    repeats: Callable[[Config, int | None], int | None] = lambda config, condition: None
    shipped: Callable[[], Mapping[str, Settings]] = dict
    shipped_bytes: int = 6_000_000
    has_data: Callable[[Config], bool] = always

def tasks() -> dict[str, Task[Any]]:
    """All tasks by name; a new one is a new file in ``seqlab/tasks`` with a ``TASK``."""
    return discover("seqlab.tasks", "TASK", Task)
