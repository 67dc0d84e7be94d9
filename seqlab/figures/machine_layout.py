"""Where the parts of a machine stand, for any core: memory along the top, operations below it, boxes with weights low.

What a core carries from one time to the next without weights between (the cell of an LSTM, the state of a GRU, the
residual stream of a transformer) runs along the top from left to right; what comes in stands on the left.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from seqlab.reference.formulas.flow import MachinePart

TOP, MIDDLE, LOW = 0, 1, 2  # rows: what is carried along, operations, boxes; further ones hold sources alone


@dataclass(frozen=True)
class GridCell:
    """Where a part stands: its column, counted from the sources at 0, and its row, counted from the top."""

    column: int
    row: int


def placed(parts: Sequence[MachinePart]) -> dict[str, GridCell]:
    """Give every part its cell: no two share one, and a part stands to the right of all that it reads, or above it."""
    top, cells = carried(parts), dict[str, GridCell]()
    for part in parts:
        cells[part.name] = _source(part, top, cells) if part.kind == "source" else _operation(part, top, cells)
    rows = {row: place for place, row in enumerate(sorted({cell.row for cell in cells.values()}))}
    return {name: GridCell(cell.column, rows[cell.row]) for name, cell in cells.items()}


def carried(parts: Sequence[MachinePart]) -> tuple[str, ...]:
    """Name the longest way of products and sums alone that leads from what comes in to what comes of it; at most one.

    The old state leads to the new one of the same symbol, what comes from below to any quantity.
    """
    ways = [way for part in parts if part.kind == "source" for way in _ways(part.name, parts)
            if _arrives(part, _named(parts)[way[-1]])]
    return max(ways, key=len, default=())


def _ways(name: str, parts: Sequence[MachinePart]) -> Iterator[tuple[str, ...]]:
    for part in parts:
        if name in part.reads and part.kind in ("times", "plus"):
            yield name, part.name
            yield from ((name, *way) for way in _ways(part.name, parts))


def _arrives(source: MachinePart, end: MachinePart) -> bool:
    before = source.name.endswith("before")
    return end.symbol == source.symbol if before else bool(end.symbol)


def _named(parts: Sequence[MachinePart]) -> Mapping[str, MachinePart]:
    return {part.name: part for part in parts}


def _source(part: MachinePart, top: Sequence[str], cells: Mapping[str, GridCell]) -> GridCell:
    row = TOP if part.name in top else MIDDLE if part.name.endswith("before") else LOW
    while GridCell(0, row) in cells.values():
        row = max(row + 1, LOW + 1)
    return GridCell(0, row)


def _operation(part: MachinePart, top: Sequence[str], cells: Mapping[str, GridCell]) -> GridCell:
    row = TOP if part.name in top else LOW if part.kind == "map" else MIDDLE
    aside = part.kind == "minus"  # it shares its operand with another part, which may stand above that
    column = max((1, *(cells[name].column + (cells[name].row == row or aside) for name in part.reads)))
    if row == TOP:  # nothing stands between two parts of the way along the top
        column = max(column, 1 + max(cell.column for cell in cells.values() if cell.row == TOP))
    while GridCell(column, row) in cells.values():
        column += 1
    return GridCell(column, row)
