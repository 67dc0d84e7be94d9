"""Sentences from a table, or from running text: which column, and how each is made plain."""

import csv
import io
import re

from seqlab.data.preparation import decode
from seqlab.errors import Fault

USUAL_COLUMNS = ("text", "sentence", "review", "content")
LONGEST = 200  # characters; a longer one is no sentence but a paragraph
SHORTEST = 10
_STOP = re.compile(r"(?<=[.!?])\s+")


def tidy(sentence: str) -> str:
    """Make every run of characters outside ASCII, and of white space, one space."""
    return " ".join("".join(character if " " <= character <= "~" else " " for character in sentence).split())


def split(text: str) -> list[str]:
    """Cut running text into its sentences, tidied, without those that are too short or too long."""
    found = (tidy(part) for paragraph in re.split(r"\n\s*\n", text) for part in _STOP.split(paragraph))
    return [sentence for sentence in found if SHORTEST <= len(sentence) <= LONGEST]


def read_csv(data: bytes, column: str | None = None) -> list[str]:
    """Read one column of a table with a header, tidied, without empty rows.

    Without a name it takes ``text``, ``sentence`` and the like, else the column with the longest texts. Raises Fault.
    """
    text = decode(data)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise Fault(f"The table cannot be read as CSV: {error}. Look for a quotation mark that is not "
                    "closed.") from None
    header, *body = ([cell.strip() for cell in row] for row in rows if row)
    place = _place(header, body, column)
    sentences = [tidied for row in body if len(row) > place and (tidied := tidy(row[place]))]
    if len(sentences) < 2:
        raise Fault(f"The column {header[place]!r:.40} has {len(sentences)} sentence; at least two are needed: one to "
                    "learn from and one to test on. Is the first line a header?")
    return sentences


def _place(header: list[str], body: list[list[str]], column: str | None) -> int:
    names = [name.lower() for name in header]
    if column is not None:
        if column.lower() not in names:
            raise Fault(f"There is no column {column!r:.40}; the table has {', '.join(header)[:200]}.")
        return names.index(column.lower())
    usual = next((names.index(name) for name in USUAL_COLUMNS if name in names), None)
    if usual is not None:
        return usual
    if not body:
        raise Fault("The table has a header and no rows.")
    sample = body[:200]
    lengths = [sum(len(row[place]) for row in sample if len(row) > place) for place in range(len(header))]
    return lengths.index(max(lengths))
