"""Students' programs, read from ``right.md`` and ``faulty.md``: written before the diagnosis that they test."""

import re
from dataclasses import dataclass
from pathlib import Path

_SECTION = re.compile(r"^## (?P<exercise>\w+) · (?P<about>.+?)\n```python\n(?P<source>.*?)^```$",
                      re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Program:
    """One program: its exercise, the family of its fault (or what is its own about it), and its code."""

    exercise: str
    about: str
    source: str
    number: int

    def __str__(self) -> str:
        return f"{self.number}-{self.exercise}-{self.about}".replace(" ", "-")[:60]


def programs(name: str) -> list[Program]:
    """Every program of a file, ``right`` or ``faulty``; raises ValueError where a section cannot be read."""
    text = Path(__file__).with_name(f"{name}.md").read_text(encoding="utf-8")
    read = [Program(match["exercise"], match["about"], match["source"], number)
            for number, match in enumerate(_SECTION.finditer(text), 1)]
    if len(read) != len(re.findall("^## ", text, re.MULTILINE)):
        raise ValueError(f"{name}.md has a section that is no program")
    return read
