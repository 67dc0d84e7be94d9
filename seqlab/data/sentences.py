"""Sentences from a table, or from running text: which column, and how each is made plain."""

import csv
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from seqlab.data.preparation import decode
from seqlab.errors import Fault

USUAL_COLUMNS = ("text", "sentence", "review", "content")
LONGEST = 200  # characters; a longer one is no sentence but a paragraph
SHORTEST = 10
LONGEST_NAME = 60  # characters of a column's name
_NOT_ASCII = re.compile(r"[^\x00-\x09\x0b-\x7f]")  # nor a line end
_STOP = re.compile(r"(?<=[.!?])\s+")


def tidy(sentence: str) -> str:
    """Make every run of characters outside ASCII, and of white space, one space."""
    return " ".join("".join(character if " " <= character <= "~" else " " for character in sentence).split())


def spaced(sentence: str) -> str:
    """Make each character outside ASCII, and each line end, one space; keep everything else, runs of spaces too."""
    return _NOT_ASCII.sub(" ", sentence)


@dataclass(frozen=True)
class Preparation:
    """How sentences are made plain: a label for people, what becomes of their characters, and what stands at the end.

    A network that reads an ``ending`` predicts it as a character; its END after it is then certain.
    """

    label: str
    plain: Callable[[str], str]
    ending: str = ""

    def __call__(self, sentence: str) -> str:
        """Prepare a whole sentence."""
        return self.plain(sentence) + self.ending


# As the published assignment has it, and one that leaves less to predict that says nothing.
PREPARATIONS: Mapping[str, Preparation] = MappingProxyType({
    "tidy": Preparation("plain ASCII, tidied", tidy),
    "published": Preparation("as published, with line ends", spaced, "\n")})


def split(text: str) -> list[str]:
    """Cut running text into its sentences as they stand, without those that are too short or too long when tidied."""
    sentences = (part for paragraph in re.split(r"\n\s*\n", text) for part in _STOP.split(paragraph))
    return [sentence for sentence in sentences if SHORTEST <= len(tidy(sentence)) <= LONGEST]


def columns(data: bytes) -> tuple[str, ...]:
    """Names of a table's columns: its header, or ``column 1`` and so on where the first line is none; raises Fault."""
    return tuple(_table(data)[0])


def read_csv(data: bytes, column: str | None = None) -> list[str]:
    """Read one column of a table as it stands, each cell on one line, without rows that are empty there.

    Without a name it takes ``text``, ``sentence`` and the like, else the column with the longest texts. Raises Fault.
    """
    header, body = _table(data)
    place = _place(header, body, column)
    sentences = [row[place].replace("\n", " ") for row in body if len(row) > place and row[place].strip()]
    if len(sentences) < 2:
        count = "one sentence" if sentences else "no sentences"
        raise Fault(f"The column {header[place]!r:.40} has {count}; at least two are needed, one to train on and one "
                    "to validate with.")
    return sentences


def _table(data: bytes) -> tuple[list[str], list[list[str]]]:
    """Cut a table into its header and its rows; raises Fault for what is no table."""
    text = decode(data)
    first = text.lstrip("\n").partition("\n")[0]
    delimiter = max(",;\t", key=first.count)  # a comma where none is there
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter))
    except csv.Error as error:
        raise Fault(f"The table cannot be read as CSV: {error}. Look for a quotation mark that is not "
                    "closed.") from None
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if _headless([[cell.strip() for cell in row] for row in rows[:200]]):
        return [f"column {place}" for place in range(1, len(rows[0]) + 1)], rows
    if len(rows) < 2:
        raise Fault("The table has a header and no rows.")
    return [name.strip() for name in rows[0]], rows[1:]


def _headless(rows: list[list[str]]) -> bool:
    """Whether the first line is a row like the others: it has a whole sentence, or a cell that comes again below."""
    if not rows or any(name.lower() in USUAL_COLUMNS for name in rows[0]):
        return False
    below = rows[1:]
    again = any(cell == row[place] for place, cell in enumerate(rows[0]) for row in below if len(row) > place)
    return again or any(len(cell) > LONGEST_NAME or (" " in cell and cell[-1] in ".!?") for cell in rows[0])


def _place(header: list[str], body: list[list[str]], column: str | None) -> int:
    names = [name.lower() for name in header]
    if column is not None:
        if column.lower() not in names:
            raise Fault(f"There is no column {column!r:.40}; the table has {', '.join(header)[:200]}.")
        return names.index(column.lower())
    usual = next((names.index(name) for name in USUAL_COLUMNS if name in names), None)
    if usual is not None:
        return usual
    lengths = [sum(len(row[place]) for row in body[:200] if len(row) > place) for place in range(len(header))]
    return lengths.index(max(lengths))
