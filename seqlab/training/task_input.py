"""One sequence as a network reads it and as a person does, made from a text for any run."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int

from seqlab.data.vocabulary import UNKNOWN
from seqlab.training.inputs import Given, condition_of, ids_of
from seqlab.training.run import Run

UNSCORED = "·"  # stands in a target where no answer is scored
SIGNS = {" ": "␣", "\n": "↵", "\t": "⇥"}  # as people see them where they stand alone
PASSAGE, FEW = "the time traveller", 8


@dataclass(frozen=True)
class TaskInput:
    """One sequence as the network reads it and as a person does.

    ``letters_target`` is as long as ``letters_in``, with ``UNSCORED`` where no answer is scored; ``letters_out`` are
    the symbols that the network can answer, in the order of its logits. No letters: nothing was typed. ``delay`` links
    each input to the output that repeats it, where the task has such a delay.
    """

    ids: Int[np.ndarray, "batch time"]
    condition: int | None
    letters_in: Sequence[str]
    letters_target: Sequence[str]
    letters_out: Sequence[str]
    delay: int | None = None


def visible(symbol: str) -> str:
    """A symbol as it can be seen alone: a space, a line's end and the like have a sign for them."""
    return "".join(SIGNS.get(character, character if character.isprintable() else UNKNOWN) for character in symbol)


def read(run: Run, given: Given | None = None, condition: int | None = None) -> TaskInput:
    """Read a text, symbols or ids as a run's network does; None takes a text that it knows.

    The target of each symbol is the next one where the network predicts it; else no answer is scored. Without a
    condition, where the network is given one, it is that of a short delay. Raises Fault as ``inputs.ids_of`` does.
    """
    count = run.sizes.conditions
    beside = condition_of(run, min(3, count - 1) if condition is None and count else condition)
    ids = ids_of(run, known_text(run) if given is None else given)[:1]
    letters = [visible(run.symbols[place]) for place in ids[0]]
    target = [*letters[1:], UNSCORED] if run.predicts_next else [UNSCORED] * len(letters)
    return TaskInput(ids, None if beside is None else int(beside[0]), letters, target, list(map(visible, run.classes)))


def known_text(run: Run) -> str | list[str]:
    """A passage of a book as far as the network knows its symbols; without any, its first symbols."""
    alphabet = run.alphabet
    if alphabet is None:
        return list(run.symbols[:FEW])
    return alphabet.without_unknown(PASSAGE) or alphabet.joined(list(alphabet.places)[:FEW])
