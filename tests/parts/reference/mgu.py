"""The minimal gated unit: one gate, which both shows the old state to the candidate and takes the candidate.

Source: Zhou et al. 2016, "Minimal gated unit for recurrent neural networks" (arXiv 1603.09420), equations 6a-6c; u is
the paper's f. Input and state have a bias each, as in PyTorch; only their sum matters.
"""

from functools import cache

import numpy as np
from jaxtyping import Float

from seqlab.notation import Symbol
from seqlab.reference.activations import sigmoid, tanh
from seqlab.reference.cells import RECURRENT_STARTS, Cell, LayerGradients, earlier
from seqlab.reference.edit import Edit, unchanged
from seqlab.reference.formulas.line import ONE, FormulaLine, input_parts, sigmoid_of, state_part, state_parts, tanh_of
from seqlab.reference.formulas.operands import before, now
from seqlab.reference.layer_weights import SECOND_BIAS, LayerWeights

SYMBOLS = (Symbol("u", r"u_t", "minimal gate", ("batch", "time", "hidden"), (0.0, 1.0), "sequential",
                  "1 shows the old state to the candidate and takes the candidate, 0 keeps the old state"),)


def mgu(x: Float[np.ndarray, "batch time input"], state: tuple[Float[np.ndarray, "batch hidden"]],
        weights: LayerWeights, edit: Edit = unchanged) -> dict[str, Float[np.ndarray, "time batch hidden"]]:
    """Run one layer and keep every quantity; ``edit`` may change each before it is read.

    u_t = σ(W_iu x_t + b_iu + W_hu h_t-1 + b_hu)
    n_t = tanh(W_in x_t + b_in + W_hn (u_t ⊙ h_t-1) + b_hn)
    h_t = (1 - u_t) ⊙ h_t-1 + u_t ⊙ n_t
    """
    (h,), (batch, time, _), hidden = state, x.shape, state[0].shape[1]
    from_input = weights.input_part(x)
    u, n, hs = np.empty((3, time, batch, hidden), x.dtype)
    for t in range(time):
        u[t] = sigmoid(from_input[t, :, :hidden] + h @ weights.W_hh[:hidden].T + weights.b_hh[:hidden])
        edit(t, u=u[t])
        n[t] = tanh(from_input[t, :, hidden:] + (u[t] * h) @ weights.W_hh[hidden:].T + weights.b_hh[hidden:])
        edit(t, n=n[t])
        hs[t] = h + u[t] * (n[t] - h)
        edit(t, h=hs[t])
        h = hs[t]
    return {"u": u, "n": n, "h": hs}


def mgu_gradient(x: Float[np.ndarray, "batch time input"], state: tuple[Float[np.ndarray, "batch hidden"]],
                 weights: LayerWeights, values: dict[str, Float[np.ndarray, "time batch hidden"]],
                 above: Float[np.ndarray, "time batch hidden"],
                 after: tuple[Float[np.ndarray, "batch hidden"]]) -> LayerGradients:
    """Go back through time, from the last step to the first; d is short for dL/d, v_t for u_t ⊙ h_t-1.

    dh_t = above_t + (1 - u_t+1) ⊙ dh_t+1 + u_t+1 ⊙ dv_t+1 + W_huᵀ da_u,t+1
    dn_t = dh_t ⊙ u_t                                   da_n = dn_t ⊙ (1 - n_t²), dv_t = W_hnᵀ da_n
    du_t = dh_t ⊙ (n_t - h_t-1) + dv_t ⊙ h_t-1          da_u = du_t ⊙ u_t (1 - u_t)
    """
    u, n, hidden = values["u"], values["n"], state[0].shape[1]
    older = earlier(values["h"], state[0])
    da, (dh, du) = np.empty((*above.shape[:2], 2 * hidden), x.dtype), np.empty((2, *above.shape), x.dtype)
    da_u, da_n = np.split(da, 2, axis=-1)  # views
    (back,) = after
    for t in reversed(range(len(above))):
        dh[t] = above[t] + back
        da_n[t] = dh[t] * u[t] * (1 - n[t] * n[t])
        dv = da_n[t] @ weights.W_hh[hidden:]
        du[t] = dh[t] * (n[t] - older[t]) + dv * older[t]
        da_u[t] = du[t] * u[t] * (1 - u[t])
        back = dh[t] * (1 - u[t]) + dv * u[t] + da_u[t] @ weights.W_hh[:hidden]
    d_W_hh = [np.einsum("tbi,tbj->ij", d, read, optimize=True) for d, read in ((da_u, older), (da_n, u * older))]
    d_b = da.sum(axis=(0, 1))
    found = LayerWeights(np.einsum("tbi,btj->ij", da, x, optimize=True), np.concatenate(d_W_hh), d_b, d_b)
    return LayerGradients(found, (da @ weights.W_ih).swapaxes(0, 1), (back,), {"u": du, "n": dh * u, "h": dh})


@cache
def mgu_lines() -> tuple[FormulaLine, ...]:
    """Write the formulas above as data."""
    x, h = input_parts("un"), state_parts("un")
    return (
        FormulaLine("u", sigmoid_of(x["u"] + h["u"])),
        FormulaLine("n", tanh_of(x["n"] + state_part("n", "un", now("u") * before("h")))),
        FormulaLine("h", (ONE - now("u")) * before("h") + now("u") * now("n")),
    )


CORE = Cell(name="mgu", label="Minimal gated unit", forward=mgu, gradient=mgu_gradient, lines=mgu_lines, gates=2,
            state=("h",), symbols=("u", "n", "h"), views=("h", "u", "n"), initialisations=RECURRENT_STARTS, packs=False,
            second_bias=SECOND_BIAS)
