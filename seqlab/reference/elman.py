"""Our own Elman layer: the input and the old state side by side, one linear map; and the published one, with two."""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from seqlab.notation import UNBOUNDED, Symbol
from seqlab.reference.activations import tanh
from seqlab.reference.cells import RECURRENT_STARTS, Cell, LayerGradients, earlier
from seqlab.reference.core import DEFAULT, TORCHS
from seqlab.reference.edit import Edit, unchanged
from seqlab.reference.formulas.expression import Dot
from seqlab.reference.formulas.line import FormulaLine, tanh_of
from seqlab.reference.formulas.operands import Entry, Row, before, below, now
from seqlab.reference.formulas.reductions import Beside
from seqlab.reference.linear import linear, linear_gradient, product
from seqlab.reference.rnn import tanh_slope
from seqlab.reference.weights import Shapes, Weights


@dataclass(frozen=True)
class ElmanWeights:
    """Weights of one layer; the first columns of ``W`` read the input, the last ones the old state."""

    W: Float[np.ndarray, "hidden input_hidden"]
    b: Float[np.ndarray, " hidden"]

    @classmethod
    def of(cls, weights: Weights, layer: int, prefix: str = "core.") -> "ElmanWeights":
        """Pick one layer from weights under their names (``core.weight_l0`` …); KeyError if one is missing."""
        return cls(weights[f"{prefix}weight_l{layer}"], weights[f"{prefix}bias_l{layer}"])

    def named(self, layer: int, prefix: str = "core.") -> dict[str, np.ndarray]:
        """Give each its name: the way back from ``of``."""
        return {f"{prefix}weight_l{layer}": self.W, f"{prefix}bias_l{layer}": self.b}

    def scaled(self, by: float) -> "ElmanWeights":
        """Multiply what reads the old state, the last columns."""
        width = self.W.shape[1] - len(self.b)
        return ElmanWeights(np.concatenate((self.W[:, :width], self.W[:, width:] * by), axis=1), self.b)

    @staticmethod
    def shapes(layer: int, rows: int, width: int, hidden: int) -> Shapes:
        """Names (without a prefix) and shapes of one layer."""
        return {f"weight_l{layer}": (rows, width + hidden), f"bias_l{layer}": (rows,)}

    @staticmethod
    def sizes(weights: Weights, prefix: str = "core.") -> tuple[int, int]:
        """Numbers of layers and of hidden units that a stack has."""
        return sum(name.startswith(f"{prefix}weight_l") for name in weights), len(weights[f"{prefix}bias_l0"])


def elman(x: Float[np.ndarray, "batch time input"], state: tuple[Float[np.ndarray, "batch hidden"]],
          weights: ElmanWeights, edit: Edit = unchanged) -> dict[str, Float[np.ndarray, "time batch hidden"]]:
    """Run one layer and keep every quantity; ``edit`` may change each before it is read.

    a_t = W [x_t; h_t-1] + b
    h_t = tanh(a_t)

    W [x; h] is W_x x + W_h h, with W cut where x ends, so the input's share is one product for all times.
    Agrees with the loop over ``torch.cat`` and ``torch.nn.Linear`` to 1e-12 in float64 (tests/models/test_elman.py).
    Source: Elman 1990, "Finding structure in time", as a course has its students write it.
    """
    (h,), (batch, time, width), hidden = state, x.shape, state[0].shape[1]
    a, hs = np.empty((2, time, batch, hidden), x.dtype)
    W_x, W_h = np.split(np.ascontiguousarray(weights.W.T), (width,))
    from_input = product(np.ascontiguousarray(x.swapaxes(0, 1)), W_x) + weights.b
    for t in range(time):
        a[t] = from_input[t] + product(h, W_h)
        edit(t, a=a[t])
        hs[t] = tanh(a[t])
        edit(t, h=hs[t])
        h = hs[t]
    return {"a": a, "h": hs}


def elman_gradient(x: Float[np.ndarray, "batch time input"], state: tuple[Float[np.ndarray, "batch hidden"]],
                   weights: ElmanWeights, values: dict[str, Float[np.ndarray, "time batch hidden"]],
                   above: Float[np.ndarray, "time batch hidden"],
                   after: tuple[Float[np.ndarray, "batch hidden"]]) -> LayerGradients:
    """Go back through time, from the last step to the first.

    dL/dh_t = above_t + the last rows of Wᵀ dL/da_t+1
    dL/da_t = dL/dh_t ⊙ (1 - h_t²)
    dL/dW = Σ_t dL/da_t [x_t; h_t-1]ᵀ, dL/db = Σ_t dL/da_t, dL/dx_t = the first rows of Wᵀ dL/da_t

    Source: Werbos 1990, "Backpropagation through time".
    """
    width, hidden = x.shape[2], len(weights.b)
    da, dh = np.empty_like(above), np.empty_like(above)
    slopes, back = tanh_slope(values["h"]), after[0]
    for t in reversed(range(len(above))):
        dh[t] = above[t] + back
        da[t] = dh[t] * slopes[t]
        back = da[t] @ weights.W[:, width:]
    beside = np.concatenate((x.swapaxes(0, 1), earlier(values["h"], state[0])), axis=-1)
    gradients = ElmanWeights(da.reshape(-1, hidden).T @ beside.reshape(-1, width + hidden), da.sum(axis=(0, 1)))
    return LayerGradients(gradients, (da @ weights.W[:, :width]).swapaxes(0, 1), (back,), {"a": da, "h": dh})


def elman_lines() -> tuple[FormulaLine, ...]:
    """Write the formulas above as data."""
    beside = Dot((Row("W", "weight_l{layer}"), Beside((below("x"), before("h")))))
    return FormulaLine("a", beside + Entry("b", "bias_l{layer}")), FormulaLine("h", tanh_of(now("a")))


@dataclass(frozen=True)
class ElmanOutWeights:
    """Weights of one layer with two maps: ``inner`` makes the new state, ``W`` and ``b`` what the layer gives."""

    inner: ElmanWeights
    W: Float[np.ndarray, "hidden hidden"]
    b: Float[np.ndarray, " hidden"]

    @classmethod
    def of(cls, weights: Weights, layer: int, prefix: str = "core.") -> "ElmanOutWeights":
        """Pick one layer from weights under their names (``core.out_weight_l0`` …); KeyError if one is missing."""
        return cls(ElmanWeights.of(weights, layer, prefix), weights[f"{prefix}out_weight_l{layer}"],
                   weights[f"{prefix}out_bias_l{layer}"])

    def named(self, layer: int, prefix: str = "core.") -> dict[str, np.ndarray]:
        """Give each its name: the way back from ``of``."""
        return self.inner.named(layer, prefix) | {f"{prefix}out_weight_l{layer}": self.W,
                                                  f"{prefix}out_bias_l{layer}": self.b}

    def scaled(self, by: float) -> "ElmanOutWeights":
        """Multiply what reads the old state."""
        return replace(self, inner=self.inner.scaled(by))

    @staticmethod
    def shapes(layer: int, rows: int, width: int, hidden: int) -> Shapes:
        """Names (without a prefix) and shapes of one layer."""
        return ElmanWeights.shapes(layer, rows, width, hidden) | {
            f"out_weight_l{layer}": (hidden, hidden), f"out_bias_l{layer}": (hidden,)}

    @staticmethod
    def sizes(weights: Weights, prefix: str = "core.") -> tuple[int, int]:
        """Numbers of layers and of hidden units that a stack has."""
        return ElmanWeights.sizes(weights, prefix)


def elman_out(x: Float[np.ndarray, "batch time input"], state: tuple[Float[np.ndarray, "batch hidden"]],
              weights: ElmanOutWeights, edit: Edit = unchanged) -> dict[str, Float[np.ndarray, "time batch hidden"]]:
    """Run one layer of two maps and keep every quantity; ``edit`` may change each before it is read.

    a_t = W_1 [x_t; h_t-1] + b_1
    h_t = tanh(a_t)
    out_t = W_2 h_t + b_2

    Agrees with the loop over ``torch.cat`` and two ``torch.nn.Linear`` to 1e-12 in float64
    (tests/models/test_elman.py). Source: the layer as the course assignment on reviews has it.
    """
    values = elman(x, state, weights.inner, edit)
    out = linear(values["h"], weights.W, weights.b)
    for t in range(len(out)):
        edit(t, out=out[t])
    return values | {"out": out}


def elman_out_gradient(x: Float[np.ndarray, "batch time input"], state: tuple[Float[np.ndarray, "batch hidden"]],
                       weights: ElmanOutWeights, values: dict[str, Float[np.ndarray, "time batch hidden"]],
                       above: Float[np.ndarray, "time batch hidden"],
                       after: tuple[Float[np.ndarray, "batch hidden"]]) -> LayerGradients:
    """Go back through the second map, and through time in the first.

    dL/dW_2 = Σ_t dL/dout_t h_tᵀ, dL/db_2 = Σ_t dL/dout_t
    dL/dh_t = W_2ᵀ dL/dout_t, and what comes back from later times
    """
    to_state, dW, db = linear_gradient(values["h"], weights.W, above)
    inner = elman_gradient(x, state, weights.inner, values, to_state, after)
    assert isinstance(inner.weights, ElmanWeights)
    return replace(inner, weights=ElmanOutWeights(inner.weights, dW, db), trace=inner.trace | {"out": above})


def elman_out_lines() -> tuple[FormulaLine, ...]:
    """Write the formulas of a layer with two maps as data."""
    beside = Dot((Row("W_1", "weight_l{layer}"), Beside((below("x", "out"), before("h")))))
    return (FormulaLine("a", beside + Entry("b_1", "bias_l{layer}")), FormulaLine("h", tanh_of(now("a"))),
            FormulaLine("out", Row("W_2", "out_weight_l{layer}") @ now("h") + Entry("b_2", "out_bias_l{layer}")))


SYMBOLS = (Symbol("out", r"\mathrm{out}_t", "output of the layer", ("batch", "time", "hidden"),
                  (-UNBOUNDED, UNBOUNDED), "diverging",
                  "what a second linear map makes of the hidden state: the layer above or the decoder reads it"),)
_OWN = Cell(name="elman", label="Elman (own layer)", forward=elman, gradient=elman_gradient, lines=elman_lines,
            gates=1, state=("h",), symbols=("a", "h"), views=("h", "a"), parts=ElmanWeights,
            initialisations=RECURRENT_STARTS, packs=True, stacks=True)
# A second map between the state and the decoder mixes the blocks of a delay line, so it cannot start as one.
_TWO_MAPS = replace(
    _OWN, name="elman_out", label="Elman, output by a second map", forward=elman_out, gradient=elman_out_gradient,
    lines=elman_out_lines, symbols=("a", "h", "out"), views=("h", "a", "out"), parts=ElmanOutWeights, output="out",
    initialisations={DEFAULT: TORCHS, "orthogonal": "orthogonal", "normal": "normal, σ = 0.01"})
CORE = _OWN, _TWO_MAPS
