"""What a formula is made of: parameters, quantities of the trace, and a few numbers that are looked up."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float

from seqlab import notation
from seqlab.reference.formulas.expression import Operand
from seqlab.reference.formulas.spot import HEADS, Pass, Spot

# Symbols whose units are those of all heads together, or of one head.
_UNITS = {"query": HEADS, "key": HEADS, "value": HEADS, "heads": ("feature",)}


@dataclass(frozen=True)
class Entry(Operand):
    """The unit's entry of a vector of parameters, named as in the run with ``{layer}`` filled in.

    Where gates are stacked it stands in ``block`` of ``blocks``. A leading dot: not a parameter of the core.
    """

    name: str
    block: int = 0
    blocks: int = 1

    def parameter(self, run: Pass, spot: Spot) -> Float[np.ndarray, "..."]:
        """The parameter as the run keeps it; raises KeyError where there is none."""
        name = self.name.format(layer=spot.layer)
        return run.weights[name[1:] if name.startswith(".") else run.prefix + name]

    def whole(self, run: Pass, spot: Spot) -> Float[np.ndarray, "units ..."]:
        """Its block, one entry a unit."""
        return np.split(self.parameter(run, spot).reshape(-1), self.blocks)[self.block]


@dataclass(frozen=True)
class Row(Entry):
    """The unit's row of a matrix of parameters, likewise; the matrices of heads lie one below another."""

    def vector(self, run: Pass, spot: Spot) -> Float[np.ndarray, " n"]:
        """The row."""
        return self.whole(run, spot)[spot.unit]

    def whole(self, run: Pass, spot: Spot) -> Float[np.ndarray, "units ..."]:
        """Its block, one row a unit."""
        value = self.parameter(run, spot)
        return np.split(value.reshape(-1, value.shape[-1]), self.blocks)[self.block]


@dataclass(frozen=True)
class Quantity(Operand):
    """A quantity of the trace at time t, t-1 or position j, of this layer, the layer below or the last one.

    ``along`` are the axes of its vector. Below the lowest layer stands ``bottom``, or where that is empty 0; before the
    first time stands ``start``.
    """

    symbol: str
    along: tuple[str, ...]
    when: str = "t"
    where: str = "here"
    bottom: str = "x"
    start: float = 0.0

    def name(self, run: Pass, spot: Spot) -> str:
        """Its name in the trace."""
        layer = {"here": spot.layer, "below": spot.layer - 1, "last": run.trace.layers - 1}[self.where]
        layer = layer if self.bottom else max(layer, 0)  # where nothing is below, only its form is asked for
        return self.bottom if layer < 0 else next(n for n in (f"{self.symbol}.{layer}", self.symbol) if n in run.trace)

    def written(self, spot: Spot) -> str:
        """Its symbol; below the lowest layer that of the bottom."""
        if self.where == "below":
            under = spot.layer or not self.bottom
            latex = rf"{self.latex}^{{\mathrm{{below}}}}" if under else notation.SYMBOLS[self.bottom].latex
            return latex.replace("_t", "_j") if self.when == "j" else latex
        return self.latex

    def named(self, spot: Spot) -> str:
        """Its symbol's key, and ``_before`` or ``_below``."""
        if self.where == "below":
            return f"{self.symbol}_below" if spot.layer or not self.bottom else self.bottom
        return self.symbol + ("_before" if self.when == "t-1" else "")

    def time(self, spot: Spot) -> int:
        """When it is read; -1 is before the first time."""
        return {"t": spot.time, "t-1": spot.time - 1, "j": spot.key}[self.when]

    def nothing(self, spot: Spot) -> bool:
        """Whether it is ``start`` because there is nothing yet: before the first time, or below the lowest layer."""
        return self.time(spot) < 0 or (self.where == "below" and not self.bottom and not spot.layer)

    def number(self, run: Pass, spot: Spot) -> float:
        """One number of the trace."""
        return self.start if self.nothing(spot) else float(run.read(self.name(run, spot), spot, self.time(spot)))

    def vector(self, run: Pass, spot: Spot) -> Float[np.ndarray, " n"]:
        """All numbers along its axes."""
        name, time = self.name(run, spot), self.time(spot)
        value = run.read(name, spot, max(time, 0), ("input",) if name == "x" else self.along)
        return np.full_like(value, self.start) if self.nothing(spot) else value

    def whole(self, run: Pass, spot: Spot) -> Float[np.ndarray, "units ..."]:
        """The same."""
        return self.vector(run, spot)


@dataclass(frozen=True)
class Table(Quantity):
    """A quantity of one head as the rows of a matrix: one for each position (``units`` time) or each feature."""

    units: str = "time"

    def named(self, spot: Spot) -> str:
        """Its symbol's key in the plural."""
        return f"{self.symbol}s"

    def whole(self, run: Pass, spot: Spot) -> Float[np.ndarray, "units n"]:
        """All rows."""
        value = run.read(self.name(run, spot), spot, 0, (self.units, *self.along))
        return value if self.units == "time" else value.T


@dataclass(frozen=True)
class Looked(Operand):
    """Numbers that a function finds, one for each unit."""

    find: Callable[[Pass, Spot], Float[np.ndarray, " units"]] = field(compare=False)

    def whole(self, run: Pass, spot: Spot) -> Float[np.ndarray, " units"]:
        """What it finds."""
        return self.find(run, spot)


@dataclass(frozen=True)
class Constant(Operand):
    """One number for all units; ``source`` is its NumPy."""

    source: str
    find: Callable[[Pass], float] = field(compare=False)

    def named(self, spot: Spot) -> str:
        """Its NumPy."""
        return self.source

    def number(self, run: Pass, spot: Spot) -> float:
        """The number."""
        return self.find(run)

    def all_units(self, run: Pass, spot: Spot) -> Float[np.ndarray, " units"]:
        """The same for every unit."""
        return np.array([self.find(run)])


def units(symbol: str) -> tuple[str, ...]:
    """Axes that number the units of a symbol: those of all heads for a query, those of one head for its output."""
    return _UNITS.get(symbol, notation.SYMBOLS[symbol].axes[-1:])


def now(symbol: str, along: tuple[str, ...] = (), where: str = "here") -> Quantity:
    """Take a quantity at time t, ``here`` or in the ``last`` layer; keys and values, which have no t, at position j."""
    if symbol in ("key", "value"):
        return at_position(symbol)
    return Quantity(notation.SYMBOLS[symbol].latex, symbol, along or units(symbol), where=where)


def at_position(symbol: str) -> Quantity:
    """Take a quantity at position j."""
    return Quantity(notation.SYMBOLS[symbol].latex.replace("_t", "_j"), symbol, units(symbol), when="j")


def before(symbol: str, start: float = 0.0) -> Quantity:
    """Take what a layer carries over from time t-1; before the first time it is ``start``."""
    return Quantity(notation.SYMBOLS[symbol].latex.replace("_t", "_{t-1}"), symbol, units(symbol), when="t-1",
                    start=start)


def below(bottom: str, symbol: str = "h", when: str = "t") -> Quantity:
    """Take what stands below a layer: its hidden state or another symbol; below the lowest ``bottom``, or 0."""
    return Quantity(notation.SYMBOLS[symbol].latex, symbol, units(symbol), when, "below", bottom)


def all_heads() -> Quantity:
    """Take the outputs of all heads, put side by side."""
    return Quantity(r"[y_t^{(1)};\, \ldots]", "heads", HEADS)


def rows(symbol: str, one_for: str, along: str) -> Table:
    """Take a quantity of one head as a matrix, with one row for each ``time`` or ``feature``."""
    return Table(notation.SYMBOLS[symbol].latex, symbol, (along,), "j", units=one_for)
