"""What a quiet chart consists of, as plain data for ``ui.widgets.plot``: axes, lines, dots, rules and maps.

Colours are names in ``figures.theme.Palette`` (``muted``, ``symbols.h``), so that the browser follows its theme.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

Colours = Literal["diverging", "sequential"]
Number = int | float
Ticks = tuple[tuple[Number, str], ...]


@dataclass(frozen=True)
class Axis:
    """An axis: its ends, its label, the word that a reading begins with, and pairs of a value and its text.

    A text of two lines has a line break in it; where ticks do not fit, only every second, third … is written. On a
    logarithmic axis everything at or below ``low``, an exact 0 among it, stands at its low end; with ``gaps`` nothing
    is drawn for an exact 0, and only the reading tells of it.
    """

    low: Number
    high: Number
    label: str = ""
    ticks: Ticks = ()
    log: bool = False
    word: str = "t"
    gaps: bool = False


@dataclass(frozen=True)
class Series:
    """Points: joined by a line, as dots of radius ``width``, as a band down to the axis, or one of them ringed.

    One without a name stays out of the legend and of the reading under the pointer.
    """

    x: Float[np.ndarray, " point"] | np.ndarray
    y: Float[np.ndarray, " point"] | np.ndarray
    colour: str
    name: str = ""
    kind: Literal["line", "dots", "band", "ring"] = "line"
    width: Number = 2.0
    dash: tuple[int, ...] = ()
    alpha: Number = 1.0


@dataclass(frozen=True)
class Guide:
    """A straight line across the panel at a value of one axis, with a text above it or, ``upright``, along it."""

    axis: Literal["x", "y"]
    at: Number
    colour: str
    text: str = ""
    width: Number = 1.5
    dash: tuple[int, ...] = ()
    upright: bool = False


@dataclass(frozen=True)
class Map:
    """Numbers of units (rows) over time (columns) as colours between two fixed ends.

    ``read`` are the true numbers, shown under the pointer, where the coloured ones were folded or cut; ``scale``
    are texts below a bar of the colours; ``names`` name rows and columns alike, where both have names.
    """

    values: Float[np.ndarray, "unit time"]
    low: Number
    high: Number
    colours: Colours
    read: Float[np.ndarray, "unit time"] | None = None
    scale: Ticks = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Panel:
    """One field of a chart; ``alt`` says in words what it shows."""

    x: Axis
    y: Axis
    alt: str
    series: tuple[Series, ...] = ()
    rules: tuple[Guide, ...] = ()
    map: Map | None = None
    name: str = ""


@dataclass(frozen=True)
class Plot:
    """A chart of panels of equal height, one below the other; ``height`` in pixels with title, note and legend."""

    title: str
    panels: tuple[Panel, ...]
    height: int
    note: str = ""


def steps(time: int) -> Ticks:
    """Ticks of a time axis: some five round numbers from 0 on."""
    hop = next(hop for power in (1, 10, 100, 1000, 10000) for hop in (power, 2 * power, 5 * power) if time <= 6 * hop)
    return tuple((float(t), f"{t:,}") for t in range(0, time, hop))


def powers(low: int, high: int, hop: int) -> Ticks:
    """Ticks of a logarithmic axis from 10^low to 10^high, every ``hop`` powers down from the highest."""
    return tuple((10.0 ** power, "1" if power == 0 else f"1e{power}".replace("-", "\u2212"))
                 for power in range(high, low - 1, -hop))


def digits(values: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """Keep three digits, which is all that a logarithmic picture shows, so that little is sent."""
    return np.array([float(f"{value:.2e}") for value in values.ravel().tolist()]).reshape(values.shape)
