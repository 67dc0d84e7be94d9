"""The course's functions in plain NumPy: rows times matrices, batch first, every hidden state and the last returned."""

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float

from seqlab.errors import Fault
from seqlab.reference import special
from seqlab.reference.attention import AttentionWeights, attention, causal
from seqlab.reference.cells import cells
from seqlab.reference.readers import Gate, checked, course_gru, features

Gates = tuple[Gate, Gate, Gate]
States = tuple[Float[np.ndarray, "B T H"], Float[np.ndarray, "1 B H"]]


def rnn(wt_h: Float[np.ndarray, "H H"], wt_x: Float[np.ndarray, "D H"], bias: Float[np.ndarray, " H"],
        init_state: Float[np.ndarray, "1 B H"], input_data: Float[np.ndarray, "B T D"]) -> States:
    """Run a simple RNN; returns every hidden state, and the last.

    h_t = tanh(h_t-1 wt_h + x_t wt_x + bias)

    Raises Fault for a wrong shape, NaN, no time steps or no batch.
    """
    D, H = _sizes(input_data, init_state)
    weights = {"core.weight_hh_l0": checked("wt_h", wt_h, (H, H)).T,
               "core.weight_ih_l0": checked("wt_x", wt_x, (D, H)).T,
               "core.bias_ih_l0": checked("bias", bias, (H,)), "core.bias_hh_l0": np.zeros_like(bias)}
    return _with_last(cells()["rnn_tanh"].run(input_data, weights, state=(init_state,))["h.0"])


def gru(r: Gate, z: Gate, n: Gate, init_state: Float[np.ndarray, "1 B H"],
        input_data: Float[np.ndarray, "B T D"]) -> States:
    """Run a GRU; returns every hidden state, and the last.

    r_t = σ(x_t W_ir + b_ir + h_t-1 W_hr + b_hr), likewise z_t
    n_t = tanh(x_t W_in + b_in + r_t ⊙ (h_t-1 W_hn + b_hn))
    h_t = (1 - z_t) ⊙ n_t + z_t ⊙ h_t-1

    Raises Fault for a wrong shape, NaN, no time steps or no batch.
    """
    weights = _stacked(*_sizes(input_data, init_state), {"r": r, "z": z, "n": n})
    return _with_last(cells()["gru"].run(input_data, weights, state=(init_state,))["h.0"])


def lstm(i: Gate, f: Gate, g: Gate, o: Gate,
         init_state: tuple[Float[np.ndarray, "1 B H"], Float[np.ndarray, "1 B H"]],
         input_data: Float[np.ndarray, "B T D"]) -> tuple[Float[np.ndarray, "B T H"], tuple[np.ndarray, np.ndarray]]:
    """Run an LSTM from (h_0, c_0); returns every hidden state, and the last h and c.

    i_t = σ(x_t W_ii + b_ii + h_t-1 W_hi + b_hi), likewise f_t and o_t
    g_t = tanh(x_t W_ig + b_ig + h_t-1 W_hg + b_hg)
    c_t = f_t ⊙ c_t-1 + i_t ⊙ g_t
    h_t = o_t ⊙ tanh(c_t)

    Raises Fault for a wrong shape, NaN, no time steps or no batch.
    """
    weights = _stacked(*_sizes(input_data, init_state[0]), {"i": i, "f": f, "g": g, "o": o})
    values = cells()["lstm"].run(input_data, weights, state=init_state)
    (states, last), (_, memory) = _with_last(values["h.0"]), _with_last(values["c.0"])
    return states, (last, memory)


def init_gru_with_rnn(wt_h: Float[np.ndarray, "H H"], wt_x: Float[np.ndarray, "D H"],
                      bias: Float[np.ndarray, " H"]) -> Gates:
    """Give the gates (r, z, n) of a GRU that is the given RNN: r open, z shut, and n the RNN's own step."""
    rnn = {"core.weight_ih_l0": wt_x.T, "core.weight_hh_l0": wt_h.T, "core.bias_ih_l0": bias,
           "core.bias_hh_l0": np.zeros_like(bias)}
    return course_gru(special.gru_from_rnn(rnn))


def init_gru_with_long_term_memory(input_size: int, hidden_size: int) -> Gates:
    """Give the gates (r, z, n) of a GRU that keeps its initial state for ever: z = 1."""
    return course_gru(special.gru_long_term_memory(hidden_size, input_size))


def mha(Wq: Sequence[np.ndarray], Wk: Sequence[np.ndarray], Wv: Sequence[np.ndarray],
        Wo: Float[np.ndarray, "E E"], input_data: Float[np.ndarray, "B T E"]) -> Float[np.ndarray, "B T E"]:
    """Run multi-head self-attention; Wq, Wk and Wv are lists of one [E, E/heads] for each head.

    head = softmax((x Wq) (x Wk)ᵀ / √(E/heads)) (x Wv)
    output = [head_1, head_2, …] Wo

    Raises Fault for a wrong shape, NaN, heads that do not divide the width, no time steps or no batch.
    """
    return _attend(Wq, Wk, Wv, Wo, input_data, masked=False)


def causal_mha(Wq: Sequence[np.ndarray], Wk: Sequence[np.ndarray], Wv: Sequence[np.ndarray],
               Wo: Float[np.ndarray, "E E"], input_data: Float[np.ndarray, "B T E"]) -> Float[np.ndarray, "B T E"]:
    """Run the same attention where position t sees only itself and those before it: other scores are -∞."""
    return _attend(Wq, Wk, Wv, Wo, input_data, masked=True)


def _attend(Wq: Sequence[np.ndarray], Wk: Sequence[np.ndarray], Wv: Sequence[np.ndarray], Wo: np.ndarray,
            input_data: np.ndarray, masked: bool) -> np.ndarray:
    time, E = _sequences(input_data)
    heads, shape = len(Wq), (E, features(E, len(Wq)))
    stacked = []
    for name, matrices in (("Wq", Wq), ("Wk", Wk), ("Wv", Wv)):
        if len(matrices) != heads:
            raise Fault(f"{name} has {len(matrices)} matrices: expected {heads}, one for each head.")
        stacked.append(np.stack([checked(f"{name}[{i}]", W, shape).T for i, W in enumerate(matrices)]))
    weights = AttentionWeights(stacked[0], stacked[1], stacked[2], checked("Wo", Wo, (E, E)).T)
    return attention(input_data, weights, causal(time) if masked else None)["attended"]


def _with_last(states: Float[np.ndarray, "B T H"]) -> States:
    return states, states[None, :, -1]


def _stacked(D: int, H: int, gates: Mapping[str, Gate]) -> dict[str, np.ndarray]:
    """Give the gates' weights torch's names and shapes, checked."""
    for name, gate in gates.items():
        for part, array, shape in zip(("W_i", "b_i", "W_h", "b_h"), gate, ((D, H), (H,), (H, H), (H,)), strict=True):
            checked(f"{part} of {name}", array, shape)
    return {f"core.{name}_l0": np.concatenate([gate[part].T for gate in gates.values()]) for part, name in
            enumerate(("weight_ih", "bias_ih", "weight_hh", "bias_hh"))}


def _sizes(input_data: np.ndarray, init_state: np.ndarray) -> tuple[int, int]:
    """Return D and H."""
    _sequences(input_data)
    if init_state.ndim != 3:
        raise Fault(f"The init_state must have 3 axes, [1, B, H]; it has the shape {init_state.shape}.")
    checked("init_state", init_state, (1, input_data.shape[0], init_state.shape[2]))
    return input_data.shape[2], init_state.shape[2]


def _sequences(input_data: np.ndarray) -> tuple[int, int]:
    """Return the number of time steps and the width."""
    if input_data.ndim != 3 or not input_data.size:
        raise Fault("The input_data must have 3 axes, [B, T, D], and at least one sequence and one time step; "
                    f"it has the shape {input_data.shape}.")
    checked("input_data", input_data, input_data.shape)
    return input_data.shape[1], input_data.shape[2]
