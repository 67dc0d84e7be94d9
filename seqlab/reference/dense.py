"""A network without a memory: a linear map and ReLU, applied to each position by itself.

With max pooling after it, it is the bag-of-words network that recurrent ones are compared with.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float

from seqlab.reference.activations import relu
from seqlab.reference.core import DEFAULT, TORCHS, Gradients, Sight, Sizes
from seqlab.reference.edit import UNCHANGED, Edits
from seqlab.reference.formulas.line import FormulaLine, relu_of
from seqlab.reference.formulas.operands import Entry, Row, below, now
from seqlab.reference.linear import linear, linear_gradient
from seqlab.reference.weights import Shapes, Weights

NAMES = "layers.{}.weight", "layers.{}.bias"


@dataclass(frozen=True)
class Dense:
    """Layers that map each position by itself, so that what comes before and after makes no difference to it."""

    name: str = "dense"
    label: str = "Linear layer and ReLU"
    state: tuple[str, ...] = ()
    sees: Sight = "present"
    heads: bool = False
    symbols: tuple[str, ...] = ("a", "h")
    views: tuple[str, ...] = ("h", "a")
    limits: Mapping[str, tuple[float, float]] = field(default_factory=lambda: {"h": (0.0, 3.0)})
    initialisations: Mapping[str, str] = field(default_factory=lambda: {DEFAULT: TORCHS})
    packs: bool = False
    stacks: bool = True
    conventions: bool = False
    second_bias: str = ""
    activations: tuple[str, ...] = ("relu",)
    choices: tuple[str, ...] = ()

    def configured(self, network: Sizes) -> "Dense":
        """Give the core itself: all that its settings say stands in the weights."""
        return self

    def lines(self) -> tuple[FormulaLine, ...]:
        """Write the formulas of ``run`` as data."""
        row, entry = Row("W", "layers.{layer}.weight"), Entry("b", "layers.{layer}.bias")
        return FormulaLine("a", row @ below("x") + entry), FormulaLine("h", relu_of(now("a")))

    def run(self, x: Float[np.ndarray, "batch time input"], weights: Weights, *, prefix: str = "core.",
            state: tuple[Float[np.ndarray, "layer batch hidden"], ...] | None = None,
            edits: Edits = UNCHANGED) -> dict[str, np.ndarray]:
        """Run as many layers as the weights hold.

        a_t = W x_t + b
        h_t = max(a_t, 0)
        """
        values: dict[str, np.ndarray] = {}
        below = x
        for layer in range(_layers(weights, prefix)):
            weight, bias = (weights[prefix + name.format(layer)] for name in NAMES)
            edit, a = edits.at(layer), linear(below, weight, bias)
            edit(a=a)
            h = relu(a)
            edit(h=h)
            values |= {f"a.{layer}": a, f"h.{layer}": h}
            below = h
        return values

    def backward(self, x: Float[np.ndarray, "batch time input"], weights: Weights, values: Mapping[str, np.ndarray],
                 gradient: Float[np.ndarray, "batch time hidden"], *, prefix: str = "core.",
                 state: tuple[Float[np.ndarray, "layer batch hidden"], ...] | None = None) -> Gradients:
        """Go back through each layer, the top one first.

        dL/da_t = dL/dh_t where a_t > 0, else 0
        dL/dW = Σ_t dL/da_t x_tᵀ, dL/db = Σ_t dL/da_t, dL/dx_t = Wᵀ dL/da_t
        """
        d_weights: dict[str, np.ndarray] = {}
        trace: dict[str, np.ndarray] = {}
        for layer in reversed(range(_layers(weights, prefix))):
            weight, bias = (prefix + name.format(layer) for name in NAMES)
            d_a = gradient * (values[f"h.{layer}"] > 0)
            trace = {f"a.{layer}": d_a, f"h.{layer}": gradient} | trace
            below = values[f"h.{layer - 1}"] if layer else x
            gradient, d_weights[weight], d_weights[bias] = linear_gradient(below, weights[weight], d_a)
        return Gradients(d_weights, gradient, (), trace)

    def stream(self, weights: Weights, batch: int, reach: int | None = None, *, prefix: str = "core.",
               edits: Edits = UNCHANGED) -> "DenseStream":
        """Begin a pass that goes on one time after another; it sees the present input alone."""
        return DenseStream(self, weights, prefix, edits)

    def shapes(self, width: int, sizes: Sizes) -> Shapes:
        """Names and shapes of the weights, as ``models.dense`` has them."""
        shapes: Shapes = {}
        for layer in range(sizes.layers):
            weight, bias = (name.format(layer) for name in NAMES)
            shapes |= {weight: (sizes.hidden, sizes.hidden if layer else width), bias: (sizes.hidden,)}
        return shapes


@dataclass
class DenseStream:
    """A pass that keeps nothing of the past."""

    core: Dense
    weights: Weights
    prefix: str
    edits: Edits = UNCHANGED
    seen: int = 0

    def advance(self, x: Float[np.ndarray, "batch input"]) -> Float[np.ndarray, "batch hidden"]:
        """Map the next input."""
        self.seen = 1
        values = self.core.run(x[:, None], self.weights, prefix=self.prefix, edits=self.edits)
        output: np.ndarray = values[list(values)[-1]][:, 0]
        return output


def _layers(weights: Weights, prefix: str) -> int:
    return sum(name.startswith(f"{prefix}layers.") and name.endswith(".weight") for name in weights)


CORE = Dense()
