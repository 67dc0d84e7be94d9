"""Batches: what a task hands to the loop, and how sequences of different lengths are cut into them."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from jaxtyping import Int
from pydantic import Field, model_validator

from seqlab.described import Described
from seqlab.errors import Fault

if TYPE_CHECKING:
    from torch import Tensor

By = Literal["sequences", "tokens"]
Sampling = Literal["replacement", "epochs"]  # each batch is drawn from all sequences, or each comes once an epoch
Padding = Literal["mask", "pack"]


@dataclass(frozen=True)
class Batch:
    """Sequences with their targets.

    ``inputs`` and ``targets`` are ids, ``batch time``; ``condition`` is an id for each sequence or None;
    ``weight`` (``batch time``, 0 or 1) says which positions count towards the loss, ``scored`` which ones count
    towards the accuracy. Where batches follow one another, ``place`` counts those before this one: at 0 the network
    starts afresh, later it goes on from the state that the batch before left. ``lengths`` counts the real time steps of
    each sequence, before what fills it up (None: all are real), and lies on the CPU; where they are ``packed``, a
    recurrent core computes no others.
    """

    inputs: "Tensor"
    targets: "Tensor"
    weight: "Tensor"
    scored: "Tensor"
    condition: "Tensor | None" = None
    place: int | None = None
    lengths: "Tensor | None" = None
    packed: bool = False

    @property
    def tokens(self) -> int:
        """Number of input symbols in the batch, without what fills it up."""
        return self.inputs.numel() if self.lengths is None else int(self.lengths.sum())


@dataclass(frozen=True)
class Rule:
    """How sequences are put into batches.

    ``by`` a number of ``sequences``, or as many as fit into a budget of ``tokens``, padding counted; ``size`` is that
    number. ``alike``: a batch holds sequences of similar length, else any. ``curriculum``: the first epoch goes from
    short to long.
    """

    by: By = "sequences"
    size: int = 64
    alike: bool = True
    curriculum: bool = False


class Batching(Described, ABC):
    """Settings that tasks share whose sequences differ in length: how these are put into batches."""

    by: By = "sequences"
    """What bounds a batch: a number of sequences, or a budget of tokens. With a budget every batch has about as many
    tokens, so that a token of a short sequence counts as much as one of a long one."""
    budget: Annotated[int, Field(ge=1, le=1_000_000)] = 4096
    """Tokens in a batch; padding, and marks for the ends where there are any, are counted."""
    alike: bool = False
    """Sequences of similar length come together: little padding, so it is quicker. But where a network has to learn
    when to end, a batch of equal lengths tells it, and it learns less well."""
    curriculum: bool = False
    """Short sequences first, in the first epoch; then the order is random."""
    padding: Padding = "mask"
    """What becomes of what fills a batch up. Masked: computed and not counted. Packed: not computed; only recurrent
    models can, and on a CPU it is often slower."""

    @property
    @abstractmethod
    def most_tokens(self) -> int:
        """Tokens that the longest sequence in training can have."""

    @model_validator(mode="after")
    def _fits_the_longest(self) -> "Batching":
        if self.by == "tokens" and self.budget < self.most_tokens:
            raise ValueError(f"a budget of {self.budget} tokens is too small for sequences of up to "
                             f"{self.most_tokens}; take a larger one, or shorter sequences")
        return self

    def rule(self, size: int) -> Rule:
        """How sequences are put into batches, where a batch of sequences has ``size``."""
        return Rule(self.by, size if self.by == "sequences" else self.budget, self.alike, self.curriculum)

    def packs(self, lengths: Int[np.ndarray, " member"]) -> bool:
        """Whether a batch of such lengths is packed; where all are equal there is nothing to leave out."""
        return self.padding == "pack" and bool(lengths.min() < lengths.max())


@dataclass
class Plan:
    """Epoch after epoch of batches: each sequence comes once an epoch, and only the seed and the step say in which one.

    Batches of similar length have the same lengths in every epoch, but other sequences of those lengths, and come in
    another order; of batches of any length the last one holds what is left over. So a run that goes on from a step
    goes on with the batch that it would have had. Raises Fault where a sequence alone is longer than the budget.
    """

    lengths: Int[np.ndarray, " sequence"]
    rule: Rule
    seed: int = 0
    _epoch: tuple[int, np.ndarray, np.ndarray] = field(default=(-1, np.array([]), np.array([])), repr=False)

    def __post_init__(self) -> None:
        longest = int(self.lengths.max(initial=0))
        if self.rule.by == "tokens" and longest > self.rule.size:
            raise Fault(f"The longest sequence has {longest} tokens, more than a budget of {self.rule.size}; take a "
                        f"budget of at least {longest}.")

    @cached_property
    def bounds(self) -> Int[np.ndarray, " bounds"]:
        """Where each batch begins in an epoch's order of sequences, and where the last one ends."""
        count, size = len(self.lengths), self.rule.size
        if self.rule.by == "sequences":
            return np.append(np.arange(0, count, size), count)
        if not self.rule.alike:  # any order must fit
            return np.append(np.arange(0, count, max(1, size // int(self.lengths.max(initial=1)))), count)
        return _filled(np.sort(self.lengths), size)

    @property
    def steps(self) -> int:
        """Batches of an epoch."""
        return len(self.bounds) - 1

    def members(self, step: int) -> Int[np.ndarray, " member"]:
        """Which sequences the batch of a step holds, the shortest first where they are alike."""
        epoch, place = divmod(step, self.steps)
        cached = self._epoch
        if cached[0] != epoch:
            cached = self._epoch = (epoch, *self._shuffled(epoch))
        _, order, batches = cached
        at = batches[place]
        return order[self.bounds[at]:self.bounds[at + 1]]

    def _shuffled(self, epoch: int) -> tuple[np.ndarray, np.ndarray]:
        """Order of the sequences in an epoch, and of its batches."""
        random = np.random.default_rng((self.seed, epoch))
        order = random.permutation(len(self.lengths))
        if self.rule.alike:
            order = order[self.lengths[order].argsort(kind="stable")]  # chance decides among equal lengths
        batches = random.permutation(self.steps) if self.rule.alike else np.arange(self.steps)
        if self.rule.curriculum and epoch == 0:
            longest = np.maximum.reduceat(self.lengths[order], self.bounds[:-1])
            batches = longest.argsort(kind="stable")
        return order, batches

    def waste(self, first: int = 0, count: int | None = None) -> "Waste":
        """Count what is real and what is padding in some batches of an epoch (None: in all of them)."""
        chosen = [self.lengths[self.members(step)] for step in range(first, first + (count or self.steps))]
        return Waste(tuple(chosen))


@lru_cache(maxsize=8)
def epochs(count: int, size: int, seed: int) -> Plan:
    """Plan batches of ``size`` sequences without replacement: any of ``count``, each once an epoch."""
    return Plan(np.ones(count, np.int64), Rule(size=size, alike=False), seed)


@dataclass(frozen=True)
class Waste:
    """What some batches hold: the lengths of their sequences, in their order."""

    batches: Sequence[Int[np.ndarray, " _"]]

    @property
    def real(self) -> int:
        """Tokens that are real."""
        return int(sum(lengths.sum() for lengths in self.batches))

    @property
    def room(self) -> int:
        """Tokens with what fills each sequence up to the longest of its batch."""
        return int(sum(len(lengths) * lengths.max() for lengths in self.batches))

    @property
    def share(self) -> float:
        """Share of padding, 0 … 1."""
        return 1 - self.real / max(1, self.room)


def _filled(ascending: Int[np.ndarray, " sequence"], budget: int) -> Int[np.ndarray, " bounds"]:
    """Cut sequences, the shortest first, into as few batches as hold no more than the budget with their padding."""
    bounds, first = [0], 0
    for place, length in enumerate(ascending.tolist()):
        if (place + 1 - first) * length > budget:
            bounds.append(place)
            first = place
    return np.array([*bounds, len(ascending)])
