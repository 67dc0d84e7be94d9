"""Interventions: a quantity of a pass is set, scaled, moved or replaced, at some of its units and times, as it runs.

One small object says what, where and to what. It writes through an index alone, so that the same object changes the
arrays of this reference and the tensors of torch. Source of the method: Vig et al. 2020, "Investigating gender bias in
language models using causal mediation analysis"; patching: Meng et al. 2022 (arXiv 2202.05262), section 2.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite
from typing import Literal, get_args

from seqlab import notation
from seqlab.errors import Fault
from seqlab.reference.edit import Edit, Editable, Index, unchanged

Action = Literal["set", "scale", "add", "patch"]
ACTIONS: tuple[Action, ...] = get_args(Action)
CODES = "encoder.symbol"  # the name of the symbols' codes; its units are symbols
LARGEST = 100.0  # beyond it a change says nothing that ±100 does not, and single precision loses its digits
_ELSEWHERE = ("batch", "time", "query", "key", "feature")  # axes that count something else than units


@dataclass(frozen=True)
class Intervention:
    """One change of a pass.

    ``quantity`` is its name in a trace (``h.0``, ``z.1``, ``heads.0``, ``x``), or ``encoder.symbol`` for the codes of
    symbols. ``set`` puts ``value`` in its place, ``scale`` multiplies by it, ``add`` adds it, ``patch`` takes what the
    quantity is where the network reads the ids ``source``, unchanged. ``units`` are hidden units; heads where there are
    such, symbols of ``encoder.symbol`` (None: all); ``times`` positions in the input (None: all), -1 the initial state.
    Raises Fault for a value that is no number, or beyond ±100, and for what is put together wrongly.
    """

    quantity: str
    action: Action = "set"
    value: float = 0.0
    units: tuple[int, ...] | None = None
    times: tuple[int, ...] | None = None
    source: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        if not isfinite(self.value) or abs(self.value) > LARGEST:
            raise Fault(f"A change needs a number from −{LARGEST:g} to {LARGEST:g}, not {self.value:g}.")
        if (self.action == "patch") != bool(self.source):
            raise Fault("Another input is needed to take values from, and only there; type one for a patch.")
        if self.quantity == CODES and (self.source or self.times is not None):
            raise Fault("The code of a symbol can be set, scaled or added to, wherever the symbol stands.")
        if self.units == () or self.times == ():
            raise Fault("A change needs at least one unit and one time; leave them out to change all.")
        if self.source and -1 in (self.times or ()):
            raise Fault("Every input begins with the same initial state, so there is nothing to take from another one.")

    def at(self, t: int) -> bool:
        """Whether it changes anything at a time."""
        return t >= 0 if self.times is None else t in self.times

    def write(self, array: Editable, index: Index, other: Editable | None = None) -> None:
        """Change an array in place where an index says; ``other`` is what a patch takes."""
        if self.action == "set":
            array[index] = self.value
        elif self.action == "scale":
            array[index] = array[index] * self.value
        elif self.action == "add":
            array[index] = array[index] + self.value
        elif other is not None:
            array[index] = other[index]

    def along(self, axis: int) -> Index:
        """Index its units, which lie along an axis."""
        return (*(slice(None),) * axis, slice(None) if self.units is None else list(self.units))


@dataclass(frozen=True)
class ValueSweep(Intervention):
    """One change with a value for each row of a batch: row k of a pass is that of the change with ``values[k]`` alone.

    ``value`` takes no part. Raises Fault for a value as a change does, and ValueError for a patch, which has none. Row
    and single pass agree to 1e-12 in float64 (tests/test_interventions.py).
    """

    values: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.action == "patch" or not self.values:
            raise ValueError("values are swept of a change that has one, and at least one of them")
        assert self.rows  # checks every value

    @cached_property
    def rows(self) -> tuple[Intervention, ...]:
        """The single change of every row."""
        return tuple(Intervention(self.quantity, self.action, value, self.units, self.times) for value in self.values)

    def write(self, array: Editable, index: Index, other: Editable | None = None) -> None:
        """Change every row of a batch in place; a mask as an index is cut into its rows."""
        if array.shape[0] != len(self.values):
            raise ValueError(f"{len(self.values)} values need as many rows in the batch, not {array.shape[0]}")
        for row, change in enumerate(self.rows):
            here = slice(row, row + 1)
            change.write(array[here], index if isinstance(index, tuple | slice) else index[here])


def unit_axis(quantity: str) -> int:
    """Which axis of a quantity counts its units: hidden units, heads, inputs, symbols of the answer."""
    axes = notation.symbol(quantity).axes
    return next(number for number, axis in enumerate(axes) if axis not in _ELSEWHERE)


@dataclass(frozen=True)
class Applied:
    """Changes as a pass applies them; ``sources`` has the traces that patches take from, by their ids."""

    changes: tuple[Intervention, ...]
    sources: Mapping[tuple[int, ...], Mapping[str, Editable]] = field(default_factory=dict)

    def at(self, layer: int | None = None) -> Edit:
        """Give what changes the quantities of a layer; None: those that belong to no layer."""
        ending = "" if layer is None else str(layer)
        own = [change for change in self.changes if change.quantity.partition(".")[2] == ending]

        def edit(t: int | None = None, /, **quantities: Editable) -> None:
            for change in own:
                array = quantities.get(change.quantity.partition(".")[0])
                if array is not None:
                    self._everywhere(change, array) if t is None else self._once(change, array, t)

        return edit if own else unchanged

    def codes(self, codes: Editable, ids: Index) -> None:
        """Change the codes of symbols wherever they stand."""
        for change in self.changes:
            if change.quantity == CODES:
                for symbol in change.units or (None,):
                    change.write(codes, slice(None) if symbol is None else ids == symbol)

    def _once(self, change: Intervention, array: Editable, t: int) -> None:
        """Change a quantity at one time, ``batch hidden``."""
        if change.at(t):
            other = self._other(change)
            change.write(array, change.along(1), None if other is None else other[:, t])

    def _everywhere(self, change: Intervention, array: Editable) -> None:
        """Change a whole quantity, at all its times at once or at some, one after another."""
        time, unit, other = notation.symbol(change.quantity).time_axis, unit_axis(change.quantity), self._other(change)
        if change.times is None:
            change.write(array, change.along(unit), other)
        for t in change.times or ():
            here = (*(slice(None),) * time, t)
            change.write(array[here], change.along(unit - (time < unit)), None if other is None else other[here])

    def _other(self, change: Intervention) -> Editable | None:
        return None if change.source is None else self.sources[change.source][change.quantity]
