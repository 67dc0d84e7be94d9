"""Checks of the numbers inside a pass: a quantity at a time, where it is large, which of several is largest."""

from collections.abc import Sequence
from typing import Annotated

import numpy as np
from pydantic import Field, model_validator

from seqlab import notation
from seqlab.errors import Fault
from seqlab.lessons.asked import Computes, Time, Unit, at
from seqlab.lessons.check import CheckKind, Computed, Settings
from seqlab.lessons.scene import Scene
from seqlab.numerals import number

Quantity = Annotated[str, Field(min_length=1, max_length=40)]
Tolerance = Annotated[float, Field(ge=0, allow_inf_nan=False)]
MOST_LISTED = 20


class Value(Computes):
    """A quantity at a time, of a unit, and how far off an answer may be."""

    quantity: Quantity
    time: Time
    unit: Unit
    tolerance: Tolerance = 0.01


class Where(Computes):
    """A quantity, one unit of it or their mean, and the bound that it lies above or below."""

    quantity: Quantity
    unit: Unit | None = None
    above: float | None = None
    below: float | None = None

    @model_validator(mode="after")
    def _one_bound(self) -> "Where":
        if (self.above is None) == (self.below is None):
            raise ValueError("a bound is either above: or below: a number; write one of them")
        return self


class Spot(Settings):
    """One number of a pass."""

    quantity: Quantity
    time: Time
    unit: Unit | None = None


class Largest(Computes):
    """A number of the pass for each choice, in their order; without a unit the mean over all of them."""

    spots: Annotated[tuple[Spot, ...], Field(min_length=2, max_length=6)]
    smallest: bool = False


class Strongest(Computes):
    """A quantity at a time."""

    quantity: Quantity
    time: Time


def quantity(scene: Scene, name: str) -> np.ndarray:
    """A quantity of the pass, time × unit, by its letter (layer 0) or with its layer, ``h.1``; raises Fault."""
    trace = scene.trace()
    full = name if name in trace else f"{name}.0"
    known = {key: values[0] for key, values in trace.items() if notation.symbol(key).axes[1:2] == ("time",)
             and values.ndim == 3}
    if full not in known:
        listed = ", ".join(list(known)[:MOST_LISTED])
        raise Fault(f"This network has no quantity {name!r:.40} with a number for each unit; it has {listed}.")
    return np.asarray(known[full])


def _of_unit(values: np.ndarray, unit: int | None, name: str) -> np.ndarray:
    """One unit along time, or the mean of all; raises Fault."""
    if unit is None:
        return np.asarray(values.mean(-1))
    if unit >= values.shape[-1]:
        raise Fault(f"{name} has no unit {unit} here; they are 0 to {values.shape[-1] - 1}.")
    return np.asarray(values[:, unit])


def _value(settings: Value, scene: Scene) -> Computed:
    scene = settings.scene(scene)
    time = at(scene, settings.time)
    value = float(_of_unit(quantity(scene, settings.quantity), settings.unit, settings.quantity)[time])
    return Computed(value, f"{settings.quantity} of unit {settings.unit} at t = {time} is {number(value, 4)}.",
                    settings.tolerance)


def _where(settings: Where, scene: Scene) -> Computed:
    scene = settings.scene(scene)
    values = _of_unit(quantity(scene, settings.quantity), settings.unit, settings.quantity)
    bound = settings.above if settings.above is not None else settings.below
    times = np.flatnonzero(values > bound if settings.above is not None else values < bound).tolist()
    if not times:
        raise Fault(f"{settings.quantity} is nowhere {_side(settings)} {number(bound)} here: it goes from "
                    f"{number(float(values.min()))} to {number(float(values.max()))}. Take a bound between them, or "
                    "another text.")
    return Computed(frozenset(times), f"There {settings.quantity} is {_side(settings)} {number(bound)}.")


def _side(settings: Where) -> str:
    return "above" if settings.above is not None else "below"


def _largest(settings: Largest, scene: Scene) -> Computed:
    scene = settings.scene(scene)
    values = [float(_of_unit(quantity(scene, spot.quantity), spot.unit, spot.quantity)[at(scene, spot.time)])
              for spot in settings.spots]
    place = values.index(min(values) if settings.smallest else max(values))
    if sum(abs(value - values[place]) < 1e-6 for value in values) > 1:
        raise Fault("Two of these are the same here, so none of them is the right answer; take other ones.")
    return Computed(place, f"The numbers are {_listed(values)}.")


def _listed(values: Sequence[float]) -> str:
    return ", ".join(number(value) for value in values)


def _strongest(settings: Strongest, scene: Scene) -> Computed:
    scene = settings.scene(scene)
    time = at(scene, settings.time)
    values = quantity(scene, settings.quantity)[time]
    unit = int(np.abs(values).argmax())
    return Computed(float(unit), f"Unit {unit} is the strongest at t = {time}, with {number(float(values[unit]))}.")


CHECKS = (
    CheckKind(name="value", settings=Value, answers=("number",), compute=_value,
              tells="The number of a quantity at a time, of a unit.",
              example="value: {quantity: z, time: 3, unit: 5, tolerance: 0.05}"),
    CheckKind(name="where", settings=Where, answers=("places",), compute=_where,
              tells="The times at which a quantity lies above or below a bound: one unit, or the mean of all.",
              example="where: {quantity: z, unit: 7, above: 0.5}"),
    CheckKind(name="largest", settings=Largest, answers=("choice",), compute=_largest,
              tells="Which of some numbers of the pass is the largest, or the smallest; one for each choice, in order. "
                    "Without a unit the mean of all.",
              example="largest: {spots: [{quantity: z, time: 2}, {quantity: z, time: 6}]}"),
    CheckKind(name="strongest-unit", settings=Strongest, answers=("number",), compute=_strongest,
              tells="The unit whose number is farthest from 0 at a time.",
              example="strongest-unit: {quantity: h, time: 4}"),
)
