"""Pictures of a classified review: the probability after each word, words coloured by a number, and padding."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, TypedDict

import numpy as np
from jaxtyping import Float, Int

from seqlab.figures.plot import Axis, Guide, Panel, Plot, Series, Ticks, steps

HALF: Ticks = ((0.0, "0 %"), (0.5, "50 %"), (1.0, "100 %"))
LISTED = 8


@dataclass(frozen=True)
class WordLayer:
    """One way to colour words: ``signed`` numbers between -limit and limit, or ``count``s from 0 to it.

    ``meanings`` has a text for each word's number; ``ends`` are texts at the ends of the scale.
    """

    name: str
    kind: Literal["signed", "count"]
    values: Float[np.ndarray, " word"]
    limit: float
    ends: tuple[str, str]
    meanings: Sequence[str]
    note: str = ""


class LayerData(TypedDict):
    """A layer for the browser: ``tells`` are texts about the numbers, ``largest`` the places of the largest."""

    name: str
    kind: str
    limit: float
    ends: list[str]
    note: str
    tells: list[str]
    values: list[float]
    largest: list[int]


class ReviewData(TypedDict):
    """A review for the browser: its words, which of them the network knows, and the layers; ``id`` is a hash."""

    id: str
    words: list[str]
    known: list[bool]
    layers: list[LayerData]


def words(read: Sequence[str], known: Sequence[bool], layers: Sequence[WordLayer]) -> ReviewData:
    """Data of ``ui.widgets.sentiment``: the words, and every layer with its largest numbers."""
    parts: list[LayerData] = [
        {"name": layer.name, "kind": layer.kind, "limit": layer.limit, "ends": list(layer.ends), "note": layer.note,
         "tells": list(layer.meanings), "values": np.nan_to_num(layer.values).round(5).tolist(),
         "largest": largest(layer.values)} for layer in layers]
    key = sha256(repr((tuple(read), [(part["name"], part["values"]) for part in parts])).encode()).hexdigest()[:16]
    return {"id": key, "words": list(read), "known": [bool(one) for one in known], "layers": parts}


def largest(values: Float[np.ndarray, " word"], count: int = LISTED) -> list[int]:
    """Places of the largest numbers by magnitude, the largest first; zeros are none of them."""
    order = np.argsort(-np.abs(np.nan_to_num(values)), kind="stable")[:count]
    return [int(place) for place in order if values[place] != 0 and np.isfinite(values[place])]


def growth(counts: Int[np.ndarray, " count"], p: Float[np.ndarray, " count"], read: Sequence[str],
           label: str, even: float = 0.5) -> Plot:
    """Draw the probability of a label after each word beside an even chance; short reviews have words at the axis."""
    few = len(read) <= 24
    ticks: Ticks = (tuple((k + 1, word[:10]) for k, word in enumerate(read)) if few
                    else tuple((float(t), text) for t, text in steps(len(read) + 1) if t))
    axis = Axis(0.5, len(read) + 0.5, "" if few else "words read", ticks, word="word")
    kind: Literal["line", "dots"] = "line" if len(counts) > 1 else "dots"
    series = (Series(counts.astype(float), p.astype(float), "accent", f"p({label})", kind=kind, width=2.4),
              Series(counts[-1:].astype(float), p[-1:].astype(float), "accent", "", kind="dots", width=4))
    panel = Panel(axis, Axis(0.0, 1.0, f"p({label})", HALF), f"The probability of {label} after each word", series,
                  (Guide("y", even, "muted", dash=(3, 3), width=1),))
    return Plot("", (panel,), 180)


def padding(counts: Int[np.ndarray, " count"], p: Float[np.ndarray, " count"], at: int, label: str,
            even: float = 0.5) -> Plot:
    """Draw the probability against the padding that is read and pooled too, beside that without any."""
    where = float(np.interp(at, counts, p))
    end = max(1, int(counts[-1]))
    series = (Series(counts.astype(float), np.full(len(counts), float(p[0])), "right", "padding ignored", width=2,
                     dash=(6, 3)),
              Series(counts.astype(float), p.astype(float), "wrong", "padding read and pooled", width=2.4),
              Series(np.array([float(at)]), np.array([where]), "wrong", "", kind="dots", width=5))
    panel = Panel(Axis(0.0, end, "padding behind the review, in words", steps(end + 1), word="padding"),
                  Axis(0.0, 1.0, f"p({label})", HALF), f"The probability of {label} with padding behind the review",
                  series, (Guide("y", even, "muted", dash=(3, 3), width=1),))
    return Plot("", (panel,), 230)


def words_csv(read: Sequence[str], columns: Mapping[str, Float[np.ndarray, " word"]]) -> bytes:
    """Write a row for each word with its numbers; an empty field where there is none."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["place", "word", *columns])
    for place, word in enumerate(read):
        numbers = (values[place] for values in columns.values())
        table.writerow([place + 1, word, *(f"{number:.6g}" if np.isfinite(number) else "" for number in numbers)])
    return out.getvalue().encode()
