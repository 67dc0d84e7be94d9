"""Finding parts: a new task, cell, model or study is one new file, and nothing lists it by hand.

A person's own parts need no copy of seqlab. The environment variable ``SEQLAB_PARTS`` names packages, separated by
commas, that are searched as ``seqlab`` itself is: with ``SEQLAB_PARTS=mine`` a cell stands in ``mine/reference/`` and
``mine/models/``, a task in ``mine/tasks/``, a study in ``mine/studies/``. The packages must be importable (installed,
or on ``PYTHONPATH``) in every process that works with them: the server, its workers, the command line.
"""

import os
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import Any, TypeVar

Part = TypeVar("Part")
VARIABLE = "SEQLAB_PARTS"


def discover(package: str, attribute: str, kind: type[Part]) -> dict[str, Part]:
    """Collect ``attribute`` from every module of ``package`` that has one, keyed by its ``name``.

    An attribute may also hold several parts in a tuple. Modules are read in alphabetical order, those of seqlab first,
    then those of the packages in ``SEQLAB_PARTS``. Raises ValueError when two parts share a name, TypeError for a part
    that is not of its ``kind``, ModuleNotFoundError for a package in ``SEQLAB_PARTS`` that is not there.
    """
    key = package, attribute, _variable()
    if key not in _checked:
        _checked[key] = _collected(_parts(package, attribute), attribute, kind)
    return dict(_checked[key])


_checked: dict[tuple[str, str, str], dict[str, Any]] = {}


def _collected(found: Iterator[tuple[str, object]], attribute: str, kind: type[Part]) -> dict[str, Part]:
    parts: dict[str, Part] = {}
    for module, part in found:
        if not isinstance(part, kind):
            raise TypeError(f"{attribute} of {module} is a {type(part).__name__}, which is no {kind.__name__}"
                            f"{_lacks(part, kind)}")
        name = str(getattr(part, "name"))  # noqa: B009 (every part has a name; the type is the caller's)
        if name in parts:
            raise ValueError(f"{module} has a second part named {name!r}")
        parts[name] = part
    return parts


def attributes(package: str, attribute: str) -> dict[str, object]:
    """Give ``attribute`` of every module of ``package`` that has one, by the module's name, in the same order."""
    return _attributes(package, attribute, _variable())


@lru_cache
def _attributes(package: str, attribute: str, variable: str) -> dict[str, object]:
    modules = (f"{place}.{info.name}" for place in (package, *_added(package, variable))
               for info in iter_modules(import_module(place).__path__))
    values = {module: getattr(import_module(module), attribute, None) for module in modules}
    return {module: value for module, value in values.items() if value is not None}


def _variable() -> str:
    return os.environ.get(VARIABLE, "")


def _parts(package: str, attribute: str) -> Iterator[tuple[str, object]]:
    for module, value in attributes(package, attribute).items():
        yield from ((module, part) for part in (value if isinstance(value, tuple) else (value,)))


def _added(package: str, variable: str) -> Iterator[str]:
    """Packages of own parts that have something to add to a package of seqlab."""
    inside = package.removeprefix("seqlab.")
    for name in filter(None, map(str.strip, variable.split(","))):
        import_module(name)  # one that is misspelt must not go unnoticed
        if inside != package and _there(name, inside):
            yield f"{name}.{inside}"


def _there(package: str, inside: str) -> bool:
    """Whether a package holds another, which may lie deeper."""
    parts = inside.split(".")
    return all(find_spec(".".join((package, *parts[:depth]))) for depth in range(1, len(parts) + 1))


def _lacks(part: object, kind: type) -> str:
    """What a part has not that a protocol asks for."""
    asked = {*getattr(kind, "__annotations__", ()), *(name for name in vars(kind) if not name.startswith("_"))}
    missing = sorted(name for name in asked if not hasattr(part, name))
    return f": it lacks {', '.join(missing)}" if missing else ""
