"""Arrays are held to the shapes in signatures: what names a shape is imported through a checker of its calls."""

import functools
import inspect
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from beartype import beartype
from jaxtyping import install_import_hook

from tests.support.data import ROOT

ENOUGH = 60  # checks of one function in a test; a loop over time makes thousands of the same
_checks = Counter[str]()
_resting: list[Any] = []


def shaped() -> Iterator[str]:
    """Modules of seqlab that name a shape; types of all others are what mypy holds."""
    for file in sorted((ROOT / "seqlab").rglob("*.py")):
        if "from jaxtyping import" in file.read_text(encoding="utf-8"):
            path = file.parent if file.stem == "__init__" else file.with_suffix("")
            yield ".".join(path.relative_to(ROOT).parts)


def check_shapes() -> None:
    """Check calls of them from now on; they must not have been imported yet."""
    install_import_hook([*shaped()], f"{__name__}.checked")


def checked(function: Callable[..., Any]) -> Callable[..., Any]:
    """Hold a function to its signature, until a test has called it often enough."""
    strict, name = beartype(function), f"{function.__module__}:{function.__qualname__}"
    if not inspect.isfunction(function):
        return strict

    @functools.wraps(function)
    def counted(*args: Any, **kwargs: Any) -> Any:
        _checks[name] += 1
        if _checks[name] == ENOUGH:
            rest(name)
        return strict(*args, **kwargs)
    return counted


def rest(name: str) -> None:
    """Check a function of a module or class no more until the next test; jaxtyping asks for its mark at each call."""
    module, _, parts = name.partition(":")
    value: Any = sys.modules.get(module)
    for part in parts.split("."):
        value = inspect.getattr_static(value, part, None)
    value = getattr(value, "fget", None) or getattr(value, "func", None) or value  # of properties
    function = inspect.unwrap(getattr(value, "__func__", value)) if callable(value) else None
    if inspect.isfunction(function):
        function.__dict__["__no_type_check__"] = True
        _resting.append(function)


def wake() -> None:
    """Check all of them again."""
    _checks.clear()
    while _resting:
        _resting.pop().__dict__.pop("__no_type_check__", None)
