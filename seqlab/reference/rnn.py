"""The simple recurrent network (Elman 1990) with tanh or ReLU."""

from collections.abc import Callable
from functools import partial

import numpy as np
from jaxtyping import Float

from seqlab.reference.activations import relu, tanh
from seqlab.reference.cells import Cell, LayerWeights


def rnn(activation: Callable[[np.ndarray], np.ndarray], x: Float[np.ndarray, "batch time input"],
        state: tuple[Float[np.ndarray, "batch hidden"]],
        weights: LayerWeights) -> dict[str, Float[np.ndarray, "time batch hidden"]]:
    """Run one layer and keep every quantity.

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
        h = hs[t] = activation(a[t])
    return {"a": a, "h": hs}


CORE = (
    Cell(name="rnn_tanh", label="RNN (tanh)", forward=partial(rnn, tanh), gates=1, state=("h",), symbols=("a", "h"),
         views=("h", "a")),
    Cell(name="rnn_relu", label="RNN (ReLU)", forward=partial(rnn, relu), gates=1, state=("h",), symbols=("a", "h"),
         views=("h", "a"), limits={"h": (0.0, 3.0)}),
)
