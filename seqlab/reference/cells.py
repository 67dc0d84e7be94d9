"""Recurrent cells: what one offers to the house, its weights as one layer holds them, and a stack of such layers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from jaxtyping import Float

from seqlab.reference.core import Shapes, Sizes, Weights, cores


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

    ``forward(x, state, weights)`` runs one layer and returns each symbol as ``time batch hidden``, ``h`` last.
    """

    name: str
    label: str
    forward: Callable[..., dict[str, np.ndarray]]
    gates: int
    state: tuple[str, ...]
    symbols: tuple[str, ...]
    views: tuple[str, ...]
    limits: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def run(self, x: Float[np.ndarray, "batch time input"], weights: Weights, *, prefix: str = "core.",
            state: tuple[Float[np.ndarray, "layer batch hidden"], ...] | None = None) -> dict[str, np.ndarray]:
        """Run as many layers as the weights hold, each reading the hidden states of the one below.

        The initial state is zero unless given, one array for each of ``state``; ValueError for a wrong shape.
        """
        layers = sum(name.startswith(f"{prefix}weight_hh_l") for name in weights)
        hidden = weights[f"{prefix}weight_hh_l0"].shape[1]
        state = _initial(self.state, state, (layers, x.shape[0], hidden), x.dtype)
        values: dict[str, np.ndarray] = {}
        below = x
        for layer in range(layers):
            result = self.forward(below, tuple(part[layer] for part in state), LayerWeights.of(weights, layer, prefix))
            values |= {f"{key}.{layer}": array.swapaxes(0, 1) for key, array in result.items()}
            below = values[f"h.{layer}"]
        return values

    def shapes(self, width: int, sizes: Sizes) -> Shapes:
        """Names and shapes of the weights of a stack, as torch's recurrent modules have them."""
        found: Shapes = {}
        rows = self.gates * sizes.hidden
        for layer in range(sizes.layers):
            found |= {f"weight_ih_l{layer}": (rows, sizes.hidden if layer else width),
                      f"weight_hh_l{layer}": (rows, sizes.hidden),
                      f"bias_ih_l{layer}": (rows,), f"bias_hh_l{layer}": (rows,)}
        return found


def cells() -> dict[str, Cell]:
    """All recurrent cells by name, of all the cores there are."""
    return {name: core for name, core in cores().items() if isinstance(core, Cell)}


def _initial(keys: tuple[str, ...], state: tuple[np.ndarray, ...] | None, shape: tuple[int, int, int],
             dtype: np.dtype) -> tuple[np.ndarray, ...]:
    if state is None:
        return tuple(np.zeros(shape, dtype) for _ in keys)
    for key, part in zip(keys, state, strict=True):
        if part.shape != shape:
            raise ValueError(f"the initial {key} has shape {part.shape}, expected layer, batch, hidden = {shape}")
    return tuple(part.astype(dtype) for part in state)
