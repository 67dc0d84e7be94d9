"""The weights of one recurrent layer: what every cell's offer, and those that are named as in torch's own modules."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float

from seqlab.reference.linear import product
from seqlab.reference.weights import Shapes, Weights

KINDS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
SECOND_BIAS = "bias_hh_l{layer}"


@runtime_checkable
class LayerParts(Protocol):
    """How one layer holds its weights."""

    @classmethod
    def of(cls, weights: Mapping[str, np.ndarray], layer: int, prefix: str = "core.") -> "LayerParts":
        """Pick one layer from weights under their names; KeyError if one is missing."""
        ...

    def named(self, layer: int, prefix: str = "core.") -> dict[str, np.ndarray]:
        """Give each its name: the way back from ``of``."""
        ...

    def scaled(self, by: float) -> "LayerParts":
        """Multiply what reads the old state."""
        ...

    @staticmethod
    def shapes(layer: int, rows: int, width: int, hidden: int) -> Shapes:
        """Names (without a prefix) and shapes of one layer."""
        ...

    @staticmethod
    def sizes(weights: Weights, prefix: str = "core.") -> tuple[int, int]:
        """Numbers of layers and of hidden units that a stack has."""
        ...


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
        return cls(*(weights[f"{prefix}{kind}_l{layer}"] for kind in KINDS))

    def named(self, layer: int, prefix: str = "core.") -> dict[str, np.ndarray]:
        """Give each its name in torch: the way back from ``of``."""
        parts = (self.W_ih, self.W_hh, self.b_ih, self.b_hh)
        return {f"{prefix}{kind}_l{layer}": part for kind, part in zip(KINDS, parts, strict=True)}

    @staticmethod
    def shapes(layer: int, rows: int, width: int, hidden: int) -> Shapes:
        """Names (without a prefix) and shapes of one layer, as torch's recurrent modules have them."""
        return {f"weight_ih_l{layer}": (rows, width), f"weight_hh_l{layer}": (rows, hidden),
                f"bias_ih_l{layer}": (rows,), f"bias_hh_l{layer}": (rows,)}

    @staticmethod
    def sizes(weights: Weights, prefix: str = "core.") -> tuple[int, int]:
        """Numbers of layers and of hidden units that a stack has."""
        layers = sum(name.startswith(f"{prefix}weight_hh_l") for name in weights)
        return layers, weights[f"{prefix}weight_hh_l0"].shape[1]

    def scaled(self, by: float) -> "LayerWeights":
        """Multiply what reads the old state."""
        return replace(self, W_hh=self.W_hh * by)

    @cached_property
    def _W_ih_T(self) -> Float[np.ndarray, "input gates_hidden"]:
        return np.ascontiguousarray(self.W_ih.T)

    @cached_property
    def _W_hh_T(self) -> Float[np.ndarray, "hidden gates_hidden"]:
        return np.ascontiguousarray(self.W_hh.T)

    def input_part(self, x: Float[np.ndarray, "batch time input"]) -> Float[np.ndarray, "time batch gates_hidden"]:
        """Everything the input contributes, for all times in one product: W_ih x_t + b_ih."""
        return product(np.ascontiguousarray(x.swapaxes(0, 1)), self._W_ih_T) + self.b_ih

    def state_part(self, h: Float[np.ndarray, "batch hidden"]) -> Float[np.ndarray, "batch gates_hidden"]:
        """Everything the old state contributes: W_hh h + b_hh."""
        return product(h, self._W_hh_T) + self.b_hh
