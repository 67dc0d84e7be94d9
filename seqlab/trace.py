"""A trace: every named quantity of one forward pass, whichever program computed it."""

from collections.abc import Iterator, Mapping

import numpy as np

from seqlab import notation

# Axes that must agree in size across the quantities of a trace; a query or a key stands at a time.
_SHARED = {"batch": "batch", "time": "time", "query": "time", "key": "time"}


class Trace(Mapping[str, np.ndarray]):
    """Symbol name → array, in the order of computation; read-only.

    Every name is in ``notation`` and every array has its symbol's axes; sizes of batch and time agree across names.
    Raises KeyError for an unknown symbol, ValueError for a wrong number of axes or sizes that disagree.
    """

    def __init__(self, values: Mapping[str, np.ndarray]) -> None:
        sizes: dict[str, tuple[int, str]] = {}
        for name, array in values.items():
            axes = notation.symbol(name).axes
            if array.ndim != len(axes):
                raise ValueError(f"{name} has shape {array.shape}; its axes are {' '.join(axes)}")
            for axis, size in zip(axes, array.shape, strict=True):
                if axis in _SHARED:
                    known, first = sizes.setdefault(_SHARED[axis], (size, name))
                    if size != known:
                        raise ValueError(f"{name} has {axis} {size}, but {first} has {_SHARED[axis]} {known}")
        self._values = dict(values)

    def __getitem__(self, name: str) -> np.ndarray:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    @property
    def layers(self) -> int:
        """Number of layers that have a hidden state."""
        return sum(name.startswith("h.") for name in self)

    @property
    def symbols(self) -> set[str]:
        """Keys of the symbols it holds, layers aside: what a view can ask for."""
        return {notation.symbol(name).key for name in self}

    def final(self, key: str) -> np.ndarray:
        """State at the last time of every layer, stacked to ``layer batch hidden`` (torch's order)."""
        return np.stack([self[f"{key}.{number}"][:, -1] for number in range(self.layers)])
