"""How a table seems to be written: its delimiter, its quotation marks, its header, and what its columns hold."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from seqlab.data.reader.encodings import checked_bytes, checked_text, detect, opened
from seqlab.data.reader.labels import MOST_LABELS, folded
from seqlab.data.reader.tables import MOST_BYTES, TableForm, rows, written_separator
from seqlab.errors import Fault

TEXTS = ("text", "review", "sentence", "content", "comment", "tweet", "message", "body", "description", "v2", "title")
LABELS = ("label", "sentiment", "class", "target", "polarity", "category", "humor", "is_humor", "rating", "stars",
          "score", "v1", "gender", "airline_sentiment")
SUFFIXES = (".csv", ".tsv", ".tab")
_RANK = {",": 0, ";": 1, "|": 2, "\t": 3}  # prose has hardly any bar or tab
MOST_LINES, MOST_CHARACTERS = 400, 1_000_000  # of a table's beginning that its delimiter is guessed from
LONGEST_NAME = 60  # characters of a column's name
_NAMED = re.compile(r"[^\W\d_][\w '’.-]{0,29}(?<![.!?])")  # a line in a list of names


def looks_like_table(data: bytes, name: str) -> bool:
    """Whether a file is a table rather than running text: by its name, by its tabs, or as a list; raises Fault."""
    checked_bytes(data, MOST_BYTES, "file")
    if name.lower().endswith(SUFFIXES):
        return True
    lines = [line for line in _beginning(data, detect(data)) if line.strip()]
    if len(lines) >= 5 and 0 < min(line.count("\t") for line in lines) == max(line.count("\t") for line in lines):
        return True
    return len(lines) >= 20 and all(_NAMED.fullmatch(line.strip()) and len(line.split()) <= 3 for line in lines)


def propose_table(data: bytes, with_labels: bool) -> TableForm:
    """Guess how a table is written and which of its columns is the text, and which the label; raises Fault."""
    checked_bytes(data, MOST_BYTES, "table")
    return complete_form(data, TableForm(detect(data), "", True, False, ()), with_labels)


def complete_form(data: bytes, form: TableForm, with_labels: bool, *, keep_cut: bool = False) -> TableForm:
    """Guess all that follows from the encoding, and with ``keep_cut`` from delimiter, quotes and header as they are."""
    lines = _beginning(data, form.encoding)
    if not any(line.strip() for line in lines):
        raise Fault("The table is empty; take one with a text in each row.")
    delimiter, quoted = (form.delimiter, form.quoted) if keep_cut else _cut(lines)
    cut = TableForm(form.encoding, delimiter, quoted, form.header, (0,))
    first = [[cell[:2 * LONGEST_NAME].strip() for cell in row] for _, row in islice(rows(data, cut), MOST_LINES)]
    header = form.header if keep_cut else _has_header(first)
    try:
        columns = _columns(data, cut, header)
    except Fault:
        if keep_cut or not quoted:
            raise
        return complete_form(data, replace(cut, quoted=False, header=header), with_labels, keep_cut=True)
    if not columns:
        raise Fault("The table is empty; take one with a text in each row.")
    label = _label(columns) if with_labels else None
    return replace(cut, header=header, text=(_text(columns, label),), label=label, columns=len(columns))


def _beginning(data: bytes, encoding: str) -> list[str]:
    lines, size = [], 0
    for line in islice(opened(data, encoding), MOST_LINES):
        lines.append(line)
        size += len(line)
        if size > MOST_CHARACTERS:
            break
    checked_text("".join(lines)[:100_000], encoding)
    return lines


def _cut(lines: Sequence[str]) -> tuple[str, bool]:
    """The delimiter and whether cells stand in quotation marks: what gives rows of one width."""
    named = written_separator(lines[0])
    body = lines[1:] if named else lines
    ways = [named] if named in _RANK else list(_RANK)
    scored = [(*_score(body, name, quoted, len(lines) < MOST_LINES), name, quoted) for name in ways
              for quoted in (True, False)]
    wide, *_, delimiter, quoted = max(scored, key=lambda way: way[:4])
    return (delimiter, quoted) if wide or named else ("", _proper(body, "\x1f", True))


def _score(lines: Sequence[str], delimiter: str, quoted: bool, whole: bool) -> tuple[bool, float, bool, int]:
    """Say whether the rows have several cells, how alike they are, and what decides between ways that are as good."""
    cut = [row for row in csv.reader(lines, delimiter=delimiter,
                                     quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE) if row]
    cut = cut if whole or len(cut) < 2 else cut[:-1]  # the last one may be cut off
    if not cut:
        return False, 0.0, False, 0
    width, alike = Counter(map(len, cut)).most_common(1)[0]
    share, head = alike / len(cut), [cell.strip().strip('"').lower() for cell in cut[0]]
    if len(head) > 1 and any(name in head for name in (*TEXTS, *LABELS)):
        share = max(share, 0.9 * sum(len(row) >= len(head) for row in cut) / len(cut))
        width = max(width, len(head))
    return width > 1 and share >= 0.5, round(share, 2), quoted == _proper(lines, delimiter, whole), _RANK[delimiter]


def _proper(lines: Sequence[str], delimiter: str, whole: bool) -> bool:
    """Whether quotation marks stand around cells, as they should: before and behind each is the end of a cell."""
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error as error:
        return not whole and "unexpected end" in str(error)
    return True


def _has_header(table: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns rather than being one like the others."""
    if not table:
        return False
    first, below = [cell.strip() for cell in table[0]], table[1:]
    if any(cell.lower() in TEXTS + LABELS for cell in first):
        return True
    again = any(cell and len(row) > place and cell == row[place] for place, cell in enumerate(first) for row in below)
    content = any(len(cell) > LONGEST_NAME or (" " in cell and cell[-1] in ".!?") or _number(cell) for cell in first)
    return len(first) > 1 and not again and not content


def _number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


class _Column:
    """What a column holds: how many cells, how long they are, and its different values while they are few."""

    def __init__(self, name: str) -> None:
        self.name, self.filled, self.length, self.values = name.strip().lower(), 0, 0, set[str]()

    def add(self, cell: str) -> None:
        """Count a cell."""
        if cell.strip():
            self.filled += 1
            self.length += len(cell)
            if len(self.values) <= MOST_LABELS:
                self.values.add(folded(cell[:LONGEST_NAME]))


def _columns(data: bytes, form: TableForm, header: bool) -> list[_Column]:
    columns: list[_Column] = []
    for count, (_, row) in enumerate(rows(data, form)):
        if not columns:
            columns = [_Column(name if header else "") for name in row]
        if count or not header:
            for column, cell in zip(columns, row, strict=False):
                column.add(cell)
    return columns


def _text(columns: Sequence[_Column], label: int | None) -> int:
    """The column of texts: one with a usual name, else the one with the longest cells."""
    possible = [place for place in range(len(columns)) if place != label] or [0]
    for name in TEXTS:
        named = [place for place in possible if columns[place].name == name and columns[place].filled]
        if named:
            return named[0]
    return max(possible, key=lambda place: columns[place].length)


def _label(columns: Sequence[_Column]) -> int | None:
    """The column of labels: one with a usual name and few values, else the one with the fewest; None without any."""
    most = max(column.filled for column in columns)
    few = [place for place, column in enumerate(columns)
           if 1 < len(column.values) <= MOST_LABELS and column.filled > most / 2 and len(columns) > 1]
    for name in LABELS:
        named = [place for place in few if columns[place].name == name]
        if named:
            return named[0]
    named = [place for place, column in enumerate(columns) if column.name in LABELS]
    fewest = sorted(few, key=lambda place: (len(columns[place].values), columns[place].length))
    return next(iter(fewest + named), None)
