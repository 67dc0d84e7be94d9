"""seqlab: train small sequence models live and look inside, with the same computation proved in NumPy.

What stands here is the whole Python API. It is loaded when it is first used, so that ``import seqlab`` is cheap.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seqlab.api import Run, Trace, launch, open, train
    from seqlab.recording.begin import record

__version__ = "0.1.0"
__all__ = ["Run", "Trace", "launch", "open", "record", "train"]

_PLACES = dict.fromkeys(__all__, "seqlab.api") | {"record": "seqlab.recording.begin"}


def __getattr__(name: str) -> Any:
    """Load a part of the API at its first use."""
    if name not in _PLACES:
        raise AttributeError(f"module 'seqlab' has no attribute {name!r}")
    return getattr(import_module(_PLACES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
