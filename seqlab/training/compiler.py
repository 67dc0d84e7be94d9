"""torch's compiler, which nobody here uses, left unloaded: an optimiser would load it to tell it where to stop."""

import importlib
import sys
from collections.abc import Callable
from types import ModuleType
from typing import TypeVar

import torch

NAME = "torch._dynamo"
Function = TypeVar("Function", bound=Callable[..., object])


class Unloaded(ModuleType):
    """Stands for ``torch._dynamo`` until somebody asks for more than optimisers do; then the real one takes its place.

    ``torch.optim`` calls two of its functions around every update. Outside a compiled function both do nothing, but
    importing them takes 1.5 s of computing and 71 MB (measured with torch 2.13 on a CPU).
    """

    @staticmethod
    def disable(function: Function, *_: object, **__: object) -> Function:
        """Give a function back as it is: nothing would compile it."""
        return function

    @staticmethod
    def graph_break() -> None:
        """Do nothing: no graph is being recorded."""

    def __getattr__(self, name: str) -> object:
        """Load the real module for anything else; who only looks what kind of module this is gets no answer."""
        if name.startswith("__") and name != "__path__":
            raise AttributeError(name)
        if sys.modules.get(NAME) is self:
            del sys.modules[NAME]
        return getattr(importlib.import_module(NAME), name)


def leave_unloaded() -> None:
    """See that optimisers do not load the compiler, where it is not loaded yet."""
    if NAME not in sys.modules:
        stand_in = Unloaded(NAME)
        sys.modules[NAME] = stand_in
        setattr(torch, "_dynamo", stand_in)  # noqa: B010 (a name of torch's own, which its types do not know)
