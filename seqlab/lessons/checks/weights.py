"""Checks of the weights that a network has learned."""

from typing import Annotated

from pydantic import Field

from seqlab.errors import Fault
from seqlab.lessons.asked import Computes, Unit
from seqlab.lessons.check import CheckKind, Computed
from seqlab.lessons.checks.quantities import Tolerance
from seqlab.lessons.scene import Scene
from seqlab.numerals import number


class Weight(Computes):
    """One weight: the name of its matrix or vector in torch, its row, and of a matrix its column."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    row: Unit
    column: Unit | None = None
    tolerance: Tolerance = 0.01


def _weight(settings: Weight, scene: Scene) -> Computed:
    scene = settings.scene(scene)
    weights = scene.shown.weights(scene.step)
    if settings.name not in weights:
        raise Fault(f"This network has no weights {settings.name!r:.60}; it has {', '.join(list(weights)[:20])}.")
    values = weights[settings.name]
    place = (settings.row,) if settings.column is None else (settings.row, settings.column)
    if len(place) != values.ndim or any(one >= size for one, size in zip(place, values.shape, strict=True)):
        shape = " × ".join(map(str, values.shape))
        raise Fault(f"{settings.name} has the shape {shape}; name a place in it by row: and column:.")
    value = float(values[place])
    return Computed(value, f"It is {number(value, 4)}.", settings.tolerance)


def _count(settings: Computes, scene: Scene) -> Computed:
    scene = settings.scene(scene)
    count = sum(values.size for values in scene.shown.weights(scene.step).values())
    return Computed(float(count), f"It has {count:,} numbers.")


CHECKS = (
    CheckKind(name="weight", settings=Weight, answers=("number",), compute=_weight,
              tells="One weight of the network, by its name in torch.",
              example="weight: {name: core.weight_hh_l0, row: 0, column: 1, tolerance: 0.05}"),
    CheckKind(name="count-weights", settings=Computes, answers=("number",), compute=_count,
              tells="How many numbers the network has learned.", example="count-weights"),
)
