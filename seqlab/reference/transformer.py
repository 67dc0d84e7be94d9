"""Transformers, causal or seeing both ways: pre-norm blocks of attention and feed-forward along a residual stream.

Source: Vaswani et al. 2017; normalisation before each part: Xiong et al. 2020 (arXiv 2002.04745); layer norm: Ba et al.
2016; GELU: Hendrycks and Gimpel 2016.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from jaxtyping import Float

from seqlab.reference.activations import gelu
from seqlab.reference.attention import AttentionWeights, Cache, attention, causal
from seqlab.reference.backward_transformer import transformer_gradient
from seqlab.reference.core import DEFAULT, TORCHS, Gradients, Sight, Sizes
from seqlab.reference.formulas.line import FormulaLine
from seqlab.reference.layer_norm import layer_norm
from seqlab.reference.linear import linear
from seqlab.reference.positions import positions
from seqlab.reference.transformer_lines import transformer_lines
from seqlab.reference.weights import Shapes, Weights

WIDER = 4  # the feed-forward layer has this many times the width of the residual stream


def block(x: Float[np.ndarray, "batch time width"], weights: Weights, prefix: str,
          cache: Cache | None = None, sees: Sight = "past") -> dict[str, Float[np.ndarray, "..."]]:
    """Run one block and keep every quantity; with a cache, x goes on where that ends.

    Each position attends to itself and those before it, or where it ``sees`` all to all of x.

    ln1 = layer_norm(x)
    mid = x + attention(ln1)
    ln2 = layer_norm(mid)
    ff = gelu(W_in ln2 + b_in)
    h = mid + W_out ff + b_out
    """
    ln1 = layer_norm(x, weights[f"{prefix}ln1.weight"], weights[f"{prefix}ln1.bias"])
    allowed = None if sees == "all" else causal(x.shape[1], cache.length if cache else 0)
    looked = attention(ln1, AttentionWeights.of(weights, f"{prefix}attention."), allowed, cache)
    mid = x + looked["attended"]
    ln2 = layer_norm(mid, weights[f"{prefix}ln2.weight"], weights[f"{prefix}ln2.bias"])
    ff = gelu(linear(ln2, weights[f"{prefix}ff_in.weight"], weights[f"{prefix}ff_in.bias"]))
    h = mid + linear(ff, weights[f"{prefix}ff_out.weight"], weights[f"{prefix}ff_out.bias"])
    return {"ln1": ln1, **looked, "mid": mid, "ln2": ln2, "ff": ff, "h": h}


@dataclass(frozen=True)
class Transformer:
    """A stack of blocks behind an input layer and positions, with a last normalisation."""

    name: str = "transformer"
    label: str = "Transformer"
    state: tuple[str, ...] = ()
    sees: Sight = "past"
    heads: bool = True
    symbols: tuple[str, ...] = ("entered", "ln1", "query", "key", "value", "scores", "attention", "heads", "attended",
                                "mid", "ln2", "ff", "h", "ln")
    views: tuple[str, ...] = ("h", "attended")
    limits: Mapping[str, tuple[float, float]] = field(default_factory=lambda: {"h": (-5.0, 5.0)})
    initialisations: Mapping[str, str] = field(default_factory=lambda: {DEFAULT: TORCHS})
    packs: bool = False
    conventions: bool = False
    second_bias: str = ""

    def lines(self) -> tuple[FormulaLine, ...]:
        """Write the formulas of a block, and what stands below and above all of them, as data."""
        return transformer_lines(causal=self.sees == "past")

    def run(self, x: Float[np.ndarray, "batch time input"], weights: Weights, *, prefix: str = "core.",
            state: tuple[Float[np.ndarray, "layer batch hidden"], ...] | None = None) -> dict[str, np.ndarray]:
        """Run as many blocks as the weights hold; the number of heads is read off the weights.

        Raises Fault for a sequence longer than the learned positions reach.
        """
        return self._go_on(x, weights, prefix, (None,) * _blocks(weights))

    def _go_on(self, x: Float[np.ndarray, "batch time input"], weights: Weights, prefix: str,
               caches: Sequence[Cache | None]) -> dict[str, np.ndarray]:
        """Run the blocks on inputs that come after those in the caches."""
        past = next((cache.length for cache in caches if cache), 0)
        entered = linear(x, weights[f"{prefix}input.weight"], weights[f"{prefix}input.bias"])
        below = entered + positions(x.shape[1], weights, prefix, past)
        values: dict[str, np.ndarray] = {"entered": below}
        for layer, cache in enumerate(caches):
            result = block(below, weights, f"{prefix}blocks.{layer}.", cache, self.sees)
            values |= {f"{key}.{layer}": array for key, array in result.items()}
            below = result["h"]
        return values | {"ln": layer_norm(below, weights[f"{prefix}norm.weight"], weights[f"{prefix}norm.bias"])}

    def backward(self, x: Float[np.ndarray, "batch time input"], weights: Weights, values: Mapping[str, np.ndarray],
                 gradient: Float[np.ndarray, "batch time width"], *, prefix: str = "core.",
                 state: tuple[Float[np.ndarray, "layer batch hidden"], ...] | None = None) -> Gradients:
        """Carry dL/d ln back to every weight and every quantity; the formulas stand in ``backward_transformer``."""
        return transformer_gradient(x, weights, values, gradient, prefix)

    def stream(self, weights: Weights, batch: int, reach: int | None = None, *, prefix: str = "core.") -> "Window":
        """Begin a pass that goes on one time after another; it sees at most ``reach`` inputs and those it has learned.

        What it does when it is full stands in ``Window``. One that sees both ways reads everything again at each time,
        for an input changes what stands before it.
        """
        learned = weights.get(f"{prefix}position.weight")
        limits = [limit for limit in (reach, None if learned is None else len(learned)) if limit]
        return Window(self, weights, prefix, min(limits, default=None))

    def shapes(self, width: int, sizes: Sizes) -> Shapes:
        """Names and shapes of the weights, as ``models.transformer`` has them."""
        hidden, feature = sizes.hidden, sizes.hidden // sizes.heads
        shapes: Shapes = {"input.weight": (hidden, width), "input.bias": (hidden,)}
        if sizes.positions == "learned":
            shapes["position.weight"] = (sizes.context, hidden)
        for layer in range(sizes.layers):
            for name, shape in _block_shapes(hidden, sizes.heads, feature).items():
                shapes[f"blocks.{layer}.{name}"] = shape
        return shapes | {"norm.weight": (hidden,), "norm.bias": (hidden,)}


@dataclass
class Window:
    """A transformer that reads on, with the keys and values of what it has read kept in caches.

    When it has read as many inputs as it may see, ``reach``, it forgets the older half of them: the newer
    ``reach // 2`` are read again, now from position 0 on, and after them the next one. So it sees between half its
    reach and all of it, and for most inputs no input is read twice.
    """

    core: Transformer
    weights: Weights
    prefix: str
    reach: int | None
    inputs: list[Float[np.ndarray, "batch input"]] = field(default_factory=list)
    caches: list[Cache] = field(default_factory=list)

    @property
    def seen(self) -> int:
        """How many inputs the last answer depends on."""
        return len(self.inputs)

    def advance(self, x: Float[np.ndarray, "batch input"]) -> Float[np.ndarray, "batch width"]:
        """Read the next input, or where it is full the newer half of all and the next one."""
        fresh = [x]
        if self.seen == self.reach:
            fresh = [*self.inputs[self.reach - self.reach // 2:], x]
            self.inputs, self.caches = [], []
        elif self.core.sees == "all":
            fresh, self.inputs, self.caches = [*self.inputs, x], [], []
        self.inputs += fresh
        self.caches = self.caches or [Cache() for _ in range(_blocks(self.weights))]
        return self.core._go_on(np.stack(fresh, axis=1), self.weights, self.prefix, self.caches)["ln"][:, -1]


def windows(time: int, reach: int | None) -> list[tuple[int, int, int]]:
    """Say which inputs a ``Window`` sees that reads ``time`` of them: (start, first, end) of each stretch.

    The inputs from ``first`` on and before ``end`` are read with ``start`` at position 0.
    """
    if reach is None or time <= reach:
        return [(0, 0, time)]
    stretches, end = [(0, 0, reach)], reach
    while end < time:
        start, first = end - reach // 2, end
        end = min(start + reach, time)
        stretches.append((start, first, end))
    return stretches


def _blocks(weights: Weights) -> int:
    return sum(name.endswith("attention.W_o") for name in weights)


def _block_shapes(hidden: int, heads: int, feature: int) -> Shapes:
    shapes: Shapes = {f"ln{number}.{part}": (hidden,) for number in (1, 2) for part in ("weight", "bias")}
    shapes |= {f"attention.W_{part}": (heads, feature, hidden) for part in "qkv"}
    shapes |= {f"attention.b_{part}": (heads, feature) for part in "qkv"}
    return shapes | {"attention.W_o": (hidden, hidden), "attention.b_o": (hidden,),
                     "ff_in.weight": (WIDER * hidden, hidden), "ff_in.bias": (WIDER * hidden,),
                     "ff_out.weight": (hidden, WIDER * hidden), "ff_out.bias": (hidden,)}


CORE = (Transformer(), replace(Transformer(), name="encoder", label="Transformer encoder", sees="all"))
