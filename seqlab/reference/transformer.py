"""Transformers, causal or seeing both ways: blocks of attention and feed-forward along a residual stream.

Source: Vaswani et al. 2017; a block and its sources stand in ``blocks``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from jaxtyping import Float

from seqlab.reference.attention import Cache
from seqlab.reference.backward_transformer import transformer_gradient
from seqlab.reference.blocks import block, normalised
from seqlab.reference.core import DEFAULT, TORCHS, Gradients, Sight, Sizes
from seqlab.reference.edit import UNCHANGED, Edits
from seqlab.reference.entering import attention_shapes, entered, entering_shapes
from seqlab.reference.formulas.line import FormulaLine
from seqlab.reference.transformer_form import PLAIN, Form
from seqlab.reference.transformer_lines import transformer_lines
from seqlab.reference.weights import Shapes, Weights
from seqlab.reference.window import Window, blocks, window

WIDER = 4  # the feed-forward layer has this many times the width of the residual stream, where nothing else is said


@dataclass(frozen=True)
class Transformer:
    """A stack of blocks behind an input layer and positions, with a last normalisation, or what its form says."""

    name: str = "transformer"
    label: str = "Transformer"
    state: tuple[str, ...] = ()
    sees: Sight = "past"
    heads: bool = True
    form: Form = PLAIN
    symbols: tuple[str, ...] = PLAIN.symbols
    views: tuple[str, ...] = ("h", "attended")
    limits: Mapping[str, tuple[float, float]] = field(default_factory=lambda: {"h": (-5.0, 5.0)})
    initialisations: Mapping[str, str] = field(default_factory=lambda: {DEFAULT: TORCHS})
    packs: bool = False
    stacks: bool = True
    conventions: bool = False
    second_bias: str = ""
    activations: tuple[str, ...] = ("gelu-tanh", "gelu", "relu")
    choices: tuple[str, ...] = ("norm", "final_norm", "entry", "feed_forward")

    def configured(self, network: Sizes) -> "Transformer":
        """Give a transformer of the form that a network's settings have."""
        form = Form.of(network, self.activations)
        return replace(self, form=form, symbols=form.symbols)

    def lines(self) -> tuple[FormulaLine, ...]:
        """Write the formulas of a block, and what stands below and above all of them, as data."""
        return transformer_lines(self.sees == "past", self.form)

    def run(self, x: Float[np.ndarray, "batch time input"], weights: Weights, *, prefix: str = "core.",
            state: tuple[Float[np.ndarray, "layer batch hidden"], ...] | None = None,
            edits: Edits = UNCHANGED) -> dict[str, np.ndarray]:
        """Run as many blocks as the weights hold; the number of heads is read off the weights.

        Raises Fault for a sequence longer than the learned positions reach.
        """
        return self.go_on(x, weights, prefix, (None,) * blocks(weights), edits)

    def go_on(self, x: Float[np.ndarray, "batch time input"], weights: Weights, prefix: str,
              caches: Sequence[Cache | None], edits: Edits = UNCHANGED) -> dict[str, np.ndarray]:
        """Run the blocks on inputs that come after those in the caches."""
        past = next((cache.length for cache in caches if cache), 0)
        below = entered(x, weights, prefix, self.form, past)
        edits.at()(entered=below)
        values: dict[str, np.ndarray] = {"entered": below}
        for layer, cache in enumerate(caches):
            result = block(below, weights, f"{prefix}blocks.{layer}.", cache, self.sees, self.form,
                           edits.at(layer))
            values |= {f"{key}.{layer}": array for key, array in result.items()}
            below = result["h"]
        if self.form.final_norm:
            values["ln"] = normalised(below, weights, f"{prefix}norm.")
            edits.at()(ln=values["ln"])
        return values

    def backward(self, x: Float[np.ndarray, "batch time input"], weights: Weights, values: Mapping[str, np.ndarray],
                 gradient: Float[np.ndarray, "batch time width"], *, prefix: str = "core.",
                 state: tuple[Float[np.ndarray, "layer batch hidden"], ...] | None = None) -> Gradients:
        """Carry dL/d of the output back to every weight and quantity, by ``backward_transformer``."""
        return transformer_gradient(x, weights, values, gradient, prefix, self.form)

    def stream(self, weights: Weights, batch: int, reach: int | None = None, *, prefix: str = "core.",
               edits: Edits = UNCHANGED) -> Window:
        """Begin a pass that goes on one time after another; it sees at most ``reach`` inputs and those it has learned.

        What it does when it is full stands in ``Window``. One that sees both ways reads everything again at each time,
        for an input changes what stands before it.
        """
        return window(self, weights, prefix, reach, edits)

    def shapes(self, width: int, sizes: Sizes) -> Shapes:
        """Names and shapes of the weights, as ``models.transformer`` has them."""
        hidden, wide = sizes.hidden, sizes.feed_forward or WIDER * sizes.hidden
        shapes = entering_shapes(width, sizes)
        for layer in range(sizes.layers):
            for name, shape in _block_shapes(hidden, sizes.heads, wide).items():
                shapes[f"blocks.{layer}.{name}"] = shape
        return shapes | ({"norm.weight": (hidden,), "norm.bias": (hidden,)} if sizes.final_norm else {})


def _block_shapes(hidden: int, heads: int, wide: int) -> Shapes:
    shapes: Shapes = {f"ln{number}.{part}": (hidden,) for number in (1, 2) for part in ("weight", "bias")}
    return shapes | attention_shapes(hidden, heads) | {"ff_in.weight": (wide, hidden), "ff_in.bias": (wide,),
                                                       "ff_out.weight": (hidden, wide), "ff_out.bias": (hidden,)}


CORE = (Transformer(), replace(Transformer(), name="encoder", label="Transformer encoder", sees="all"))
