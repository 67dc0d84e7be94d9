"""The gated recurrent unit, in PyTorch's convention: the reset gate acts after the recurrent product.

Source: Cho et al. 2014 (arXiv 1406.1078v1), equations 5-8, with PyTorch's polarity of z.
"""

import numpy as np
from jaxtyping import Float

from seqlab.reference.activations import sigmoid, tanh
from seqlab.reference.cells import Cell, LayerWeights


def gru(x: Float[np.ndarray, "batch time input"], state: tuple[Float[np.ndarray, "batch hidden"]],
        weights: LayerWeights) -> dict[str, Float[np.ndarray, "time batch hidden"]]:
    """Run one layer and keep every quantity.

    r_t = σ(W_ir x_t + b_ir + W_hr h_t-1 + b_hr)
    z_t = σ(W_iz x_t + b_iz + W_hz h_t-1 + b_hz)
    q_t = W_hn h_t-1 + b_hn
    n_t = tanh(W_in x_t + b_in + r_t ⊙ q_t)
    h_t = (1 - z_t) ⊙ n_t + z_t ⊙ h_t-1

    Agrees with ``torch.nn.GRU`` to 1e-12 in float64 (tests/test_agreement_random.py).
    """
    (h,), (batch, time, _), hidden = state, x.shape, state[0].shape[1]
    from_input = weights.input_part(x)
    gates = np.empty((time, batch, 2 * hidden), x.dtype)
    r, z = np.split(gates, 2, axis=-1)  # views: a gate is filled when its block is
    q, n, hs = np.empty((3, time, batch, hidden), x.dtype)
    for t in range(time):
        from_state = weights.state_part(h)
        gates[t] = sigmoid(from_input[t, :, :2 * hidden] + from_state[:, :2 * hidden])
        q[t] = from_state[:, 2 * hidden:]
        n[t] = tanh(from_input[t, :, 2 * hidden:] + r[t] * q[t])
        h = hs[t] = n[t] + z[t] * (h - n[t])
    return {"r": r, "z": z, "q": q, "n": n, "h": hs}


CORE = Cell(name="gru", label="GRU", forward=gru, gates=3, state=("h",), symbols=("r", "z", "q", "n", "h"),
            views=("h", "r", "z", "n"))
