"""What a form makes of a whole table: what is read, lost and changed, counted while its rows go by."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from seqlab.data.reader.changes import Change, Tally, changes, clipped
from seqlab.data.reader.encodings import Broken
from seqlab.data.reader.labels import LabelCounts, folded
from seqlab.data.reader.tables import BREAKS, FIRST, TableForm, body, cell, one_line, text_of
from seqlab.errors import Fault


@dataclass(frozen=True)
class TableReading:
    """What a form makes of a table: its columns and first rows, what is read, and what was lost or changed.

    ``labels`` counts the texts of each label that is read, by the name that it is shown by; ``keys`` gives the place of
    each among them by what it is folded to.
    """

    form: TableForm
    columns: tuple[str, ...]
    first: tuple[tuple[str, ...], ...]
    rows: int
    texts: int
    characters: int
    different: int
    changes: tuple[Change, ...]
    labels: Mapping[str, int]
    keys: Mapping[str, int]


def read_table(data: bytes, form: TableForm) -> TableReading:
    """Read a whole table as a form says and say what comes of it; raises Fault where that is nothing to learn from."""
    broken = Broken(data, form.encoding)
    names, every = body(data, form, broken)
    scan = _Scan(form, tuple(" ".join(name.split()) for name in names), broken.tally)
    for number, row in every:
        scan.take(number, row)
    return scan.reading()


def labelled(data: bytes, reading: TableReading) -> Iterator[tuple[str, int]]:
    """Give the texts of a table, each with the place of its label; raises Fault."""
    form = reading.form
    for _, row in body(data, form)[1]:
        text, key = one_line(text_of(row, form)), folded(cell(row, form.label))
        if text and key in reading.keys:
            yield text, reading.keys[key]


@dataclass
class _Scan:
    """Counts all that a table has while its rows go by."""

    form: TableForm
    columns: tuple[str, ...]
    broken: Tally
    first: list[tuple[str, ...]] = field(default_factory=list)
    widths: Counter[int] = field(default_factory=Counter)
    labels: LabelCounts = field(default_factory=LabelCounts)
    rows: int = 0
    texts: int = 0
    characters: int = 0
    different: set[int] = field(default_factory=set)  # where there are no labels
    no_text: Tally = field(default_factory=lambda: Tally(
        "lost", "row has no text and is left out", "rows have no text and are left out"))
    no_label: Tally = field(default_factory=lambda: Tally(
        "lost", "row has no label and is left out", "rows have no label and are left out"))
    breaks: Tally = field(default_factory=lambda: Tally(
        "changed", "text has line ends or tabs within, which became spaces",
        "texts have line ends or tabs within, which became spaces"))
    longer: Tally = field(default_factory=lambda: Tally(
        "lost", "row has more cells than the table has columns, which are not read",
        "rows have more cells than the table has columns, which are not read"))
    joined: Tally = field(default_factory=lambda: Tally(
        "changed", "row has more cells than the table has columns, which went into its text",
        "rows have more cells than the table has columns, which went into their texts"))
    firsts: dict[str, tuple[int, str]] = field(default_factory=dict)

    def take(self, number: int, row: list[str]) -> None:
        """Count a row."""
        self.rows += 1
        self.columns = self.columns or tuple(f"column {place}" for place in range(1, len(row) + 1))
        if len(self.first) < FIRST:
            self.first.append(tuple(row))
        if any(cell.strip() for cell in row[len(self.columns):]):
            last = self.form.delimiter and self.form.text == (self.form.columns - 1,)
            (self.joined if last else self.longer).add(number, " ".join(row[len(self.columns):]))
        whole, label = text_of(row, self.form), cell(row, self.form.label)
        text = one_line(whole)
        if not text:
            self.no_text.add(number, " ".join(row))
        elif self.form.label is not None and not label:
            self.no_label.add(number, text)
        else:
            self._read(number, text, label)
            if text != whole:
                self.breaks.add(number, clipped(text, BREAKS.search(whole).start()))  # type: ignore[union-attr]

    def _read(self, number: int, text: str, label: str) -> None:
        if self.form.label is None:
            self.different.add(hash(text))
        else:
            self.labels.add(label, text)
            self.firsts.setdefault(folded(label), (number, f"{label}: {text}"))
        self.texts += 1
        self.characters += len(text)

    def reading(self) -> TableReading:
        """All that was counted; raises Fault for a table that nothing can be learned from."""
        self._checked()
        names = self.labels.names() if self.form.label is not None else {}
        rare, merged = self._label_changes(names)
        different = self.different.union(*(self.labels.different[key] for key in names))
        counts = {names[key]: self.labels.written[key].total() for key in names}
        return TableReading(
            self.form, tuple(name or f"column {place}" for place, name in enumerate(self.columns, 1)),
            tuple(self.first), self.rows, self.texts - rare.count, self.characters, len(different),
            changes(self.broken, self.no_text, self.no_label, self.longer, rare, self.breaks, self.joined, merged),
            counts, {key: place for place, key in enumerate(names)})

    def _checked(self) -> None:
        if not self.rows:
            raise Fault("The table is empty." if not self.columns else "The table has a header and no rows; if its "
                        "first line is a row too, say that it has no header.")
        last = max((*self.form.text, self.form.label or 0))
        if not self.form.text or last >= len(self.columns):
            raise Fault("Choose a column with texts that this table has.")
        if not self.texts:
            raise Fault("No row of the table has a text" + (" and a label" if self.form.label is not None else "")
                        + " in the chosen columns; choose others.")

    def _label_changes(self, names: Mapping[str, str]) -> tuple[Tally, Tally]:
        """Texts that are left out because their label is rare, and labels that are written in several ways."""
        rare = Tally("lost", "text has a label with too few texts, and is left out",
                     "texts have a label with too few texts, and are left out")
        merged = Tally("changed", "text has its label written in another way, which is taken as the same",
                       "texts have their label written in another way, which is taken as the same")
        for key, written in self.labels.written.items():
            if key not in names:
                rare.add(*self.firsts[key], count=written.total())
            for other in written:
                if key in names and other.casefold() == key and other != names[key]:
                    merged.add(0, f"{other} as {names[key]}", written[other])
        return rare, merged
