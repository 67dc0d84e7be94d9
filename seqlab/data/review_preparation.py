"""How reviews become words, a vocabulary and parts to learn from and to validate with: our way, and the published one.

Source of the published way: the course assignment on reviews and grammars.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from types import MappingProxyType
from typing import Literal

import numpy as np

from seqlab.data.tokens import READERS, SHARE, Part, Reader, most_frequent, to_develop, to_learn, to_test

Name = Literal["seqlab", "published", "published-final"]
PUBLISHED_SEED = 0


@dataclass(frozen=True)
class ReviewPreparation:
    """A way to prepare reviews.

    ``label`` and ``note`` say it to a person. ``reader`` cuts a text into words; ``parts`` gives what is learned from
    and what validates, and ``counted`` the parts whose words are the vocabulary, both of a collection and raising
    Fault. Where label 0 is that of praise, as our label 1 is, labels are ``swapped``. Where what validates is the
    ``test`` set, there is no other.
    """

    label: str
    note: str
    reader: Reader
    parts: Callable[[str], tuple[Part, Part]]
    counted: Callable[[str], tuple[Part, ...]]
    swapped: bool = False
    test: bool = False

    def words_of(self, text: str) -> list[str]:
        """Cut a text into words."""
        return READERS[self.reader](text)

    def vocabulary(self, name: str) -> list[str]:
        """All words of a collection that may be known, the most frequent first; raises Fault."""
        return most_frequent(*self.counted(name))

    def tested(self, name: str) -> Part:
        """Give the test set; raises Fault."""
        return to_test(name, self.reader)


def published_parts(name: str) -> tuple[Part, Part]:
    """Sample a fifth to validate with, whatever its labels: 5,000 of 25,000 reviews; both parts sorted by length.

    The indices are those that Python's ``random.sample`` gives after ``random.seed(0)``. Which reviews they mean
    depends on the order of the published file, which is not known here; ours is by label and text.
    """
    every = to_develop(name, "ascii")
    count = len(every.rows)
    chosen = np.zeros(count, bool)
    chosen[Random(PUBLISHED_SEED).sample(range(count), round((1 - SHARE) * count))] = True
    return by_length(every.chosen(every.rows[~chosen])), by_length(every.chosen(every.rows[chosen]))


def published_final(name: str) -> tuple[Part, Part]:
    """Learn from all that is no test, and validate with the test set; both sorted by length."""
    return by_length(to_develop(name, "ascii")), by_length(to_test(name, "ascii"))


def by_length(part: Part) -> Part:
    """Sort the texts of a part, the shortest first."""
    return part.chosen(part.rows[part.tokens.lengths[part.rows].argsort(kind="stable")])


def _both(name: str) -> tuple[Part, ...]:
    return to_develop(name, "ascii"), to_test(name, "ascii")


_PUBLISHED = ("The letters a to z alone, so that the name of an HTML mark is a word; words of the test set are known "
              "too; ")
PREPARATIONS: Mapping[str, ReviewPreparation] = MappingProxyType({
    "seqlab": ReviewPreparation(
        "ours", "Letters of any script, HTML marks left out; the words of what is learned from; each label divided by "
        "itself, four fifths to learn from. No training reads the test set.", "letters", to_learn,
        lambda name: to_learn(name)[:1]),
    "published": ReviewPreparation(
        "as published: a fifth validates", _PUBLISHED + "a fifth, drawn at random whatever its label, validates.",
        "ascii", published_parts, _both, swapped=True),
    "published-final": ReviewPreparation(
        "as published: the test set validates", _PUBLISHED + "all that is no test is learned from, and the test set "
        "validates, so it tests no choice that is made by it.", "ascii", published_final,
        _both, swapped=True, test=True),
})
