"""Two passes side by side, packed for the browser: the same quantity of both on one scale, their difference, KL."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from seqlab import notation
from seqlab.figures.comparison_dial import ComparisonDial
from seqlab.figures.film import BLANK, PackedArray, pack, quantise
from seqlab.reference.core import Core, span
from seqlab.trace import Trace

ANSWERS = "p"  # the quantity whose rows are the symbols that a network can answer


@dataclass(frozen=True)
class Side:
    """One of the two passes: its trace, its answers at a temperature, and what a person reads of it.

    ``answers`` are the probabilities at every time; ``inputs``, ``target`` and ``alphabet`` are symbols as they are
    seen, ``target`` with ``·`` where nothing is scored.
    """

    name: str
    core: Core
    trace: Trace
    answers: Float[np.ndarray, "time vocab"]
    inputs: Sequence[str]
    target: Sequence[str]
    alphabet: Sequence[str]

    def values(self, quantity: str) -> Float[np.ndarray, "time unit"]:
        """The numbers of a quantity, such as ``h.0`` or ``p``."""
        return self.answers if quantity == ANSWERS else np.asarray(self.trace[quantity][0])


@dataclass(frozen=True)
class Row:
    """A row of the maps: the unit of either side that stands in it, None where one has none, and their correlation."""

    first: int | None
    second: int | None
    r: float | None = None


def numbered(first: int, second: int) -> list[Row]:
    """Rows for units in the order of their numbers."""
    return [Row(unit if unit < first else None, unit if unit < second else None) for unit in range(max(first, second))]


def comparison(a: Side, b: Side, quantity: str, rows: Sequence[Row], *, difference: bool, why: str = "",
               kl: Float[np.ndarray, " time"] | None = None, dials: Sequence[ComparisonDial] = (),
               says: str | None = None) -> bytes:
    """Pack both maps on the scale of their symbol, and KL(A ‖ B) in nats; with ``difference`` A - B is drawn as well.

    A partner that goes against its unit (r < 0) is subtracted with its sign turned. ``why`` says what there is instead
    of a difference. The scale of a difference is as wide as that of its symbol on either side of 0. ``dials`` move the
    picture in the browser. A sentence says which answers change from A to B; ``says`` takes its place where nothing
    was moved yet, None: there is no such sentence at all.
    """
    symbol, (low, high) = notation.symbol(quantity), _span(a, b, quantity)
    first, second = (_rows(side.values(quantity), [getattr(row, place) for row in rows])
                     for side, place in ((a, "first"), (b, "second")))
    maps = [_map("A", first, low, high), _map("B", second, low, high)]
    header = {
        "title": symbol.name, "key": symbol.key, "layer": notation.layer(quantity),
        "colour": "sequential" if low >= 0 else symbol.colour, "span": (low, high), "width": high - low,
        "difference": difference, "says": says, "alphabets": [list(side.alphabet) for side in (a, b)] if dials else [],
        "sides": [_side(a, "A"), _side(b, "B")], "why": why,
        "rows": [[_named(a, quantity, row.first), _named(b, quantity, row.second), row.r] for row in rows],
        "kl": None if kl is None else [round(float(value), 5) if np.isfinite(value) else None for value in kl],
        "most": math.log(max(2, len(a.alphabet))), "dials": [dial.header for dial in dials],
    }
    return pack(header, [*maps, *(part for place, dial in enumerate(dials) for part in dial.parts(
        place, [row.second if dial.side else row.first for row in rows]))])


def _span(a: Side, b: Side, quantity: str) -> tuple[float, float]:
    """One scale for both: the wider of the two that their cores have for the symbol."""
    if quantity == ANSWERS:
        return 0.0, 1.0
    spans = [span(side.core, quantity) for side in (a, b)]
    return float(min(low for low, _ in spans)), float(max(high for _, high in spans))


def _side(side: Side, letter: str) -> dict[str, object]:
    best = np.nan_to_num(side.answers).argmax(-1)
    outputs = [side.alphabet[place] for place in best]
    states = ["blank" if target == BLANK else "right" if output == target else "wrong"
              for output, target in zip(outputs, side.target, strict=True)]
    sure = np.nan_to_num(side.answers[np.arange(len(best)), best])
    return {"letter": letter, "name": side.name, "inputs": list(side.inputs), "outputs": outputs, "states": states,
            "target": list(side.target), "sure": [round(float(p), 4) for p in sure]}


def _named(side: Side, quantity: str, unit: int | None) -> str | None:
    if unit is None:
        return None
    return side.alphabet[unit] if quantity == ANSWERS else f"unit {unit}"


def _rows(values: Float[np.ndarray, "time unit"], units: Sequence[int | None]) -> Float[np.ndarray, "row time"]:
    """The units of the rows, NaN where there is none."""
    empty = np.full(len(values), np.nan)
    return np.array([empty if unit is None else values[:, unit] for unit in units], dtype=np.float64)


def _map(name: str, values: Float[np.ndarray, "row time"], low: float, high: float) -> PackedArray:
    """Quantise over the scale or the numbers, whichever reaches further: colours clip, readings do not."""
    finite = np.isfinite(values)
    ends = float(values.min(initial=low, where=finite)), float(values.max(initial=high, where=finite))
    return {"kind": "map", "name": name, "shape": values.shape, "range": ends}, quantise(values, *ends)
