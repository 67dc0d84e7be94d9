"""Checks of what a person did on the page: exact code, a changed network, a setting, a page that was opened."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from seqlab.checking.exercises import EXERCISES
from seqlab.lessons.check import CheckKind, Settings
from seqlab.lessons.scene import Scene, Verdict
from seqlab.numerals import number
from seqlab.reference.change_text import write
from seqlab.reference.changed import Sites
from seqlab.reference.intervention import Action, Intervention


class Exact(Settings):
    """The exercise of *Your code*."""

    exercise: str

    @field_validator("exercise")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in EXERCISES:
            raise ValueError(f"must be one of {', '.join(EXERCISES)}")
        return value


class Changed(Settings):
    """What is changed in the network: a quantity, and if it matters its units, how, and to what."""

    quantity: Annotated[str, Field(min_length=1, max_length=40)]
    unit: Annotated[int, Field(ge=0)] | None = None
    action: Action | None = None
    value: float | None = None


class Bound(Settings):
    """A setting of the page as its address names it, and what it shall be."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    is_: Annotated[str | float | bool | None, Field(alias="is")] = None
    least: float | None = None
    most: float | None = None
    usual: Annotated[str | float | None, Field(description="what it is where the address does not name it")] = None

    @model_validator(mode="after")
    def _something(self) -> "Bound":
        if self.is_ is None and self.least is None and self.most is None:
            raise ValueError("a setting is: something, or has a least: or a most: number; write one of them")
        return self


class Opened(Settings):
    """The name of a page in the address."""

    page: Annotated[str, Field(min_length=1, max_length=40)]


def _exact(settings: Exact, scene: Scene) -> Verdict:
    label = EXERCISES[settings.exercise].label
    if settings.exercise in scene.exact:
        return Verdict(True, f"Your code for {label} is exact.")
    return Verdict(False, f"Write {label} on the page and press Check until it is exact.")


def _exact_done(settings: Exact, scene: Scene) -> Scene:
    return replace(scene, exact=scene.exact | {settings.exercise})


def _changed(settings: Changed, scene: Scene) -> Verdict:
    if any(_fits(settings, change) for change in scene.changes):
        return Verdict(True, "The network is changed so.")
    others = f" Now it is {', '.join(map(write, scene.changes))}." if scene.changes else ""
    return Verdict(False, f"Change {settings.quantity} in the network under its picture.{others}")


def _fits(settings: Changed, change: Intervention) -> bool:
    return (change.quantity in (settings.quantity, f"{settings.quantity}.0")
            and (settings.unit is None or change.units is None or settings.unit in change.units)
            and settings.action in (None, change.action)
            and (settings.value is None or abs(settings.value - change.value) < 1e-6))


def _changed_done(settings: Changed, scene: Scene) -> Scene:
    run = scene.shown
    here = Sites.of(run.core, run.weights(), run.config.network.pooling)
    name = settings.quantity if settings.quantity in here.units else f"{settings.quantity}.0"
    change = Intervention(name, settings.action or "set", settings.value or 0.0,
                          None if settings.unit is None else (settings.unit,))
    here.require_units(change)
    return replace(scene, changes=(*scene.changes, change))


def _set(settings: Bound, scene: Scene) -> Verdict:
    value = _value_of(settings, scene.address)
    if value is not None and _holds(settings, value):
        return Verdict(True, f"{settings.name} is {_written(value)}.")
    now = f" Now it is {_written(value)}." if value not in (None, "") else ""
    return Verdict(False, f"Set {settings.name} to {_wanted(settings)}.{now}")


def _value_of(settings: Bound, address: Mapping[str, str]) -> str | float | None:
    said = address.get(settings.name, settings.usual)
    try:
        return None if said is None else float(said)
    except ValueError:
        return str(said)


def _holds(settings: Bound, value: str | float) -> bool:
    if settings.is_ is not None:
        return str(value).lower() == str(settings.is_).lower() or (
            isinstance(value, float) and isinstance(settings.is_, int | float) and abs(value - settings.is_) < 1e-9)
    return isinstance(value, float) and (settings.least is None or value >= settings.least) and (
        settings.most is None or value <= settings.most)


def _wanted(settings: Bound) -> str:
    if settings.is_ is not None:
        return str(settings.is_)
    return " and ".join(f"{word} {number(bound)}" for word, bound in (
        ("at least", settings.least), ("at most", settings.most)) if bound is not None)


def _written(value: str | float) -> str:
    return number(value) if isinstance(value, float) else value


def _set_done(settings: Bound, scene: Scene) -> Scene:
    wanted = settings.is_ if settings.is_ is not None else settings.least if settings.least is not None \
        else settings.most
    return replace(scene, address={**scene.address, settings.name: str(wanted)})


def _opened(settings: Opened, scene: Scene) -> Verdict:
    there = scene.page == settings.page
    return Verdict(there, f"{'This is' if there else 'Open'} the page {settings.page}.")


def _opened_done(settings: Opened, scene: Scene) -> Scene:
    return replace(scene, page=settings.page)


CHECKS = (
    CheckKind(name="exact-code", settings=Exact, done=_exact, deed=_exact_done,
              tells="The person's code for an exercise of Your code came out exact since the step began: "
                    f"{', '.join(EXERCISES)}.", example="exact-code: {exercise: gru}"),
    CheckKind(name="changed", settings=Changed, done=_changed, deed=_changed_done,
              tells="The network on the page is changed so: set, scale, add or patch. What you leave out may be "
                    "anything.",
              example="changed: {quantity: z, unit: 5, action: set, value: 1}"),
    CheckKind(name="setting", settings=Bound, done=_set, deed=_set_done,
              tells="A setting of the page, by its name in the address, is something or lies between two numbers.",
              example="setting: {name: temperature, most: 0.3, usual: 1}"),
    CheckKind(name="opened", settings=Opened, done=_opened, deed=_opened_done,
              tells="The person has opened a page.", example="opened: {page: stepper}"),
)
