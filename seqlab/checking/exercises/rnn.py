"""The simple recurrent network."""

import numpy as np

from seqlab.checking.exercise import RECURRENT, Arguments, CodingExercise, Mistake
from seqlab.checking.recurrent import (
    HEAD,
    INPUT,
    LAST,
    LETTERS,
    LOOP,
    PEN,
    STATE,
    STATES,
    activations,
    aliased,
    drawn_run,
    flat_state,
    over_time,
    transposed,
    unbiased,
)
from seqlab.reference import course, rnn

_DEF = "def rnn(wt_h, wt_x, bias, init_state, input_data):\n"
_STEP = "        h = np.tanh(h @ wt_h + x @ wt_x + bias)\n"
_W_H, _W_X = ("wt_h", "wt_h"), ("wt_x", "wt_x")


def draw(rng: np.random.Generator, sizes: tuple[int, ...], zero: bool) -> Arguments:
    """Draw random (wt_h, wt_x, bias, init_state, input_data)."""
    _, _, D, H = sizes
    return (rng.normal(size=(H, H)) / np.sqrt(H), rng.normal(size=(D, H)) / np.sqrt(D), rng.normal(size=H) / 2,
            *drawn_run(rng, sizes, zero))


EXERCISE = CodingExercise(
    "rnn", "RNN", 0, "rnn",
    (("wt_h", "[H, H]", "from the old state to the new: h @ wt_h"),
     ("wt_x", "[D, H]", "from the input: x @ wt_x"), ("bias", "[H]", "added to both"), STATE, INPUT),
    (STATES, LAST), (r"h_t &= \tanh(h_{t-1} W_h + x_t W_x + b)",), course.rnn, draw, RECURRENT, LETTERS, (1, 2, 1, 1),
    HEAD + _DEF + LOOP.format(step=PEN.format(s="", what="the new state h, from x and h")),
    HEAD + _DEF + LOOP.format(step=_STEP),
    (
        transposed([_W_H], classic=True), transposed([_W_X]), transposed([_W_H, _W_X]),
        unbiased(["bias"], "The bias is not added.", classic=True),
        Mistake("bias twice", "bias added twice", "The bias belongs to the sum once.", ((" + bias", " + 2 * bias"),)),
        *activations(_STEP), *over_time(),
        Mistake("term missing", "no old state", "The old state is not used: h @ wt_h is missing.",
                (("h @ wt_h + ", ""),)),
        Mistake("term missing", "no input", "The input is not used: x @ wt_x is missing.", ((" + x @ wt_x", ""),)),
    ),
    (course.rnn, rnn.rnn), (aliased,), flat_state(3))
