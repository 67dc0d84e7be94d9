"""What a recurrent cell offers to the house, and its weights as one layer holds them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from jaxtyping import Float

from seqlab import notation
from seqlab.registry import discover


@dataclass(frozen=True)
class LayerWeights:
    """Weights of one recurrent layer, gates stacked along the first axis in PyTorch's order."""

    W_ih: Float[np.ndarray, "gates_hidden input"]
    W_hh: Float[np.ndarray, "gates_hidden hidden"]
    b_ih: Float[np.ndarray, " gates_hidden"]
    b_hh: Float[np.ndarray, " gates_hidden"]

    @classmethod
    def of(cls, weights: Mapping[str, np.ndarray], layer: int, prefix: str = "core.") -> "LayerWeights":
        """Pick one layer from weights under torch's names (``core.weight_ih_l0`` …); KeyError if one is missing."""
        kinds = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        return cls(*(weights[f"{prefix}{kind}_l{layer}"] for kind in kinds))

    @cached_property
    def _W_hh_T(self) -> Float[np.ndarray, "hidden gates_hidden"]:
        return np.ascontiguousarray(self.W_hh.T)

    def input_part(self, x: Float[np.ndarray, "batch time input"]) -> Float[np.ndarray, "time batch gates_hidden"]:
        """Everything the input contributes, for all times in one product: W_ih x_t + b_ih."""
        return np.ascontiguousarray(x.swapaxes(0, 1)) @ self.W_ih.T + self.b_ih

    def state_part(self, h: Float[np.ndarray, "batch hidden"]) -> Float[np.ndarray, "batch gates_hidden"]:
        """Everything the old state contributes: W_hh h + b_hh."""
        return h @ self._W_hh_T + self.b_hh


@dataclass(frozen=True)
class Cell:
    """One kind of recurrent layer: its formula, its number of weight blocks, its state and the symbols worth a view.

    ``forward(x, state, weights)`` runs one layer and returns each symbol as ``time batch hidden``.
    """

    name: str
    label: str
    forward: Callable[..., dict[str, np.ndarray]]
    gates: int
    state: tuple[str, ...]
    views: tuple[str, ...]
    limits: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def span(self, name: str) -> tuple[float, float]:
        """Fixed limits of the colour scale of a symbol in this cell; ``limits`` holds what differs from notation."""
        return self.limits.get(notation.symbol(name).key, notation.symbol(name).span)


def cells() -> dict[str, Cell]:
    """All cells by name; a new one is a new file in ``seqlab/reference`` with a ``CELL``."""
    return {name: cell for name, cell in discover("seqlab.reference", "CELL").items() if isinstance(cell, Cell)}
