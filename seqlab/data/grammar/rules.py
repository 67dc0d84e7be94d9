"""The rules of a grammar as parsed, each part with its position in the text."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from seqlab.errors import Fault


@dataclass(frozen=True)
class TextPosition:
    """Line and column of a text, both counted from 1."""

    line: int
    column: int

    def fault(self, text: str) -> Fault:
        """Make an error that begins with this position."""
        return Fault(f"Line {self.line}, column {self.column}: {text}")


@dataclass(frozen=True)
class Part:
    """A terminal, which is text, or the name of a symbol that has a rule."""

    text: str
    terminal: bool
    position: TextPosition


@dataclass(frozen=True)
class Alternative:
    """One way to replace a symbol; no parts stand for the empty string."""

    parts: tuple[Part, ...]
    probability: Fraction
    position: TextPosition

    @property
    def names(self) -> Iterator[Part]:
        """The parts that are replaced in their turn."""
        return (part for part in self.parts if not part.terminal)


@dataclass(frozen=True)
class ProductionRule:
    """A symbol and all that may stand for it; the probabilities sum to 1."""

    name: str
    alternatives: tuple[Alternative, ...]
    position: TextPosition


@dataclass(frozen=True)
class Rules:
    """A whole grammar; the first rule's symbol is the start.

    Where it is ``spaced``, one space stands between every two terminals of a string of characters.
    """

    rules: tuple[ProductionRule, ...]
    spaced: bool = False

    @cached_property
    def by_name(self) -> dict[str, ProductionRule]:
        """Each symbol's rule."""
        return {rule.name: rule for rule in self.rules}

    @property
    def start(self) -> ProductionRule:
        """What every string grows from."""
        return self.rules[0]

    @cached_property
    def reached(self) -> tuple[ProductionRule, ...]:
        """The rules that a string can use, in the order of the text; symbols without a rule are passed over."""
        names, fresh = {self.start.name}, [self.start]
        while fresh:
            rule = fresh.pop()
            for part in (part for alternative in rule.alternatives for part in alternative.names):
                if part.text not in names and part.text in self.by_name:
                    names.add(part.text)
                    fresh.append(self.by_name[part.text])
        return tuple(rule for rule in self.rules if rule.name in names)
