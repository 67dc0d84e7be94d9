"""What is not in a reading as it was in the file: how many, and the first of them as an example."""

from dataclasses import dataclass
from typing import Literal

LONGEST_EXAMPLE = 48  # characters
Effect = Literal["lost", "changed"]


@dataclass(frozen=True)
class Change:
    """A loss or a change: how often, of what (in the singular and in the plural), and where it came first."""

    effect: Effect
    count: int
    one: str
    many: str
    line: int = 0
    example: str = ""

    @property
    def sentence(self) -> str:
        """Say it to a person; the example is text of the file."""
        what = f"{self.count:,} {self.one if self.count == 1 else self.many}"
        where = f"line {self.line:,}" if self.line else ""
        first = ", ".join(part for part in (where, f"“{self.example}”" if self.example else "") if part)
        return f"{what} ({'' if self.count == 1 else 'the first: '}{first})." if first else f"{what}."


class Tally:
    """Counts one kind of change, and keeps its first place."""

    def __init__(self, effect: Effect, one: str, many: str) -> None:
        self.count, self._what, self._first = 0, (effect, one, many), (0, "")

    def add(self, line: int = 0, example: str = "", count: int = 1) -> None:
        """Count some more of them."""
        if not self.count:
            self._first = line, clipped(example)
        self.count += count

    def change(self) -> Change:
        """All that was counted."""
        (effect, one, many), (line, example) = self._what, self._first
        return Change(effect, self.count, one, many, line, example)


def changes(*tallies: Tally) -> tuple[Change, ...]:
    """Give what was counted of those that occurred; losses come first."""
    counted = (tally.change() for tally in tallies if tally.count)
    return tuple(sorted(counted, key=lambda change: change.effect != "lost"))


def clipped(text: str, middle: int | None = None) -> str:
    """Cut a text to the length of an example, around a place where one is given; it stands on one line."""
    first = max(0, min(middle - LONGEST_EXAMPLE // 2, len(text) - LONGEST_EXAMPLE)) if middle is not None else 0
    shown = " ".join(text[first:first + LONGEST_EXAMPLE].split())
    return ("… " if first else "") + shown + (" …" if first + LONGEST_EXAMPLE < len(text) else "")
