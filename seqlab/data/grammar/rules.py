"""The rules of a grammar as a person wrote them, each part with its place in the text."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from seqlab.errors import Fault


@dataclass(frozen=True)
class Place:
    """Line and column of a text, both counted from 1."""

    line: int
    column: int

    def fault(self, text: str) -> Fault:
        """Make the error that says where and what."""
        return Fault(f"Line {self.line}, column {self.column}: {text}")


@dataclass(frozen=True)
class Part:
    """A terminal, which is text, or the name of a symbol that has a rule."""

    text: str
    terminal: bool
    place: Place


@dataclass(frozen=True)
class Alternative:
    """One way to replace a symbol; no parts stand for the empty string."""

    parts: tuple[Part, ...]
    probability: Fraction
    place: Place

    @property
    def names(self) -> Iterator[Part]:
        """The parts that are replaced in their turn."""
        return (part for part in self.parts if not part.terminal)


@dataclass(frozen=True)
class Rule:
    """A symbol and all that may stand for it; the probabilities sum to 1."""

    name: str
    alternatives: tuple[Alternative, ...]
    place: Place


@dataclass(frozen=True)
class Rules:
    """A whole grammar; the first rule's symbol is the start.

    Where it is ``spaced``, one space stands between every two terminals of a string of characters.
    """

    rules: tuple[Rule, ...]
    spaced: bool = False

    @cached_property
    def by_name(self) -> dict[str, Rule]:
        """Each symbol's rule."""
        return {rule.name: rule for rule in self.rules}

    @property
    def start(self) -> Rule:
        """What every string grows from."""
        return self.rules[0]

    @cached_property
    def reached(self) -> tuple[Rule, ...]:
        """The rules that a string can use, in the order of the text; symbols without a rule are passed over."""
        found, fresh = {self.start.name}, [self.start]
        while fresh:
            rule = fresh.pop()
            for part in (part for alternative in rule.alternatives for part in alternative.names):
                if part.text not in found and part.text in self.by_name:
                    found.add(part.text)
                    fresh.append(self.by_name[part.text])
        return tuple(rule for rule in self.rules if rule.name in found)
