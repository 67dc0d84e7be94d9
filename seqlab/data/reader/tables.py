"""Tables: their rows as a form says that they are written, and what of them is read, lost or changed.

Rows are read one by one from the bytes, so a large table is never in memory as a whole.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from seqlab.data.reader.encodings import Broken, checked_bytes, checked_text, opened
from seqlab.errors import Fault

MOST_BYTES = 100_000_000
FIRST = 5  # rows that are shown
DELIMITERS: Mapping[str, str] = MappingProxyType({
    ",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", "": "none: a line is one cell"})
_NO_DELIMITER = "\x1f"
_SEP = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
BREAKS = re.compile(r"[\t\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")

Rows = Iterator[tuple[int, list[str]]]  # each with the line in which it begins

csv.field_size_limit(MOST_BYTES)  # Python's own limit is 131,072 characters a cell, for the whole process


@dataclass(frozen=True)
class TableForm:
    """How a table is written, and which columns are read: those of the text, joined by a space, and of the label.

    ``columns`` says how many it has: where the last one is the text, cells beyond it belong to it, since nobody put
    quotation marks around its delimiters.
    """

    encoding: str
    delimiter: str
    quoted: bool
    header: bool
    text: tuple[int, ...]
    label: int | None = None
    columns: int = 0


def column_names(data: bytes, form: TableForm) -> tuple[str, ...]:
    """Names of a table's columns: those of its header, else ``column 1`` and so on; raises Fault."""
    first = next((row for _, row in rows(data, form)), [])
    names = [" ".join(cell.split()) if form.header else "" for cell in first]
    return tuple(name or f"column {place}" for place, name in enumerate(names, 1))


def texts(data: bytes, form: TableForm) -> Iterator[str]:
    """Give the texts of a table, each on one line; raises Fault."""
    for _, row in body(data, form)[1]:
        if text := one_line(text_of(row, form)):
            yield text


def one_line(text: str) -> str:
    """Put a cell on one line: every run of line ends and tabs is one space; nothing is left of white space alone."""
    return BREAKS.sub(" ", text) if text.strip() else ""


def rows(data: bytes, form: TableForm, broken: Broken | None = None) -> Rows:
    """Give the rows of a table that are not empty, and the line in which each begins; raises Fault."""
    source = _Lines(broken.watch(opened(data, form.encoding)) if broken else opened(data, form.encoding))
    table = csv.reader(source, delimiter=form.delimiter or _NO_DELIMITER,
                       quoting=csv.QUOTE_MINIMAL if form.quoted else csv.QUOTE_NONE)
    try:
        for row in table:
            first, taken = source.since()
            if form.quoted and len(taken) > 1:
                _closed(taken, first, form)
            if first == 1 and _SEP.fullmatch(taken[0]):
                continue
            if any(cell.strip() for cell in row):
                yield first, row
    except csv.Error as error:
        raise Fault(f"The table cannot be read: {str(error).rstrip('.')}. Try another delimiter, or read it without "
                    "quotation marks.") from None


def body(data: bytes, form: TableForm, broken: Broken | None = None) -> tuple[list[str], Rows]:
    """Give the names in a table's header (none without one) and its rows below it; raises Fault."""
    checked_bytes(data, MOST_BYTES, "table")
    checked_text(data[:100_000].decode(form.encoding, "replace"), form.encoding)
    every = rows(data, form, broken)
    return (next(every, (0, []))[1] if form.header else []), every


def written_separator(line: str) -> str:
    """The delimiter that a first line ``sep=;`` names ("" for any other line)."""
    match = _SEP.fullmatch(line)
    return match[1] if match else ""


class _Lines:
    """Gives lines on and keeps those since the last row."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines, self._taken, self._number = lines, list[str](), 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self._number += 1
        self._taken.append(line)
        return line

    def since(self) -> tuple[int, list[str]]:
        """Number of the first line of a row, and all its lines."""
        taken, self._taken = self._taken, []
        return self._number - len(taken) + 1, taken


def _closed(taken: list[str], first: int, form: TableForm) -> None:
    """Raise Fault for a row whose quotation mark is never closed, which so swallows the rest of the table."""
    try:
        list(csv.reader(taken, delimiter=form.delimiter or _NO_DELIMITER, strict=True))
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise Fault(f"A quotation mark in line {first:,} is not closed: all {len(taken):,} lines from there would "
                        "be one row. Read the table without quotation marks, or mend it.") from None


def cell(row: list[str], place: int | None) -> str:
    """Give a cell of a row without the space around it ("" where the row is too short, or no column is meant)."""
    return row[place].strip() if place is not None and place < len(row) else ""


def text_of(row: list[str], form: TableForm) -> str:
    """Give the text of a row: a cell as it stands, or several joined by spaces."""
    if form.delimiter and form.text == (form.columns - 1,):
        return form.delimiter.join(row[form.columns - 1:])
    if len(form.text) == 1:
        return row[form.text[0]] if form.text[0] < len(row) else ""
    return " ".join(part for place in form.text if (part := cell(row, place)))
