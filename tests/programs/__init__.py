"""The published programs, transcribed: what a source's own loop does, in plain torch and without seqlab's training.

A module is one source of ``seqlab.studies.published.SOURCES``, its hyphens written as underscores:

- ``FIGURES: Mapping[str, str]`` says what each of its figures measures. A key is the part of ``source/figure`` after
  the slash, whether or not the source prints a number for it.
- ``run(report: Report) -> Mapping[str, float]`` trains and measures as the source does, says how far it is through
  ``report``, and returns figures by those keys; a figure that it could not measure is left out.

``python -m tests.programs NAME`` runs one; with ``--ship`` its figures are stored as the result ``program-NAME`` in
``checkpoints/results/``, where ``results.program`` finds them. A module that begins with an underscore is no program.
"""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


def programs() -> dict[str, ModuleType]:
    """All programs by the source whose they are."""
    names = [info.name for info in iter_modules(__path__) if not info.name.startswith("_")]
    return {name.replace("_", "-"): import_module(f"{__name__}.{name}") for name in names}
