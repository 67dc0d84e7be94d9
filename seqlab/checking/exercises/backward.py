"""One backward step of the simple recurrent network."""

import numpy as np

from seqlab.checking.exercise import Arguments, CodingExercise, Mistake, Output
from seqlab.checking.recurrent import HEAD
from seqlab.reference import course_training, rnn

SIZES = ((1, 2, 4), (2, 3, 4), (4, 3, 2), (3, 5, 6), (2, 3, 3))  # B, D, H
_SLOPE = "d_h * (1 - h * h)"
_DEF = f"{HEAD}def rnn_step_backward(d_h, h, h_prev, x, wt_h, wt_x):\n"
_CODE = f"""{_DEF}    d_a = {_SLOPE}                   # [B, H]: dL/da, where h = tanh(a)
    return h_prev.T @ d_a, x.T @ d_a, d_a.sum(axis=0), d_a @ wt_h.T
"""
_TEMPLATE = f"""{_DEF}    # ✎ Your lines: the four gradients, from d_a = dL/da, where h = tanh(a)
    return d_wt_h, d_wt_x, d_bias, d_h_prev
"""


def draw(rng: np.random.Generator, sizes: tuple[int, ...], zero: bool) -> Arguments:
    """Draw (d_h, h, h_prev, x, wt_h, wt_x), where h does follow from the others."""
    B, D, H = sizes
    wt_h, wt_x, bias = rng.normal(size=(H, H)) / np.sqrt(H), rng.normal(size=(D, H)) / np.sqrt(D), rng.normal(size=H)
    h_prev, x = np.tanh(rng.normal(size=(B, H))), rng.normal(size=(B, D))
    return rng.normal(size=(B, H)), np.tanh(h_prev @ wt_h + x @ wt_x + bias / 2), h_prev, x, wt_h, wt_x


def _mistake(cause: str, title: str, advice: str, old: str, new: str, classic: bool = False) -> Mistake:
    return Mistake(cause, title, advice, ((old, new),), classic)


EXERCISE = CodingExercise(
    "backward", "Backward", 10, "rnn_step_backward",
    (("d_h", "[B, H]", "dL/dh, what the loss says of the new state"), ("h", "[B, H]", "the new state, tanh(a)"),
     ("h_prev", "[B, H]", "the state before"), ("x", "[B, D]", "the input of this step"),
     ("wt_h", "[H, H]", "a = h_prev @ wt_h + x @ wt_x + bias"), ("wt_x", "[D, H]", "likewise")),
    (Output("d_wt_h", "[H, H]", "dL/dwt_h", ("row", "column")),
     Output("d_wt_x", "[D, H]", "dL/dwt_x", ("row", "column")),
     Output("d_bias", "[H]", "dL/dbias", ("unit",)), Output("d_h_prev", "[B, H]", "dL/dh_prev", ("sequence", "unit"))),
    (r"\frac{dL}{da} &= \frac{dL}{dh} \odot (1 - h^2)",
     r"\frac{dL}{dW_h} &= h_{t-1}^\top \frac{dL}{da} \quad \frac{dL}{dW_x} = x^\top \frac{dL}{da}",
     r"\frac{dL}{db} &= \textstyle\sum_B \frac{dL}{da} \quad \frac{dL}{dh_{t-1}} = \frac{dL}{da} W_h^\top"),
    course_training.rnn_step_backward, draw, SIZES, ("B", "D", "H"), (1, 1, 1), _TEMPLATE, _CODE,
    (
        _mistake("slope missing", "slope of tanh missing", "dL/da is dL/dh times the slope of tanh, 1 − h².", _SLOPE,
                 "d_h", classic=True),
        _mistake("slope", "1 − h for 1 − h²", "The slope of tanh is 1 − h², by the state's square.", "1 - h * h",
                 "1 - h"),
        _mistake("slope", "slope of σ", "h (1 − h) is the slope of σ; that of tanh is 1 − h².", "1 - h * h",
                 "h * (1 - h)"),
        _mistake("slope", "tanh taken twice", "h is tanh(a) already; its slope is 1 − h², not 1 − tanh(h)².",
                 "1 - h * h", "1 - np.tanh(h) ** 2"),
        _mistake("slope", "slope at the old state", "The slope is taken at the new state h, not at h_prev.",
                 "1 - h * h", "1 - h_prev * h_prev"),
        _mistake("transposed", "transposed weight", "Backwards a row meets the transposed weight: d_a @ wt_h.T.",
                 "wt_h.T", "wt_h", classic=True),
        _mistake("wrong state", "h for h_prev", "wt_h was multiplied by the state before: h_prev.T @ d_a.",
                 "h_prev.T @", "h.T @"),
        _mistake("turned", "factors turned round", "d_wt_h is h_prev.T @ d_a, with the old state along the rows.",
                 "h_prev.T @ d_a,", "d_a.T @ h_prev,"),
        _mistake("mean for sum", "mean over the batch", "The gradient of the bias is the sum over the batch.", ".sum(",
                 ".mean("),
        _mistake("unscaled state", "d_h for d_a in d_h_prev", "What goes back to h_prev is dL/da, after the slope.",
                 "d_a @ wt_h.T", "d_h @ wt_h.T"),
    ),
    (course_training.rnn_step_backward, rnn.rnn_gradient, rnn.tanh_slope))
