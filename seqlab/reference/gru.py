"""The gated recurrent unit, in PyTorch's convention: the reset gate acts after the recurrent product.

Source: Cho et al. 2014 (arXiv 1406.1078v1), equations 5-8, with PyTorch's polarity of z.
"""

from functools import cache

import numpy as np
from jaxtyping import Float

from seqlab.reference.activations import sigmoid, tanh
from seqlab.reference.cells import RECURRENT_STARTS, Cell, LayerGradients, earlier
from seqlab.reference.edit import Edit, unchanged
from seqlab.reference.formulas.line import ONE, FormulaLine, input_parts, sigmoid_of, state_parts, tanh_of
from seqlab.reference.formulas.operands import before, now
from seqlab.reference.layer_weights import SECOND_BIAS, LayerWeights


def gru(x: Float[np.ndarray, "batch time input"], state: tuple[Float[np.ndarray, "batch hidden"]],
        weights: LayerWeights, edit: Edit = unchanged) -> dict[str, Float[np.ndarray, "time batch hidden"]]:
    """Run one layer and keep every quantity; ``edit`` may change each before it is read.

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
        edit(t, r=r[t], z=z[t], q=q[t])
        n[t] = tanh(from_input[t, :, 2 * hidden:] + r[t] * q[t])
        edit(t, n=n[t])
        hs[t] = n[t] + z[t] * (h - n[t])
        edit(t, h=hs[t])
        h = hs[t]
    return {"r": r, "z": z, "q": q, "n": n, "h": hs}


def gru_gradient(x: Float[np.ndarray, "batch time input"], state: tuple[Float[np.ndarray, "batch hidden"]],
                 weights: LayerWeights, values: dict[str, Float[np.ndarray, "time batch hidden"]],
                 above: Float[np.ndarray, "time batch hidden"],
                 after: tuple[Float[np.ndarray, "batch hidden"]]) -> LayerGradients:
    """Go back through time, from the last step to the first; d is short for dL/d, a_r for what goes into r's σ.

    dh_t = above_t + z_t+1 ⊙ dh_t+1 + W_hrᵀ da_r,t+1 + W_hzᵀ da_z,t+1 + W_hnᵀ dq_t+1
    dn_t = dh_t ⊙ (1 - z_t)             da_n = dn_t ⊙ (1 - n_t²)
    dz_t = dh_t ⊙ (h_t-1 - n_t)         da_z = dz_t ⊙ z_t (1 - z_t)
    dr_t = da_n ⊙ q_t                   da_r = dr_t ⊙ r_t (1 - r_t)
    dq_t = da_n ⊙ r_t
    """
    r, z, q, n = (values[key] for key in "rzqn")
    older, hidden = earlier(values["h"], state[0]), state[0].shape[1]
    # What each step's dh is multiplied by does not depend on dh, so it is computed for all times at once.
    to_n, to_z, to_r = (1 - z) * (1 - n * n), (older - n) * z * (1 - z), q * r * (1 - r)
    from_state, (dh, da_n) = np.empty((*above.shape[:2], 3 * hidden), x.dtype), np.empty((2, *above.shape), x.dtype)
    da_r, da_z, dq = np.split(from_state, 3, axis=-1)  # views
    (back,) = after
    for t in reversed(range(len(above))):
        dh[t] = above[t] + back
        da_n[t] = dh[t] * to_n[t]
        da_z[t] = dh[t] * to_z[t]
        da_r[t] = da_n[t] * to_r[t]
        dq[t] = da_n[t] * r[t]
        back = dh[t] * z[t] + from_state[t] @ weights.W_hh
    from_input = np.concatenate((da_r, da_z, da_n), axis=-1)
    trace = {"r": da_n * q, "z": dh * (older - n), "q": dq, "n": dh * (1 - z), "h": dh}
    return LayerGradients.collected(x, older, weights, from_input, from_state, (back,), trace)


@cache
def gru_lines() -> tuple[FormulaLine, ...]:
    """Write the formulas above as data."""
    x, h = input_parts("rzn"), state_parts("rzn")
    return (
        FormulaLine("r", sigmoid_of(x["r"] + h["r"])),
        FormulaLine("z", sigmoid_of(x["z"] + h["z"])),
        FormulaLine("q", h["n"]),
        FormulaLine("n", tanh_of(x["n"] + now("r") * now("q"))),
        FormulaLine("h", (ONE - now("z")) * now("n") + now("z") * before("h")),
    )


CORE = Cell(name="gru", label="GRU", forward=gru, gradient=gru_gradient, lines=gru_lines, gates=3, state=("h",),
            symbols=("r", "z", "q", "n", "h"), views=("h", "r", "z", "n"), initialisations=RECURRENT_STARTS,
            packs=True, stacks=True, second_bias=SECOND_BIAS, conventions=True)
