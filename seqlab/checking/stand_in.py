"""Stand-ins for modules that a course's files begin with and that are not here: they can be imported, but not used."""

from collections.abc import Sequence
from types import ModuleType

STAND_INS = frozenset(("torch", "torchvision", "matplotlib", "pandas", "sklearn", "tqdm", "tensorflow", "jax"))


class StandIn(ModuleType):
    """A module, or something imported from one, of which every use raises PermissionError with its full name."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__") and name.endswith("__"):  # what Python itself asks of a module
            raise AttributeError(name)
        raise PermissionError(f"{self.__name__}.{name}")

    def _refuse(self, *args: object, **kwargs: object) -> object:
        raise PermissionError(self.__name__)

    __call__ = __mro_entries__ = __getitem__ = __iter__ = __len__ = __enter__ = _refuse
    __array__ = __float__ = __add__ = __sub__ = __mul__ = __matmul__ = __truediv__ = _refuse


def imported(name: str, parts: Sequence[str] | None) -> StandIn:
    """Import ``name`` as Python would: the first module for ``import a.b``, the last for ``from a.b import c``."""
    first, *rest = name.split(".")
    last = top = StandIn(first)
    for part in rest:
        last = _within(last, part)
    for part in parts or ():
        if part == "*":
            raise PermissionError(f"everything of {name}")
        _within(last, part)
    return last if parts else top


def _within(module: StandIn, part: str) -> StandIn:
    inner = StandIn(f"{module.__name__}.{part}")
    setattr(module, part, inner)
    return inner
