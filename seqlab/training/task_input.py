"""One sequence as a network reads it and as a person does, made from a text for any run."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Int

from seqlab.data.vocabulary import UNKNOWN
from seqlab.training.inputs import Given, condition_of, ids_of
from seqlab.training.run import Run

UNSCORED = "·"  # stands in a target where no answer is scored
SIGNS = {" ": "␣", "\n": "↵", "\t": "⇥"}  # as people see them where they stand alone
PASSAGE, FEW = "the time traveller", 8


@dataclass(frozen=True, eq=False)
class TaskInput:
    """One sequence as the network reads it and as a person does.

    ``letters_target`` is as long as ``letters_in``, with ``UNSCORED`` where no answer is scored; ``letters_out`` are
    the symbols that the network can answer, in the order of its logits. No letters: nothing was typed. ``delay`` links
    each input to the output that repeats it, where the task has such a delay; ``at_delays`` is the same input at each
    delay that the network knows, itself among them, for a picture that lets a hand move from one to the next.
    Two are equal that say the same of the same ids.
    """

    ids: Int[np.ndarray, "batch time"]
    condition: int | None
    letters_in: Sequence[str]
    letters_target: Sequence[str]
    letters_out: Sequence[str]
    delay: int | None = None
    at_delays: tuple["TaskInput", ...] = ()

    @cached_property
    def _said(self) -> Hashable:
        letters = self.letters_in, self.letters_target, self.letters_out
        return self.ids.shape, self.ids.tobytes(), self.condition, *map(tuple, letters), self.delay, self.at_delays

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TaskInput) and self._said == other._said

    def __hash__(self) -> int:
        return hash(self._said)


def visible(symbol: str) -> str:
    """A symbol as it can be seen alone: a space, a line's end and the like have a sign for them."""
    return "".join(SIGNS.get(character, character if character.isprintable() else UNKNOWN) for character in symbol)


def read(run: Run, given: Given | None = None, condition: int | None = None) -> TaskInput:
    """Read a text, symbols or ids as a run's network does; None takes a text that it knows.

    The target of each symbol is the next one where the network predicts it, or the one that it repeats; else no answer
    is scored. Without a condition, where the network is given one, it is that of a short delay. Raises Fault as
    ``inputs.ids_of`` does.
    """
    count, config = run.sizes.conditions, run.config
    beside = condition_of(run, min(3, count - 1) if condition is None and count else condition)
    condition = None if beside is None else int(beside[0])
    delay = config.task_spec.repeats(config.task_config, condition)
    ids = ids_of(run, known_text(run, delay or 0) if given is None else given)[:1]
    letters = [visible(run.symbols[place]) for place in ids[0]]
    return TaskInput(ids, condition, letters, targets(letters, delay, run.predicts_next),
                     list(map(visible, run.classes)), delay)


def known_text(run: Run, delay: int = 0) -> str | list[str]:
    """A passage of a book as far as the network knows its symbols; without any, its first symbols.

    Where it repeats what it reads, blanks follow in which it can answer.
    """
    alphabet = run.alphabet
    if alphabet is not None:
        return alphabet.without_unknown(PASSAGE) or alphabet.joined(list(alphabet.places)[:FEW])
    letters = [letter for letter in PASSAGE if letter in run.symbols][:FEW] or list(run.symbols[:FEW])
    return letters + [UNSCORED] * delay * (UNSCORED in run.symbols)


def targets(letters: Sequence[str], delay: int | None, follows: bool = False) -> list[str]:
    """What is right at each time: the next symbol, the one before the delay, or nothing that is known here."""
    if follows:
        return [*letters[1:], UNSCORED]
    if delay is None:
        return [UNSCORED] * len(letters)
    return ([UNSCORED] * delay + list(letters))[:len(letters)]
