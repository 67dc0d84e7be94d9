"""The simple recurrent network (Elman 1990) with tanh or ReLU."""

from collections.abc import Callable
from functools import partial

import numpy as np
from jaxtyping import Float

from seqlab.reference.activations import relu, relu_slope, tanh
from seqlab.reference.cells import RECURRENT_STARTS, Cell, LayerGradients, earlier
from seqlab.reference.edit import Edit, unchanged
from seqlab.reference.formulas.expression import Node
from seqlab.reference.formulas.line import FormulaLine, input_parts, relu_of, state_parts, tanh_of
from seqlab.reference.formulas.operands import now
from seqlab.reference.layer_weights import SECOND_BIAS, LayerWeights


def rnn(activation: Callable[[np.ndarray], np.ndarray], x: Float[np.ndarray, "batch time input"],
        state: tuple[Float[np.ndarray, "batch hidden"]],
        weights: LayerWeights, edit: Edit = unchanged) -> dict[str, Float[np.ndarray, "time batch hidden"]]:
    """Run one layer and keep every quantity; ``edit`` may change each before it is read.

    a_t = W_ih x_t + b_ih + W_hh h_t-1 + b_hh
    h_t = activation(a_t)

    Agrees with ``torch.nn.RNN`` to 1e-12 in float64 (tests/test_agreement_random.py).
    Source: Elman 1990, "Finding structure in time".
    """
    (h,), (batch, time, _), hidden = state, x.shape, state[0].shape[1]
    from_input = weights.input_part(x)
    a, hs = np.empty((2, time, batch, hidden), x.dtype)
    for t in range(time):
        a[t] = from_input[t] + weights.state_part(h)
        edit(t, a=a[t])
        hs[t] = activation(a[t])
        edit(t, h=hs[t])
        h = hs[t]
    return {"a": a, "h": hs}


def rnn_gradient(slope: Callable[[np.ndarray], np.ndarray], x: Float[np.ndarray, "batch time input"],
                 state: tuple[Float[np.ndarray, "batch hidden"]], weights: LayerWeights,
                 values: dict[str, Float[np.ndarray, "time batch hidden"]],
                 above: Float[np.ndarray, "time batch hidden"],
                 after: tuple[Float[np.ndarray, "batch hidden"]]) -> LayerGradients:
    """Go back through time, from the last step to the first; ``slope`` is the activation's, a function of its value.

    dL/dh_t = above_t + W_hhᵀ dL/da_t+1
    dL/da_t = dL/dh_t ⊙ slope(h_t)

    Source: Werbos 1990, "Backpropagation through time".
    """
    da, dh = np.empty_like(above), np.empty_like(above)
    slopes, back = slope(values["h"]), after[0]
    for t in reversed(range(len(above))):
        dh[t] = above[t] + back
        da[t] = dh[t] * slopes[t]
        back = da[t] @ weights.W_hh
    return LayerGradients.collected(x, earlier(values["h"], state[0]), weights, da, da, (back,), {"a": da, "h": dh})


def tanh_slope(h: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """Slope of h = tanh(a): 1 - h²."""
    return 1 - h * h


def rnn_lines(function: Callable[[Node], Node]) -> tuple[FormulaLine, ...]:
    """Write the formulas above as data; ``function`` writes the activation."""
    return FormulaLine("a", input_parts("h")["h"] + state_parts("h")["h"]), FormulaLine("h", function(now("a")))


CORE = (
    Cell(name="rnn_tanh", label="RNN (tanh)", forward=partial(rnn, tanh), gradient=partial(rnn_gradient, tanh_slope),
         lines=partial(rnn_lines, tanh_of), gates=1, state=("h",), symbols=("a", "h"), views=("h", "a"),
         initialisations=RECURRENT_STARTS, packs=True, stacks=True, second_bias=SECOND_BIAS, activations=("tanh",)),
    Cell(name="rnn_relu", label="RNN (ReLU)", forward=partial(rnn, relu), gradient=partial(rnn_gradient, relu_slope),
         lines=partial(rnn_lines, relu_of), gates=1, state=("h",), symbols=("a", "h"), views=("h", "a"),
         limits={"h": (0.0, 3.0)}, initialisations=RECURRENT_STARTS, packs=True, stacks=True, second_bias=SECOND_BIAS,
         activations=("relu",)),
)
