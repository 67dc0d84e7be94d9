"""Long short-term memory, with a forget gate and without peepholes, as in PyTorch.

Source: Hochreiter and Schmidhuber 1997; forget gate: Gers et al. 2000.
"""

import numpy as np
from jaxtyping import Float

from seqlab.reference.activations import sigmoid, tanh
from seqlab.reference.cells import Cell, LayerWeights


def lstm(x: Float[np.ndarray, "batch time input"],
         state: tuple[Float[np.ndarray, "batch hidden"], Float[np.ndarray, "batch hidden"]],
         weights: LayerWeights) -> dict[str, Float[np.ndarray, "time batch hidden"]]:
    """Run one layer and keep every quantity.

    i_t = σ(W_ii x_t + b_ii + W_hi h_t-1 + b_hi), likewise f_t and o_t
    g_t = tanh(W_ig x_t + b_ig + W_hg h_t-1 + b_hg)
    c_t = f_t ⊙ c_t-1 + i_t ⊙ g_t
    h_t = o_t ⊙ tanh(c_t)

    Agrees with ``torch.nn.LSTM`` to 1e-12 in float64 (tests/test_agreement_random.py).
    """
    (h, c), (batch, time, _), hidden = state, x.shape, state[0].shape[1]
    from_input = weights.input_part(x)
    gates = np.empty((time, batch, 4 * hidden), x.dtype)
    i, f, g, o = np.split(gates, 4, axis=-1)  # views: a gate is filled when its block is
    cs, hs = np.empty((2, time, batch, hidden), x.dtype)
    for t in range(time):
        a = from_input[t] + weights.state_part(h)
        gates[t] = sigmoid(a)
        g[t] = tanh(a[:, 2 * hidden:3 * hidden])
        c = cs[t] = f[t] * c + i[t] * g[t]
        h = hs[t] = o[t] * tanh(c)
    return {"i": i, "f": f, "g": g, "o": o, "c": cs, "h": hs}


CORE = Cell(name="lstm", label="LSTM", forward=lstm, gates=4, state=("h", "c"),
            symbols=("i", "f", "g", "o", "c", "h"), views=("h", "i", "f", "g", "o", "c"))
