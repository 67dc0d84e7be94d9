"""Passages of a text on the colours of a unit, with what an annotation says of each symbol, as bytes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from seqlab.figures.film import pack
from seqlab.figures.reading import shown


@dataclass(frozen=True)
class ColouredPassage:
    """Symbols of a text, with the numbers of one or more units and the annotation at each.

    ``at`` is the symbol that it is shown for (-1: none); ``cut`` says whether text goes on before and after it;
    ``breaks`` are symbols before which a new sequence begins.
    """

    symbols: Sequence[str]
    values: Float[np.ndarray, "unit symbol"]
    labels: Float[np.ndarray, " symbol"]
    at: int = -1
    cut: tuple[bool, bool] = (False, False)
    breaks: Sequence[int] = ()


@dataclass(frozen=True)
class FollowingUnit:
    """A unit in the list: its score where nothing was fitted, whether it falls as the annotation rises, its name."""

    unit: int
    score: float
    sign: int
    name: str
    passages: Sequence[ColouredPassage]


@dataclass(frozen=True)
class Search:
    """What was searched for and what follows it; ``text`` has the numbers of every unit of the list, in its order."""

    title: str
    symbol: str
    measure: str
    limits: tuple[float, float]
    colours: str
    gap: str
    units: Sequence[FollowingUnit]
    text: ColouredPassage
    chosen: int


def search_bytes(search: Search) -> bytes:
    """Pack a search for ``ui.widgets.search``: ``values`` and ``labels`` of all passages, those of the text last.

    Labels are 0 to 1 of the greatest one in the passages, -1 where there is none; all numbers are float32.
    """
    passages = [passage for unit in search.units for passage in unit.passages] + [search.text]
    labels = np.concatenate([passage.labels for passage in passages])
    most = max(1e-9, float(np.nanmax(np.abs(labels)))) if np.isfinite(labels).any() else 1.0
    header = {
        "title": search.title, "symbol": search.symbol, "measure": search.measure, "limits": list(search.limits),
        "colours": search.colours, "gap": search.gap, "chosen": search.chosen, "most": most,
        "units": [{"unit": unit.unit, "score": _number(unit.score), "sign": unit.sign, "name": unit.name,
                   "passages": [_header(passage) for passage in unit.passages]} for unit in search.units],
        "text": _header(search.text)}
    values = np.concatenate([passage.values.ravel() for passage in passages]).astype(np.float32)
    shares = np.where(np.isfinite(labels), np.abs(labels) / most, -1).astype(np.float32)
    return pack(header, [({"name": "values"}, values), ({"name": "labels"}, shares)])


def _header(passage: ColouredPassage) -> dict[str, object]:
    return {"symbols": [shown(symbol) if symbol != " " else symbol for symbol in passage.symbols], "at": passage.at,
            "cut": list(passage.cut), "breaks": list(passage.breaks)}


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
