"""Tasks: each one file with its data, target, metric and defaults. Torch is imported where batches are made."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BaseModel

from seqlab.data.corpora import checked_name
from seqlab.errors import Fault
from seqlab.registry import discover

if TYPE_CHECKING:
    import numpy as np
    import torch
    from jaxtyping import Float, Int

    from seqlab.data.batching import Batch
    from seqlab.data.vocabulary import Vocabulary


MOST_LETTERS = 400


def _named(corpus: str) -> str:
    try:
        return checked_name(corpus)
    except Fault as fault:
        raise ValueError(str(fault)) from None


def _different(letters: str) -> str:
    if len(set(letters)) < len(letters) or len(letters) > MOST_LETTERS:
        raise ValueError(f"must be at most {MOST_LETTERS} characters, all of them different")
    return letters


# What the settings of a task that reads a text hold: the name of its text, and the characters that it knows.
CorpusName = Annotated[str, AfterValidator(_named)]
Letters = Annotated[str, AfterValidator(_different)]


@dataclass(frozen=True)
class Dimensions:
    """Sizes a task fixes for the network: input symbols, output classes, values of a condition (0: none), memory.

    ``carry``: each batch goes on where the one before ended, so the core needs a state. ``packed``: batches are packed,
    which takes a core with a state as well.
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
    whole: bool = False


@dataclass(frozen=True)
class Recipe:
    """A whole config to start from, with a name and a sentence for the person who picks it."""

    label: str
    note: str
    config: dict[str, Any]


@dataclass(frozen=True)
class Example:
    """One sequence of a task with its targets, as a training batch has it; an array holds a batch of one.

    ``ids`` are those of what the network reads, ``condition`` the id of what it is given beside it (None: nothing).
    ``targets``, ``weight`` and ``scored`` are ``1 time``, or ``1 1`` where a whole sequence has one target: the class
    that is right, whether it counts towards the loss, and whether it counts towards the accuracy (0 or 1).
    """

    ids: "Int[np.ndarray, '1 time']"
    condition: int | None
    targets: "Int[np.ndarray, '1 read']"
    weight: "Float[np.ndarray, '1 read']"
    scored: "Float[np.ndarray, '1 read']"


@dataclass(frozen=True)
class Task:
    """What a task offers.

    ``batch(config, size, generator, step)`` draws the training batch of a step on the generator's device;
    ``evaluate(config, predict, generator)`` measures on fresh data, where ``predict(inputs, condition)`` gives
    logits, and returns named figures: ``accuracy`` may stop a run, ``loss`` (in nats) is published where there is one,
    ``valid`` is the share of what the network writes that is in its language, ``samples`` some of it, each a text and
    the token at which it leaves the language (None: it does not). ``predict`` is the network itself.
    ``chance`` is the accuracy of guessing (0: nobody can tell). ``next_symbol``: the network foretells its own next
    input, so that text can be drawn from it; its config then has an ``alphabet``. Such a task says with
    ``passages(config, corpus)`` which texts judge (those kept from learning, or all of another corpus, as the network
    is to read them), and with ``judging(config, passages)`` in which rows of ids (``row time``; the network reads all
    but the last and foretells all but the first) and from which time on. Without passages it takes those kept.
    ``vocabulary``: it reads words, too many for a config; a run keeps those that this finds in ``words.txt``.
    ``labels`` names the classes of a config, where they are not the symbols that it reads. ``alphabet`` gives the
    symbols of a config as people see them, in the order of their ids; a task without one, and without a vocabulary,
    has them numbered. One whole example of a task is drawn by ``lenses.examples``.
    """

    name: str
    label: str
    config: type[BaseModel]
    dimensions: Callable[[Any], Dimensions]
    batch: Callable[[Any, int, "torch.Generator", int], "Batch"]
    evaluate: Callable[[Any, Callable[..., "torch.Tensor"], "torch.Generator"], dict[str, Any]]
    recipes: Mapping[str, Recipe]
    chance: float = 0.0
    next_symbol: bool = False
    passages: Callable[..., Sequence[str]] | None = None
    judging: "Callable[..., Iterator[tuple[np.ndarray, int]]] | None" = None
    vocabulary: "Callable[[Any], Vocabulary] | None" = None
    labels: Callable[[Any], Sequence[str]] | None = None
    alphabet: Callable[[Any], Sequence[str]] | None = None


def tasks() -> dict[str, Task]:
    """All tasks by name; a new one is a new file in ``seqlab/tasks`` with a ``TASK``."""
    return discover("seqlab.tasks", "TASK", Task)
