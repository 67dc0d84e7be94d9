"""The classic mistakes as formulas: each variant computes what a function with that mistake returns.

Every formula has knobs for what people get wrong; at their defaults it is the reference.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from seqlab.checking.exercises import Arguments
from seqlab.reference.activations import relu, sigmoid
from seqlab.reference.attention import causal

Turn = Callable[[Arguments], Arguments]
Activation = Callable[[np.ndarray], np.ndarray]
Gate = tuple[np.ndarray, ...]  # W_i, b_i, W_h, b_h
Axis = int | tuple[int, ...] | Literal["all"]
Knob = bool | str | Axis | Activation


def same(args: Arguments) -> Arguments:
    """Leave the arguments as they are."""
    return args


@dataclass(frozen=True)
class Variant:
    """One mistake: its cause in a word, what it says, and how it changes the arguments or the formula."""

    cause: str
    title: str
    advice: str
    turn: Turn = same
    knobs: Mapping[str, Knob] = field(default_factory=dict)


def rnn(args: Arguments, activation: Activation = np.tanh, shift: bool = False, still: bool = False,
        backwards: bool = False) -> np.ndarray:
    """Run an RNN: ``shift`` returns the state before each step, ``still`` never passes the new state on."""
    wt_h, wt_x, bias, init, x = args
    def step(h: np.ndarray, x_t: np.ndarray) -> np.ndarray:
        return activation(h @ wt_h + x_t @ wt_x + bias)
    return _over_time(step, init, x, shift, still, backwards)


def gru(args: Arguments, reset: str = "after", candidate: Activation = np.tanh, shift: bool = False,
        still: bool = False, backwards: bool = False, gate: Activation = sigmoid) -> np.ndarray:
    """Run a GRU: ``reset`` acts on product and bias (after), the product (inside), the state (before) or nothing."""
    r, z, n, init, x = args
    def part(of: Gate, h: np.ndarray, x_t: np.ndarray) -> np.ndarray:
        return np.asarray(x_t @ of[0] + of[1] + h @ of[2] + of[3])
    def step(h: np.ndarray, x_t: np.ndarray) -> np.ndarray:
        r_t, z_t = gate(part(r, h, x_t)), gate(part(z, h, x_t))
        old = {"after": lambda: r_t * (h @ n[2] + n[3]), "before": lambda: (r_t * h) @ n[2] + n[3],
               "inside": lambda: r_t * (h @ n[2]) + n[3], "none": lambda: h @ n[2] + n[3]}[reset]()
        new = candidate(x_t @ n[0] + n[1] + old)
        return np.asarray((1 - z_t) * new + z_t * h)
    return _over_time(step, init, x, shift, still, backwards)


def _over_time(step: Callable[[np.ndarray, np.ndarray], np.ndarray], init: np.ndarray, x: np.ndarray, shift: bool,
               still: bool, backwards: bool) -> np.ndarray:
    h, states = init, []
    for t in range(x.shape[1])[::-1 if backwards else 1]:
        new = step(h, x[:, t])
        states.append(h if shift else new)
        h = h if still else new
    return np.stack(states, axis=1)


def mha(args: Arguments, scale: str = "d", axis: Axis = -1, mask: str = "none", order: str = "heads",
        output: bool = True, values: str = "v") -> np.ndarray:
    """Run attention: ``scale`` by √d, √E, d or not (none), softmax over ``axis``, a ``mask``, an ``order`` of heads."""
    Wq, Wk, Wv, Wo, x = args
    query, key, value = (np.stack([x @ W for W in part]) for part in (Wq, Wk, Wv))  # head batch time feature
    d, E = query.shape[-1], query.shape[-1] * len(Wq)
    scores = query @ key.swapaxes(-1, -2) / {"d": np.sqrt(d), "E": np.sqrt(E), "square": d, "none": 1.0}[scale]
    allowed = causal(x.shape[1])
    visible = {"causal": allowed, "future": allowed.T, "ahead": np.tri(x.shape[1], k=1) > 0}
    if mask == "zero":  # masked scores become 0, which softmax does not take for nothing
        scores = np.where(allowed, scores, 0.0)
    pattern = _softmax(np.where(visible.get(mask, True), scores, -np.inf), axis)
    if mask == "late":  # masked after softmax: the rest no longer sums to 1
        pattern = np.where(allowed, pattern, 0.0)
    joined = _joined(pattern @ {"v": value, "k": key, "q": query}[values], order)
    return joined @ Wo if output else joined


def _softmax(scores: np.ndarray, axis: Axis) -> np.ndarray:
    """Normalise over the keys (-1), the queries (-2), both, the batch (1), or all but the heads ("all")."""
    axes = (1, 2, 3) if axis == "all" else axis
    raised = np.exp(scores)
    return np.asarray(raised / raised.sum(axis=axes, keepdims=True))


def _joined(heads: np.ndarray, order: str) -> np.ndarray:
    count, batch, time, feature = heads.shape
    if order == "reversed":
        heads = heads[::-1]
    if order == "interleaved":  # feature by feature, where head by head is meant
        return heads.transpose(1, 2, 3, 0).reshape(batch, time, -1)
    if order == "raw":  # reshaped without moving the axis of the heads behind that of time
        return heads.swapaxes(0, 1).reshape(batch, time, -1)
    return heads.transpose(1, 2, 0, 3).reshape(batch, time, count * feature)


ACTIVATIONS: dict[str, tuple[Activation, str]] = {
    "no tanh": (lambda a: a, "The sum must go through tanh before it is the state."),
    "sigmoid for tanh": (sigmoid, "The activation is σ, which is for gates; here it must be tanh."),
    "ReLU for tanh": (relu, "The activation is ReLU; here it must be tanh."),
}
FORMULAS: dict[str, Callable[..., np.ndarray]] = {
    "rnn": rnn, "gru": gru, "mha": mha, "causal": lambda args, **knobs: mha(args, **{"mask": "causal"} | knobs)}
