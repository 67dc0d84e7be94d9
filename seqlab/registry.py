"""Finding the parts of the house: a new task, cell, model or study is one new file, and nothing lists it by hand."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules


def discover(package: str, attribute: str) -> dict[str, object]:
    """Collect ``attribute`` from every module of ``package`` that has one, keyed by its ``name``.

    An attribute may also hold several parts in a tuple. Modules are read in alphabetical order.
    Raises ValueError when two parts share a name.
    """
    found: dict[str, object] = {}
    for part in _parts(package, attribute):
        name = getattr(part, "name")  # noqa: B009 (every part has a name; the type is the caller's)
        if name in found:
            raise ValueError(f"{package} has two parts named {name!r}")
        found[name] = part
    return found


def _parts(package: str, attribute: str) -> Iterator[object]:
    for info in iter_modules(import_module(package).__path__):
        value = getattr(import_module(f"{package}.{info.name}"), attribute, ())
        yield from value if isinstance(value, tuple) else (value,)
