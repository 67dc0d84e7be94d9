"""A sweep: some settings over lists of values, every combination a run of its own."""

import hashlib
import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product
from math import gcd, prod

from pydantic import TypeAdapter, ValidationError

from seqlab.errors import Fault
from seqlab.files import slug
from seqlab.tasks import DERIVED, Settings
from seqlab.training.config import RunConfig, explain, plain_name
from seqlab.training.setting_words import fields

MOST_POINTS = 400
GOLDEN = (5 ** 0.5 - 1) / 2
_POINT = re.compile(r"sweep-.+-[0-9a-f]{8}-p\d{3}")
_NOTHING = ("none", "off", "never")


@dataclass(frozen=True)
class Point:
    """One combination: its place in the sweep from 0, the id of its run, its values by path, and its config.

    ``label`` says in words what sets it apart: ``hidden 8, lr 0.1``.
    """

    place: int
    id: str
    values: dict[str, object]
    label: str
    config: RunConfig


@dataclass(frozen=True)
class Sweep:
    """A base config and lists of values for some of its settings, by dotted path; ``made`` is a unix time.

    Its id is made from what it is and whose, so the same sweep asked for again is the same sweep, and goes on. One that
    was kept is ``known`` by the id it was kept under, also where runs have more settings by now. ``owner`` is the id of
    a person, where several share a server.
    """

    name: str
    base: RunConfig
    axes: dict[str, tuple[object, ...]]
    made: float = 0.0
    known: str = ""
    owner: str = ""

    @property
    def id(self) -> str:
        """Name of the sweep; safe in a URL."""
        if self.known:
            return self.known
        whose = [self.owner] if self.owner else []
        content = json.dumps([self.base.model_dump(exclude={"name"}), list(self.axes.items()), *whose], sort_keys=True)
        digest = hashlib.sha256(content.encode()).hexdigest()[:8]
        return f"sweep-{slug(self.name) or self.base.task['name']}-{digest}"

    @property
    def varying(self) -> dict[str, tuple[object, ...]]:
        """The axes along which something changes; a list of one value is only a setting."""
        return {path: values for path, values in self.axes.items() if len(values) > 1}

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """All combinations, the last axis changing first; raises Fault for one that cannot be."""
        combinations = product(*self.axes.values())
        return tuple(self._point(place, dict(zip(self.axes, values, strict=True)))
                     for place, values in enumerate(combinations))

    def in_turn(self) -> list[Point]:
        """All points in the order of training: far apart from each other, so that a part tells of the whole."""
        count = len(self.points)
        hop = next(hop for hop in range(max(1, round(GOLDEN * count)), count + 2) if gcd(hop, count) == 1)
        return [self.points[turn * hop % count] for turn in range(count)]

    def _point(self, place: int, values: dict[str, object]) -> Point:
        label = ", ".join(f"{short(path)} {written(values[path])}" for path in self.varying)
        name = f"{self.name or 'Sweep'}: {label}"[:80]
        try:
            config = RunConfig.model_validate(_with(self.base, values) | {"name": name})
        except ValidationError as error:
            raise Fault(self._blame(error, values)) from None
        return Point(place, f"{self.id}-p{place:03d}", values, label, config)

    def _blame(self, error: ValidationError, values: Mapping[str, object]) -> str:
        """Say which values cannot be: the one that was refused, or that is refused alone, else all of a point."""
        place = ".".join(map(str, error.errors()[0]["loc"]))
        guilty = [path for path in values if path == place]
        guilty = guilty or [path for path in values if _refused(self.base, {path: values[path]}) == explain(error)][:1]
        named = [f"{plain_name(path)} {written(values[path])}" for path in guilty or self.varying]
        return f"A point cannot be trained with {' and '.join(named)}. {explain(error)}"


def define(name: str, base: RunConfig, over: Mapping[str, Sequence[object] | str]) -> Sweep:
    """Make a sweep from lists of values, or from texts of values with commas; raises Fault in one plain sentence."""
    lists = {path: values.split(",") if isinstance(values, str) else list(values) for path, values in over.items()}
    for path, values in lists.items():
        if path not in settings(base):
            raise Fault(f"There is no setting {path[:60]!r} to sweep; there are {', '.join(settings(base))}.")
        if not any(str(value).strip() for value in values):
            raise Fault(f"The list for the {plain_name(path)} is empty; give values with commas between them.")
    count = prod(map(len, lists.values()))
    if count > MOST_POINTS:
        raise Fault(f"These lists make {count:,} points; a sweep has at most {MOST_POINTS}.")
    axes = {path: tuple(_read(base, path, value) for value in values) for path, values in lists.items()}
    for path, read in axes.items():
        twice = [value for place, value in enumerate(read) if value in read[:place]]
        if twice:
            raise Fault(f"The list for the {plain_name(path)} has {written(twice[0])} twice; each value must differ.")
    sweep = Sweep(" ".join(name.split())[:80], base, axes, time.time())
    if not sweep.varying:
        raise Fault("Nothing varies here; give at least one list of two or more values.")
    assert sweep.points  # making them is their test
    return sweep


def settings(base: RunConfig) -> dict[str, str]:
    """Plain name of every setting that can be swept, by its path."""
    return {path: plain_name(path) for path in _adapters(base.task["name"], type(base))}


@lru_cache(maxsize=32)
def _adapters(task: str, kind: type[RunConfig]) -> dict[str, Callable[[object], object]]:
    """What reads a value of each setting, by its path."""
    return {path: TypeAdapter(field.rebuild_annotation()).validate_python
            for path, field in fields(task, kind).items() if path != "name"}


def _read(base: RunConfig, path: str, given: object) -> object:
    """Read one value of a list as its setting has it; raises Fault."""
    text = given.strip() if isinstance(given, str) else given
    read, tries = _adapters(base.task["name"], type(base))[path], [_number(text), text]
    tries += [None] if text in _NOTHING else []
    first: ValidationError | None = None
    for value in tries:
        try:
            return read(value)
        except ValidationError as error:
            first = first or error
    assert first is not None
    raise Fault(explain(first).replace("The config", f"The {plain_name(path)}", 1))


def _number(text: object) -> object:
    for kind in (int, float):
        try:
            return kind(text) if isinstance(text, str) else text
        except ValueError:
            continue
    return text


def _with(base: RunConfig, values: Mapping[str, object]) -> Settings:
    """The base as plain data, with other values at some paths."""
    made = base.model_dump()
    for derived, sources in DERIVED.items():
        if any(f"task.{source}" in values for source in sources):
            made["task"].pop(derived, None)
    for path, value in values.items():
        *parts, last = path.split(".")
        section = made
        for part in parts:
            section = section[part]
        section[last] = value
    return made


def _refused(base: RunConfig, values: Mapping[str, object]) -> str:
    try:
        RunConfig.model_validate(_with(base, values))
    except ValidationError as error:
        return explain(error)
    return ""


def short(path: str) -> str:
    """The last part of a path: ``lr``."""
    return path.rpartition(".")[2]


def written(value: object) -> str:
    """Write a value of an axis."""
    return "none" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def is_point(run_id: str) -> bool:
    """Whether a run's id is that of a sweep's point."""
    return _POINT.fullmatch(run_id) is not None
