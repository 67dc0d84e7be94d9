"""A pinned number as a sentence that is made of its values; plain text, to be shown as such."""

from collections.abc import Sequence
from dataclasses import dataclass

from seqlab.figures.stepper_tables import symbol_text
from seqlab.notation import Symbol
from seqlab.reference.pinned import HeldSymbol, WithoutUnit

OPEN, SHUT = 0.9, 0.1  # beyond these a gate is as good as open or shut
MOST = 0.5  # share of the variance from which on a unit is said to hold a symbol


@dataclass(frozen=True)
class Meaning:
    """A number of a pass and what is known of its unit; ``holds`` is None where it holds nothing."""

    symbol: Symbol
    value: float
    t: int
    unit: int
    lost: WithoutUnit
    holds: HeldSymbol | None


def in_words(means: Meaning, letters: Sequence[str], answers: Sequence[str]) -> str:
    """Say what a number means: its value and where, what that does, what the unit holds, and what it is needed for.

    ``letters`` are what the network reads, ``answers`` what it can answer.
    """
    letter = symbol_text(means.symbol.latex).rstrip("ₜ")
    first = f"{letter} = {_number(means.value)} at {_quoted(letters[means.t])} (t = {means.t})"
    held = _holding(means.holds, means.t, letters)
    return f"{first}: {_effect(means.symbol, means.value, means.unit)}; {held}, and {_needed(means.lost, answers)}."


def _effect(symbol: Symbol, value: float, unit: int) -> str:
    """What the value does: a gate by its ends, any other number by its size."""
    low, high = symbol.ends
    if low:
        says = high if value >= OPEN else low if value <= SHUT else f"{round(100 * value)} % {high}"
        return f"unit {unit} {says}"
    if symbol.bounds == (-1.0, 1.0):
        size = abs(value)
        far = "nearly as far as it can go" if size >= OPEN else "close to 0" if size <= SHUT else "in between"
        return f"the {symbol.name} of unit {unit} is {far}"
    return f"unit {unit}, {symbol.name}"


def _holding(holds: HeldSymbol | None, t: int, letters: Sequence[str]) -> str:
    if holds is None:
        return "it holds nothing of what was read"
    source = f"{_quoted(letters[holds.source])} of t = {holds.source}"
    if holds.share < MOST:
        return f"it holds several symbols at once, most of all {source}"
    if holds.source == t:
        return f"it holds the {_quoted(letters[t])} that is being read"
    return f"it has held the {source} since t = {holds.since}" if holds.since < t else f"it now holds the {source}"


def _needed(lost: WithoutUnit, answers: Sequence[str]) -> str:
    said = f"{_quoted(answers[lost.before])} at t = {lost.time}"
    if lost.before != lost.after:
        others = f" (and {lost.changed} more answers would change)" if lost.changed > 1 else \
            " (and one more answer would change)" if lost.changed else ""
        return f"without it {said} would be said as {_quoted(answers[lost.after])}{others}"
    less = lost.probabilities[0] - lost.probabilities[1]
    if less < 0.005:
        return "without it every answer stays as sure as it is"
    return (f"without it every answer stays, only {said} is less sure: "
            f"{_number(lost.probabilities[1])} instead of {_number(lost.probabilities[0])}")


def _number(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _quoted(letter: str) -> str:
    return f"“{letter}”"
