"""Numbers as CSV: the curves of a run and every quantity of a pass, and a key that says what each column holds."""

import csv
import io
import math
from collections.abc import Iterable, Iterator, Sequence

from seqlab import notation
from seqlab.export.exports import Export, Leaving
from seqlab.export.making.as_file import zipped
from seqlab.training.run import Run

Row = Sequence[object]
# Of each column of the curves: its unit, and what it holds.
CURVES: dict[str, tuple[str, str]] = {
    "step": ("updates", "updates of the weights so far"),
    "seconds": ("s", "time spent training, without pauses"),
    "loss": ("nats", "cross-entropy of the last batches, as the run reduces it"),
    "accuracy": ("share, 0 to 1", "right answers in the last batches"),
    "grad_norm": ("1", "length of the gradient before it was clipped"),
    "lr": ("1", "learning rate in force"),
    "tokens_per_s": ("symbols/s", "speed of training"),
    "evaluation": ("share, 0 to 1", "right answers on data that was not trained on"),
    "validation": ("nats", "cross-entropy on data that was not trained on"),
    "valid": ("share, 0 to 1", "written samples that are in the language"),
    "clipped": ("share, 0 to 1", "updates whose gradient was clipped"),
}
_PASS: tuple[tuple[str, str, str], ...] = (
    ("quantity", "", "letter of the quantity, as in the pictures; the key explains each"),
    ("layer", "", "layer, from 0 at the bottom; empty where it belongs to no layer"),
    ("head", "", "attention head, from 0; empty where there is none"),
    ("time", "steps", "position in the sequence, from 0; of attention that of the query"),
    ("symbol", "", "what the network reads at that position"),
    ("unit", "", "unit, class or feature, from 0; of attention the position that is read"),
    ("value", "1", "the number; logits and losses are in nats, probabilities and gates from 0 to 1"),
)


def curves(run: Run) -> list[Row]:
    """Rows of the metrics, with their heading; what was not measured at a step is empty."""
    table = run.metrics()
    return [list(table), *([_number(value) for value in row] for row in zip(*table.values(), strict=True))]


def quantities(leaving: Leaving) -> Iterator[Row]:
    """Rows of every quantity of a pass, one number each, with their heading."""
    yield [name for name, _, _ in _PASS]
    letters = leaving.given.letters_in
    for name, array in leaving.traced().items():
        symbol, layer, values = notation.symbol(name), notation.layer(name), array[0]
        values = values if "head" in symbol.axes else values[None]
        for head, block in enumerate(values.tolist()):
            at_head = head if "head" in symbol.axes else ""
            for time, row in enumerate(block):
                for unit, value in enumerate(row):
                    yield symbol.key, "" if layer is None else layer, at_head, time, letters[time], unit, value


def key(leaving: Leaving) -> Iterator[Row]:
    """Say of every column of the other files, and of every letter in them, its unit and what it holds."""
    yield "file", "column", "unit", "meaning"
    for name in leaving.run.metrics():
        yield "curves.csv", name, *CURVES.get(name, ("", "logged under this name by the loop that trained it"))
    for column, unit, meaning in _PASS:
        yield "pass.csv", column, unit, meaning
    for letter in dict.fromkeys(notation.symbol(name).key for name in leaving.traced()):
        symbol = notation.symbol(letter)
        yield "pass.csv", f"quantity = {letter}", "", f"{symbol.name}: {symbol.meaning}"


def content(leaving: Leaving) -> bytes:
    """Pack the tables and their key."""
    return zipped({"curves.csv": _csv(curves(leaving.run)), "pass.csv": _csv(quantities(leaving)),
                   "key.csv": _csv(key(leaving))})


def _csv(rows: Iterable[Row]) -> bytes:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(rows)
    return file.getvalue().encode()


def _number(value: float) -> float | int | str:
    if math.isnan(value):
        return ""
    return int(value) if float(value).is_integer() else float(value)


EXPORT = Export("csv", "Tables", "Curves and every number of the pass as CSV, with a key of units and columns.",
                "-csv.zip", content)
