"""Where a pass can be changed while it runs: each formula shows its result to an ``edit`` before anything reads it."""

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

Index = Any  # what indexes an array of NumPy or a tensor: integers, slices, lists, masks, and tuples of them


@runtime_checkable
class Editable(Protocol):
    """An array of NumPy or a tensor of torch: numbers that can be read and written by an index."""

    @property
    def shape(self) -> Sequence[int]:
        """Size along each axis."""
        ...

    def __getitem__(self, index: Index, /) -> Any:
        """Read some of the numbers."""
        ...

    def __setitem__(self, index: Index, value: Any, /) -> None:
        """Write some of the numbers."""
        ...


@runtime_checkable
class Edit(Protocol):
    """What may change the quantities of one layer, in place.

    At one time ``t`` each array is ``batch hidden``; t = -1 is the initial state. Without a time each has all of its
    symbol's axes.
    """

    def __call__(self, t: int | None = None, /, **quantities: Editable) -> None:
        """Look at quantities, by their keys, and change what is to be changed."""
        ...


def unchanged(t: int | None = None, /, **quantities: Editable) -> None:
    """Change nothing."""


@runtime_checkable
class Edits(Protocol):
    """What may change the quantities of a whole network."""

    def at(self, layer: int | None = None) -> Edit:
        """Give what changes the quantities of a layer; None: those that belong to no layer."""
        ...

    def codes(self, codes: Editable, ids: Index) -> None:
        """Change the codes of symbols, ``batch time input``, where the symbols ``ids`` stand."""
        ...


class Unchanged:
    """Edits that change nothing: the pass as it was trained."""

    def at(self, layer: int | None = None) -> Edit:
        """Change nothing."""
        return unchanged

    def codes(self, codes: Editable, ids: Index) -> None:
        """Change nothing."""


UNCHANGED = Unchanged()
