"""Code to start from: for each exercise a template, a correct function, and the same with a classic mistake planted."""

from seqlab.checking.mistakes import CLASSIC

_HEAD = "import numpy as np\n\n\n"
_SIGMOID = "def sigmoid(a):\n    return 1 / (1 + np.exp(-a))\n\n\n"
_SOFTMAX = """def softmax(a, axis=-1):
    e = np.exp(a - a.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


"""
_LOOP = """    h = init_state                            # [B, H]
    states = []
    for t in range(input_data.shape[1]):
        x = input_data[:, t]                  # [B, D]
{step}        states.append(h)
    return np.stack(states, axis=1)           # [B, T, H]
"""
_ATTEND = """    heads = []
    for q, k, v in zip(Wq, Wk, Wv):
{head}        heads.append(weights @ (input_data @ v))
    return np.concatenate(heads, axis=-1) @ Wo
"""
_SCORES = """        query, key = input_data @ q, input_data @ k
        scores = query @ key.swapaxes(1, 2)   # [B, T, T]
        scores = scores / np.sqrt(query.shape[-1])
"""
_MASK = """        T = scores.shape[1]
        scores = np.where(np.tri(T, dtype=bool), scores, -np.inf)
"""
_GRU_STEP = """        r_t = sigmoid(x @ r[0] + r[1] + h @ r[2] + r[3])
        z_t = sigmoid(x @ z[0] + z[1] + h @ z[2] + z[3])
        n_t = np.tanh(x @ n[0] + n[1] + r_t * (h @ n[2] + n[3]))
        h = (1 - z_t) * n_t + z_t * h
"""
_RNN, _GRU = "def rnn(wt_h, wt_x, bias, init_state, input_data):\n", "def gru(r, z, n, init_state, input_data):\n"
_MHA = "def mha(Wq, Wk, Wv, Wo, input_data):\n"
_PEN = "        # ✎ Your line{s}: {what}\n"

TEMPLATES = {
    "rnn": _HEAD + _RNN + _LOOP.format(step=_PEN.format(s="", what="the new state h, from x and h")),
    "gru": _HEAD + _SIGMOID + _GRU + "    # Each gate is (W_i, b_i, W_h, b_h): W_i, b_i, W_h, b_h = r\n" + _LOOP.format(
        step=_PEN.format(s="s", what="r_t, z_t, n_t and the new state h")),
    "mha": _HEAD + _SOFTMAX + _MHA + _ATTEND.format(head=_PEN.format(s="s", what="weights [B, T, T] of this head")),
    "causal": _HEAD + _SOFTMAX + _MHA + _ATTEND.format(
        head=_PEN.format(s="s", what="weights [B, T, T] of this head, masked")),
}
CORRECT = {
    "rnn": _HEAD + _RNN + _LOOP.format(step="        h = np.tanh(h @ wt_h + x @ wt_x + bias)\n"),
    "gru": _HEAD + _SIGMOID + _GRU + _LOOP.format(step=_GRU_STEP),
    "mha": _HEAD + _SOFTMAX + _MHA + _ATTEND.format(head=_SCORES + "        weights = softmax(scores)\n"),
    "causal": _HEAD + _SOFTMAX + _MHA + _ATTEND.format(head=_SCORES + _MASK + "        weights = softmax(scores)\n"),
}
_STATELESS = ("h = init_state               ", "h = np.zeros_like(init_state)")
_HEADS = {"unscaled": ("        scores = scores / np.sqrt(query.shape[-1])\n", ""),
          "axis": ("softmax(scores)", "softmax(scores, axis=1)"), "transposed": ("@ Wo", "@ Wo.T")}

# What a mistake puts in the place of what; each stands once in the correct code.
_PLANTED: dict[str, dict[str, tuple[str, str]]] = {
    "rnn": {"transposed": ("h @ wt_h", "h @ wt_h.T"), "stateless": _STATELESS, "unbiased": (" + bias", "")},
    "gru": {"swapped": ("def gru(r, z, n,", "def gru(z, r, n,"),
            "before": ("r_t * (h @ n[2] + n[3])", "(r_t * h) @ n[2] + n[3]"),
            "polarity": ("(1 - z_t) * n_t + z_t * h", "z_t * n_t + (1 - z_t) * h"),
            "transposed": ("h @ n[2]", "h @ n[2].T"), "stateless": _STATELESS,
            "unbiased": (" + r_t * (h @ n[2] + n[3])", " + r_t * (h @ n[2])")},
    "mha": _HEADS,
    "causal": {"unmasked": (_MASK, "")} | _HEADS,
}


def faults(key: str) -> dict[str, str]:
    """The classic mistakes that can be made in an exercise, with their names, in the order of ``CLASSIC``."""
    return {cause: name for cause, name in CLASSIC.items() if cause in _PLANTED[key]}


def planted(key: str, cause: str) -> str:
    """The correct function of an exercise with a classic mistake in it."""
    old, new = _PLANTED[key][cause]
    return CORRECT[key].replace(old, new)
