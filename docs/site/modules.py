"""One document for each public module, which Sphinx fills from its docstrings."""

from importlib import import_module
from inspect import getdoc, isclass
from pkgutil import iter_modules

import seqlab

PACKAGES = ("seqlab.reference", "seqlab.lenses")
BASICS = ("seqlab.notation", "seqlab.agreement", "seqlab.registry", "seqlab.paths", "seqlab.errors")


def documents() -> dict[str, str]:
    """All of them by name, and an index; they stand in no menu, which would be too long to find anything in."""
    public = {getattr(seqlab, name).__module__ for name in seqlab.__all__}
    groups = {"seqlab": BASICS} | {package: _inside(package, public) for package in PACKAGES}
    named = {f"api/{name}.rst": f":orphan:\n\n{_headed(name)}.. automodule:: {name}\n   :members:\n"
             for names in groups.values() for name in names}
    return {"api/index.rst": _index(groups), "api/seqlab.rst": _public()} | named


def _inside(package: str, public: set[str]) -> tuple[str, ...]:
    """The modules of a package, but for those whose names are public and documented there."""
    names = (f"{package}.{info.name}" for info in iter_modules(import_module(package).__path__))
    return tuple(name for name in names if name not in public)


def _public() -> str:
    """What ``import seqlab`` gives, under the names by which it is asked for."""
    kinds = {name: "autoclass" if isclass(getattr(seqlab, name)) else "autofunction" for name in seqlab.__all__}
    parts = (f".. {kind}:: seqlab.{name}\n" + "   :members:\n" * (kind == "autoclass") for name, kind in kinds.items())
    return f"{_headed('What import seqlab gives')}.. automodule:: seqlab\n\n" + "\n".join(parts)


def _index(groups: dict[str, tuple[str, ...]]) -> str:
    lists = (_headed(package, "-") + "\n".join(f"* :doc:`{name.removeprefix('seqlab.')} <{name}>`: {_sentence(name)}"
                                               for name in names) for package, names in groups.items())
    return _headed("The code, module by module") + "\n\n".join(lists) + "\n"


def _sentence(name: str) -> str:
    described = getdoc(import_module(name)) or ""
    return " ".join(described.partition("\n\n")[0].split())


def _headed(title: str, line: str = "=") -> str:
    return f"{title}\n{line * len(title)}\n\n"
