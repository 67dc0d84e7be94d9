"""Attention alone: layers of multi-head self-attention one above another, with nothing beside and nothing between.

What ``torch.nn.MultiheadAttention`` computes, for those who have built a network of it. Source: Vaswani et al. 2017.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from jaxtyping import Float

from seqlab.reference.attention import AttentionWeights, Cache, attention, causal
from seqlab.reference.backward_attention import attention_gradient, named
from seqlab.reference.core import DEFAULT, TORCHS, Gradients, Sight, Sizes
from seqlab.reference.edit import UNCHANGED, Edit, Editable, Edits
from seqlab.reference.entering import attention_shapes, entered, entered_gradient, entering_shapes
from seqlab.reference.formulas.line import FormulaLine
from seqlab.reference.formulas.operands import below
from seqlab.reference.transformer_form import PLAIN, Form
from seqlab.reference.transformer_lines import attention_lines, entered_line
from seqlab.reference.weights import Shapes, Weights
from seqlab.reference.window import Window, blocks, window


@dataclass(frozen=True)
class AttentionStack:
    """Layers of attention behind an input layer and positions, each of which looks back alone."""

    name: str = "self_attention"
    label: str = "Self-attention"
    state: tuple[str, ...] = ()
    sees: Sight = "past"
    heads: bool = True
    form: Form = PLAIN
    symbols: tuple[str, ...] = ("entered", "query", "key", "value", "scores", "attention", "heads", "h")
    views: tuple[str, ...] = ("h",)
    limits: Mapping[str, tuple[float, float]] = field(default_factory=lambda: {"h": (-3.0, 3.0)})
    initialisations: Mapping[str, str] = field(default_factory=lambda: {DEFAULT: TORCHS})
    packs: bool = False
    stacks: bool = True
    conventions: bool = False
    second_bias: str = ""
    activations: tuple[str, ...] = (DEFAULT,)
    choices: tuple[str, ...] = ("entry",)

    def configured(self, network: Sizes) -> "AttentionStack":
        """Give a stack whose inputs enter as a network's settings say."""
        return replace(self, form=Form(entry=network.entry, positions=network.positions))

    def lines(self) -> tuple[FormulaLine, ...]:
        """Write the formulas of ``run`` as data."""
        reads = below("entered"), below("entered", when="j")
        return entered_line(self.form), *attention_lines(*reads, self.sees == "past", "h")

    def run(self, x: Float[np.ndarray, "batch time input"], weights: Weights, *, prefix: str = "core.",
            state: tuple[Float[np.ndarray, "layer batch hidden"], ...] | None = None,
            edits: Edits = UNCHANGED) -> dict[str, np.ndarray]:
        """Run as many layers as the weights hold; the number of heads is read off the weights.

        Raises Fault for a sequence longer than the learned positions reach.
        """
        return self.go_on(x, weights, prefix, (None,) * blocks(weights), edits)

    def go_on(self, x: Float[np.ndarray, "batch time input"], weights: Weights, prefix: str,
              caches: Sequence[Cache | None], edits: Edits = UNCHANGED) -> dict[str, np.ndarray]:
        """Run the layers on inputs that come after those in the caches."""
        past = next((cache.length for cache in caches if cache), 0)
        allowed = None if self.sees == "all" else causal(x.shape[1], past)
        values = {"entered": entered(x, weights, prefix, self.form, past)}
        edits.at()(entered=values["entered"])
        for layer, cache in enumerate(caches):
            own = AttentionWeights.of(weights, f"{prefix}blocks.{layer}.attention.")
            result = attention(values[list(values)[-1]], own, allowed, cache, _renamed(edits.at(layer)))
            values |= {f"{_OUTPUT.get(key, key)}.{layer}": array for key, array in result.items()}
        return values

    def backward(self, x: Float[np.ndarray, "batch time input"], weights: Weights, values: Mapping[str, np.ndarray],
                 gradient: Float[np.ndarray, "batch time hidden"], *, prefix: str = "core.",
                 state: tuple[Float[np.ndarray, "layer batch hidden"], ...] | None = None) -> Gradients:
        """Carry dL/d h of the top layer back through each layer (``backward_attention``) to positions and input."""
        gradients, quantities = dict[str, np.ndarray](), dict[str, np.ndarray]()
        for layer in reversed(range(blocks(weights))):
            read, start = values[f"h.{layer - 1}" if layer else "entered"], f"{prefix}blocks.{layer}.attention."
            own = {key: values[f"{key}.{layer}"] for key in ("key", "value", "query", "attention", "heads")}
            d_weights, gradient, d_own = attention_gradient(read, AttentionWeights.of(weights, start), own, gradient)
            gradients |= named(d_weights, start)
            quantities = {f"{_OUTPUT.get(key, key)}.{layer}": d for key, d in d_own.items()} | quantities
        d_x, entry = entered_gradient(x, weights, prefix, self.form, gradient)
        return Gradients(gradients | entry, d_x, (), {"entered": gradient} | quantities)

    def stream(self, weights: Weights, batch: int, reach: int | None = None, *, prefix: str = "core.",
               edits: Edits = UNCHANGED) -> Window:
        """Begin a pass that goes on one time after another; it sees at most ``reach`` inputs and those it has learned.

        What it does when it is full stands in ``Window``.
        """
        return window(self, weights, prefix, reach, edits)

    def shapes(self, width: int, sizes: Sizes) -> Shapes:
        """Names and shapes of the weights, as ``models.self_attention`` has them."""
        layer = attention_shapes(sizes.hidden, sizes.heads)
        return entering_shapes(width, sizes) | {
            f"blocks.{number}.{name}": shape for number in range(sizes.layers) for name, shape in layer.items()}


_OUTPUT = {"attended": "h"}  # what the attention of a block gives is here what the layer gives


def _renamed(edit: Edit) -> Edit:
    def renamed(t: int | None = None, /, **quantities: Editable) -> None:
        edit(t, **{_OUTPUT.get(key, key): array for key, array in quantities.items()})

    return renamed


CORE = AttentionStack()
