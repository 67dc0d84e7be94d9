"""Long short-term memory, as torch has it."""

from dataclasses import replace

import numpy as np

from seqlab.checking.exercise import RECURRENT, Arguments, CodingExercise, Mistake
from seqlab.checking.recurrent import (
    GATE,
    HEAD,
    INPUT,
    LAST,
    LETTERS,
    PEN,
    SIGMOID,
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
from seqlab.reference import course, lstm

_DEF = "def lstm(i, f, g, o, init_state, input_data):\n"
_START = "h, c = init_state[0][0], init_state[1][0]"
_LOOP = f"""    {_START}
    states = []
    for t in range(input_data.shape[1]):
        x = input_data[:, t]                  # [B, D]
{{step}}        states.append(h)
    return np.stack(states, axis=1), (h[None], c[None])
"""
_CELL, _SHOWN = "c = f_t * c + i_t * g_t", "h = o_t * np.tanh(c)"
_STEP = f"""        i_t = sigmoid(x @ i[0] + i[1] + h @ i[2] + i[3])
        f_t = sigmoid(x @ f[0] + f[1] + h @ f[2] + f[3])
        g_t = np.tanh(x @ g[0] + g[1] + h @ g[2] + g[3])
        o_t = sigmoid(x @ o[0] + o[1] + h @ o[2] + o[3])
        {_CELL}
        {_SHOWN}
"""


def draw(rng: np.random.Generator, sizes: tuple[int, ...], zero: bool) -> Arguments:
    """Draw (i, f, g, o, (h_0, c_0), input_data), each gate as (W_i, b_i, W_h, b_h)."""
    gates = drawn_gates(rng, 4, *sizes[2:])
    state, x = drawn_run(rng, sizes, zero)
    return (*gates, (state, rng.normal(size=state.shape) * (not zero)), x)


def _order(given: str, names: str) -> Mistake:
    return Mistake("swapped", "swapped gates", f"The gates {names[0]} and {names[1]} have each other's weights; the "
                   "arguments come in the order i, f, g, o.", (("def lstm(i, f, g, o,", f"def lstm({given},"),),
                   classic=names == "go")


EXERCISE = CodingExercise(
    "lstm", "LSTM", 2, "lstm",
    (("i", GATE, "the input gate: [D, H], [H], [H, H], [H]"), ("f", GATE, "the forget gate; f = 1 keeps the cell"),
     ("g", GATE, "the candidate"), ("o", GATE, "the output gate"),
     ("init_state", "(h_0, c_0)", "state and cell before the first step, [1, B, H] each; [B, H] works too"), INPUT),
    (STATES, replace(LAST, name="final state h"), replace(LAST, name="final cell c",
                                                          meaning="the cell after the last step; may be left out")),
    (r"i_t &= \sigma(x_t W_{ii} + b_{ii} + h_{t-1} W_{hi} + b_{hi})", r"f_t, o_t &\ \text{likewise}",
     r"g_t &= \tanh(x_t W_{ig} + b_{ig} + h_{t-1} W_{hg} + b_{hg})",
     r"c_t &= f_t \odot c_{t-1} + i_t \odot g_t", r"h_t &= o_t \odot \tanh(c_t)"),
    course.lstm, draw, RECURRENT, LETTERS, (1, 2, 1, 1),
    HEAD + SIGMOID + _DEF + "    # Each gate is (W_i, b_i, W_h, b_h): W_i, b_i, W_h, b_h = i\n" + _LOOP.format(
        step=PEN.format(s="s", what="i_t, f_t, g_t, o_t, the new cell c and state h")),
    HEAD + SIGMOID + _DEF + _LOOP.format(step=_STEP),
    (
        _order("i, f, o, g", "go"), _order("f, i, g, o", "if"), _order("o, f, g, i", "io"), _order("i, g, f, o", "fg"),
        _order("g, f, i, o", "ig"), _order("i, o, g, f", "fo"),
        Mistake("term missing", "cell not carried on", "f ⊙ c is missing: c = f ⊙ c + i ⊙ g.", (("f_t * c + ", ""),)),
        Mistake("term missing", "input not written", "i ⊙ g is missing: c = f ⊙ c + i ⊙ g.", ((" + i_t * g_t", ""),)),
        Mistake("polarity", "f and 1 − f", "The old cell is multiplied by f, not by 1 − f.",
                (("f_t * c +", "(1 - f_t) * c +"),)),
        Mistake("coupled", "1 − f for i", "The candidate is multiplied by the input gate i, not by 1 − f.",
                (("i_t * g_t", "(1 - f_t) * g_t"),)),
        Mistake("activation", "no tanh of the cell", "The cell must go through tanh before o: h = o ⊙ tanh(c).",
                ((_SHOWN, "h = o_t * c"),)),
        Mistake("activation", "sigmoid of the cell", "The cell must go through tanh before o: h = o ⊙ tanh(c).",
                ((_SHOWN, "h = o_t * sigmoid(c)"),)),
        *activations("g_t = np.tanh", "In the candidate g: "),
        Mistake("activation", "tanh for σ in the gates", "The gates must go through σ, which stays between 0 and 1.",
                (("= sigmoid(x", "= np.tanh(x"),)),
        Mistake("cell for state", "the cell feeds the gates", "The gates read the old state h, not the cell c.",
                (("+ h @", "+ c @"),)),
        Mistake("cell for state", "cells returned", "Return the states h; the cell c stays inside.",
                (("states.append(h)", "states.append(c)"),)),
        Mistake("cell not carried", "cell not carried on", "Every step starts from the initial cell again.",
                (("[B, D]\n", "[B, D]\n        c = init_state[1][0]\n"),)),
        transposed([("i[2]", "W_h of i")], classic=True),
        *(transposed([(f"{gate}[{part}]", f"{name} of {gate}") for gate in gates])
          for part, name in ((2, "W_h"), (0, "W_i")) for gates in ("ifgo", *"ifgo")),
        unbiased(["f[3]"], "The bias b_h of f is not added.", classic=True),
        *(unbiased([f"{gate}[{part}]" for gate in gates for part in parts], f"Missing in {', '.join(gates)}: {names}.")
          for parts, names in (((1,), "b_i"), ((3,), "b_h"), ((1, 3), "b_i and b_h")) for gates in ("ifgo", *"ifgo")),
        *over_time(_START, _START, "h, c = 0 * init_state[0][0], 0 * init_state[1][0]", "init_state[0][0]"),
        Mistake("stateless", "ignored initial cell", "The cell must start from c_0, which is not always zero.",
                ((_START, "h, c = init_state[0][0], 0 * init_state[1][0]"),)),
        Mistake("stateless", "ignored initial state", "h must start from h_0, which is not always zero.",
                ((_START, "h, c = 0 * init_state[0][0], init_state[1][0]"),)),
    ),
    (course.lstm, lstm.lstm), (aliased,), flat_state(4))
