"""The gated recurrent unit, in torch's convention."""

from collections.abc import Iterator

import numpy as np

from seqlab.checking.exercise import RECURRENT, Arguments, CodingExercise, Mistake
from seqlab.checking.recurrent import (
    GATE,
    HEAD,
    INPUT,
    LAST,
    LETTERS,
    LOOP,
    PEN,
    SIGMOID,
    STATE,
    STATES,
    activations,
    aliased,
    drawn_gates,
    drawn_run,
    flat_state,
    over_time,
    transposed,
    unbiased,
)
from seqlab.reference import course, gru

_DEF = "def gru(r, z, n, init_state, input_data):\n"
_MIX = "(1 - z_t) * n_t + z_t * h"
_RESET = "r_t * (h @ n[2] + n[3])"
_CANDIDATE = f"n_t = np.tanh(x @ n[0] + n[1] + {_RESET})"
_STEP = f"""        r_t = sigmoid(x @ r[0] + r[1] + h @ r[2] + r[3])
        z_t = sigmoid(x @ z[0] + z[1] + h @ z[2] + z[3])
        {_CANDIDATE}
        h = {_MIX}
"""
_GATES = "In the candidate n: "


def draw(rng: np.random.Generator, sizes: tuple[int, ...], zero: bool) -> Arguments:
    """Draw (r, z, n, init_state, input_data), each gate as (W_i, b_i, W_h, b_h)."""
    return (*drawn_gates(rng, 3, *sizes[2:]), *drawn_run(rng, sizes, zero))


def _order(given: str, names: str) -> Mistake:
    return Mistake("swapped", "swapped gates", f"The gates {names[0]} and {names[1]} have each other's weights; the "
                   "arguments come in the order r, z, n.", (("def gru(r, z, n,", f"def gru({given},"),),
                   classic=names == "rz")


def _weights() -> Iterator[Mistake]:
    """Weights transposed and biases left out: of one gate or of all."""
    yield transposed([("n[2]", "W_h of n")], classic=True)
    for part, name in ((2, "W_h"), (0, "W_i")):
        yield transposed([(f"{gate}[{part}]", f"{name} of {gate}") for gate in "rzn"])
        yield from (transposed([(f"{gate}[{part}]", f"{name} of {gate}")]) for gate in "rzn")
    yield transposed([(f"{gate}[{part}]", f"{name} of {gate}") for gate in "rzn" for part, name in ((0, "W_i"),
                                                                                                    (2, "W_h"))])
    yield unbiased(["n[3]"], "The bias b_h of n is not added.", classic=True)
    yield unbiased([f"{gate}[{part}]" for gate in "rzn" for part in (1, 3)], "No bias is added.")
    for part, name in ((1, "b_i"), (3, "b_h")):
        yield unbiased([f"{gate}[{part}]" for gate in "rzn"], f"The biases {name} are not added.")
        yield from (unbiased([f"{gate}[{part}]"], f"The bias {name} of {gate} is not added.") for gate in "rzn")
    yield from (unbiased([f"{gate}[1]", f"{gate}[3]"], f"No bias of {gate} is added.") for gate in "rzn")


EXERCISE = CodingExercise(
    "gru", "GRU", 1, "gru",
    (("r", GATE, "the reset gate: [D, H], [H], [H, H], [H]"), ("z", GATE, "the update gate; z = 1 keeps the old state"),
     ("n", GATE, "the candidate"), STATE, INPUT),
    (STATES, LAST),
    (r"r_t &= \sigma(x_t W_{ir} + b_{ir} + h_{t-1} W_{hr} + b_{hr})",
     r"z_t &= \sigma(x_t W_{iz} + b_{iz} + h_{t-1} W_{hz} + b_{hz})",
     r"n_t &= \tanh(x_t W_{in} + b_{in} + r_t \odot (h_{t-1} W_{hn} + b_{hn}))",
     r"h_t &= (1 - z_t) \odot n_t + z_t \odot h_{t-1}"),
    course.gru, draw, RECURRENT, LETTERS, (1, 2, 1, 1),
    HEAD + SIGMOID + _DEF + "    # Each gate is (W_i, b_i, W_h, b_h): W_i, b_i, W_h, b_h = r\n" + LOOP.format(
        step=PEN.format(s="s", what="r_t, z_t, n_t and the new state h")),
    HEAD + SIGMOID + _DEF + LOOP.format(step=_STEP),
    (
        _order("z, r, n", "rz"),
        Mistake("before", "reset before the product", "The reset gate acts on the state before the product, "
                "(r ⊙ h) @ W_h. In torch's convention it acts after it: r ⊙ (h @ W_h + b_h).",
                ((_RESET, "(r_t * h) @ n[2] + n[3]"),), classic=True),
        Mistake("polarity", "1 − z for z", "z and 1 − z have changed places. Here z = 1 keeps the old state: "
                "h = (1 − z) ⊙ n + z ⊙ h.", ((_MIX, "z_t * n_t + (1 - z_t) * h"),), classic=True),
        *_weights(),
        Mistake("bias outside", "bias outside the reset", "The bias b_h of n stands outside the reset: r multiplies "
                "h @ W_h + b_h as a whole.", ((_RESET, "r_t * (h @ n[2]) + n[3]"),)),
        Mistake("no reset", "reset gate not used", "n needs r ⊙ (h @ W_h + b_h).", ((_RESET, "h @ n[2] + n[3]"),)),
        *activations(_CANDIDATE, _GATES),
        Mistake("activation", "tanh for σ in the gates", "The gates must go through σ, which stays between 0 and 1.",
                (("sigmoid(x", "np.tanh(x"),)),
        Mistake("activation", "σ and tanh swapped", "The gates r and z go through σ, the candidate n through tanh.",
                (("= sigmoid(x", "= other(x"), ("= np.tanh(x", "= sigmoid(x"), ("= other(x", "= np.tanh(x"))),
        _order("r, n, z", "zn"), _order("n, z, r", "rn"),
        *over_time(),
        Mistake("term missing", "old state not mixed in", "z ⊙ h is missing: h = (1 − z) ⊙ n + z ⊙ h.",
                ((" + z_t * h", ""),)),
        Mistake("term missing", "candidate not mixed in", "(1 − z) ⊙ n is missing: h = (1 − z) ⊙ n + z ⊙ h.",
                (("(1 - z_t) * n_t + ", ""),)),
    ),
    (course.gru, gru.gru), (aliased,), flat_state(3))
