"""What a network wrote at each evaluation: one JSON line for each, with a mark where a string leaves the language."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from seqlab.files import append_line, parse_json, write_aside
from seqlab.training.status import MOST_STEPS

FILE = "samples.jsonl"
MOST, LONGEST = 100, 20_000  # samples of an evaluation, characters of a sample


@dataclass(frozen=True)
class Sample:
    """A string; ``left`` is the first of its tokens that cannot stand there, their number where it ends too early.

    It is None where the string is in the language.
    """

    text: str
    left: int | None

    @property
    def valid(self) -> bool:
        """Whether it is in the language."""
        return self.left is None


def parse(line: bytes) -> tuple[int, tuple[Sample, ...]]:
    """Read one line as the step and its samples; raises ValueError."""
    row = parse_json(line)
    if not isinstance(row, dict) or row.keys() != {"step", "samples"} or not _count(row["step"], MOST_STEPS):
        raise ValueError("it is not a step with its samples")
    parts = row["samples"]
    if not isinstance(parts, list) or len(parts) > MOST:
        raise ValueError(f"its samples are not a list of at most {MOST}")
    for pair in parts:
        if not (isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str) and len(pair[0]) <= LONGEST
                and (pair[1] is None or _count(pair[1], LONGEST))):
            raise ValueError("a sample is not a text and where it leaves the language")
    return row["step"], tuple(Sample(text, left) for text, left in parts)


def _count(value: object, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def append(folder: Path, step: int, samples: list[tuple[str, int | None]]) -> None:
    """Add what was written at a step."""
    append_line(folder / FILE, json.dumps({"step": step, "samples": [list(pair) for pair in samples]}))


def read(folder: Path) -> dict[int, tuple[Sample, ...]]:
    """Samples by step, ascending; lines that cannot be read are left out. The same dict while nothing was added."""
    file = folder / FILE
    try:
        now = file.stat()
    except OSError:
        return {}
    return _read(file, now.st_mtime_ns, now.st_size)


@lru_cache(maxsize=64)
def _read(file: Path, stamp: int, size: int) -> dict[int, tuple[Sample, ...]]:
    parts = dict(pair for pair, _ in _lines(file))
    return dict(sorted(parts.items()))


def rewind(path: Path, step: int) -> None:
    """Drop what was written after a step, and a torn last line."""
    if path.exists():
        write_aside(path, b"".join(line + b"\n" for (at, _), line in _lines(path) if at <= step))


def _lines(file: Path) -> list[tuple[tuple[int, tuple[Sample, ...]], bytes]]:
    parts = []
    for line in file.read_bytes().splitlines():
        try:
            parts.append((parse(line), line))
        except ValueError:
            continue
    return parts
