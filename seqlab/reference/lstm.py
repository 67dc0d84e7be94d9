"""Long short-term memory, with a forget gate and without peepholes, as in PyTorch.

Source: Hochreiter and Schmidhuber 1997; forget gate: Gers et al. 2000.
"""

from functools import cache

import numpy as np
from jaxtyping import Float

from seqlab.reference.activations import sigmoid, tanh
from seqlab.reference.cells import RECURRENT_STARTS, Cell, LayerGradients, earlier
from seqlab.reference.edit import Edit, unchanged
from seqlab.reference.formulas.line import FormulaLine, input_parts, sigmoid_of, state_parts, tanh_of
from seqlab.reference.formulas.operands import before, now
from seqlab.reference.layer_weights import SECOND_BIAS, LayerWeights


def lstm(x: Float[np.ndarray, "batch time input"],
         state: tuple[Float[np.ndarray, "batch hidden"], Float[np.ndarray, "batch hidden"]],
         weights: LayerWeights, edit: Edit = unchanged) -> dict[str, Float[np.ndarray, "time batch hidden"]]:
    """Run one layer and keep every quantity; ``edit`` may change each before it is read.

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
        edit(t, i=i[t], f=f[t], g=g[t], o=o[t])
        cs[t] = f[t] * c + i[t] * g[t]
        edit(t, c=cs[t])
        hs[t] = o[t] * tanh(cs[t])
        edit(t, h=hs[t])
        h, c = hs[t], cs[t]
    return {"i": i, "f": f, "g": g, "o": o, "c": cs, "h": hs}


def lstm_gradient(x: Float[np.ndarray, "batch time input"],
                  state: tuple[Float[np.ndarray, "batch hidden"], Float[np.ndarray, "batch hidden"]],
                  weights: LayerWeights, values: dict[str, Float[np.ndarray, "time batch hidden"]],
                  above: Float[np.ndarray, "time batch hidden"],
                  after: tuple[Float[np.ndarray, "batch hidden"], Float[np.ndarray, "batch hidden"]]) -> LayerGradients:
    """Go back through time, from the last step to the first; d is short for dL/d, a_i for what goes into i's σ.

    dh_t = above_t + W_hhᵀ da_t+1
    dc_t = dh_t ⊙ o_t ⊙ (1 - tanh²(c_t)) + f_t+1 ⊙ dc_t+1
    di_t = dc_t ⊙ g_t       da_i = di_t ⊙ i_t (1 - i_t)
    df_t = dc_t ⊙ c_t-1     da_f = df_t ⊙ f_t (1 - f_t)
    dg_t = dc_t ⊙ i_t       da_g = dg_t ⊙ (1 - g_t²)
    do_t = dh_t ⊙ tanh(c_t) da_o = do_t ⊙ o_t (1 - o_t)

    A cell whose forget gate is 1 hands dc back unchanged: that is why an LSTM's gradient need not vanish.
    """
    i, f, g, o, c = (values[key] for key in "ifgoc")
    shown, older = np.tanh(c), earlier(c, state[1])
    to_c, to_o = o * (1 - shown * shown), shown * o * (1 - o)
    to_i, to_f, to_g = g * i * (1 - i), older * f * (1 - f), i * (1 - g * g)
    da, (dh, dc) = np.empty((*above.shape[:2], 4 * above.shape[2]), x.dtype), np.empty((2, *above.shape), x.dtype)
    da_i, da_f, da_g, da_o = np.split(da, 4, axis=-1)  # views
    back, kept = after
    for t in reversed(range(len(above))):
        dh[t] = above[t] + back
        dc[t] = dh[t] * to_c[t] + kept
        da_i[t], da_f[t], da_g[t] = dc[t] * to_i[t], dc[t] * to_f[t], dc[t] * to_g[t]
        da_o[t] = dh[t] * to_o[t]
        back, kept = da[t] @ weights.W_hh, dc[t] * f[t]
    trace = {"i": dc * g, "f": dc * older, "g": dc * i, "o": dh * shown, "c": dc, "h": dh}
    return LayerGradients.collected(x, earlier(values["h"], state[0]), weights, da, da, (back, kept), trace)


@cache
def lstm_lines() -> tuple[FormulaLine, ...]:
    """Write the formulas above as data."""
    x, h = input_parts("ifgo"), state_parts("ifgo")
    return (
        FormulaLine("i", sigmoid_of(x["i"] + h["i"])),
        FormulaLine("f", sigmoid_of(x["f"] + h["f"])),
        FormulaLine("g", tanh_of(x["g"] + h["g"])),
        FormulaLine("o", sigmoid_of(x["o"] + h["o"])),
        FormulaLine("c", now("f") * before("c") + now("i") * now("g")),
        FormulaLine("h", now("o") * tanh_of(now("c"))),
    )


CORE = Cell(name="lstm", label="LSTM", forward=lstm, gradient=lstm_gradient, lines=lstm_lines, gates=4,
            state=("h", "c"), symbols=("i", "f", "g", "o", "c", "h"), views=("h", "i", "f", "g", "o", "c"),
            initialisations=RECURRENT_STARTS, packs=True, stacks=True, second_bias=SECOND_BIAS)
