"""A person's own table of texts and two labels: which columns they are, and everything that can be wrong with it."""

import csv
import io
from collections import Counter
from collections.abc import Sequence

from seqlab.data.preparation import decode
from seqlab.errors import Fault

TEXTS = ("text", "review", "sentence", "content", "comment")
LABELS = ("label", "sentiment", "class", "target", "polarity")
MOST_BYTES = 100_000_000
FEWEST = 8  # texts of each label
LONGEST_LABEL = 40


def read_labelled(data: bytes) -> tuple[list[tuple[str, int]], tuple[str, str]]:
    """Read a CSV with a column of texts and one of labels: each text with 0 or 1, and the names of the two labels.

    Of the names the one that comes first in the alphabet is 0: negative before positive, 0 before 1. Raises Fault, in
    one plain sentence, for a table that cannot be learned from.
    """
    header, body = _rows(data)
    text, label = _column(header, TEXTS, "text"), _column(header, LABELS, "label")
    labelled: list[tuple[str, str]] = []
    for line, row in enumerate(body, 2):
        content = row[text].strip() if len(row) > text else ""
        name = row[label].strip() if len(row) > label else ""
        if not content:
            continue
        if not name:
            raise Fault(f"Row {line} of the table has a text and no label; give every text one of two labels.")
        labelled.append((content, name))
    first, second = _two(Counter(name for _, name in labelled))
    return [(content, int(name == second)) for content, name in labelled], (first, second)


def _rows(data: bytes) -> tuple[list[str], list[list[str]]]:
    text = decode(data, MOST_BYTES)
    head = text.lstrip("\n").partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter) if row]
    except csv.Error as error:
        raise Fault(f"The table cannot be read as CSV: {error}. Look for a quotation mark that is not "
                    "closed.") from None
    return [name.strip().lower() for name in rows[0]], rows[1:]


def _column(header: list[str], usual: Sequence[str], kind: str) -> int:
    for name in usual:
        if name in header:
            return header.index(name)
    listed = ", ".join(name for name in header if name)[:80] or "no names"
    raise Fault(f"The table has no column {kind!r}: its first row says {listed}. Call one column text and one label.")


def _two(counts: Counter[str]) -> tuple[str, str]:
    names = sorted(counts)
    if not names:
        raise Fault("The table has no texts; take one with a text and a label in each row.")
    listed = ", ".join(f"{name!r:.{LONGEST_LABEL}}" for name in names[:4]) + (" …" if len(names) > 4 else "")
    if len(names) == 1:
        raise Fault(f"All texts have the same label, {listed}, so there is nothing to tell apart; take texts of two "
                    "kinds.")
    if len(names) > 2:
        raise Fault(f"The table has {len(names)} labels: {listed}. Take a table with two, such as negative and "
                    "positive.")
    if max(map(len, names)) > LONGEST_LABEL:
        raise Fault(f"The labels are longer than {LONGEST_LABEL} characters; take short names, such as negative and "
                    "positive.")
    few = min(counts, key=counts.__getitem__)
    if counts[few] < FEWEST:
        there = "is one text" if counts[few] == 1 else f"are {counts[few]} texts"
        raise Fault(f"There {there} with the label {few!r}, too few for training and validation; take at least "
                    f"{FEWEST} of each.")
    return names[0], names[1]
