"""How far back a network's memory reaches: its loss with little to read, and how much of a gradient comes how far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from seqlab.reference.backward import gradients
from seqlab.reference.core import Core
from seqlab.reference.loss import cross_entropy
from seqlab.reference.network import network
from seqlab.reference.pooling import Pooling
from seqlab.reference.weights import Weights


@dataclass(frozen=True)
class Windows:
    """Sequences of one length, of each of which the last answer counts; ``targets`` are what is right there."""

    ids: Int[np.ndarray, "batch time"]
    targets: Int[np.ndarray, " batch"]
    condition: Int[np.ndarray, " batch"] | None = None

    @property
    def longest(self) -> int:
        """How many symbols each has."""
        return int(self.ids.shape[1])

    def first(self, count: int) -> "Windows":
        """Take the first of them."""
        return Windows(self.ids[:count], self.targets[:count], None if self.condition is None else
                       self.condition[:count])

    def last(self, count: int) -> "Windows":
        """Cut them to their last symbols."""
        return Windows(self.ids[:, -count:], self.targets, self.condition)


def context_loss(core: Core, windows: Windows, weights: Weights, lengths: Sequence[int],
                 pooling: Pooling = "none") -> Float[np.ndarray, " length"]:
    """Mean loss of the last answer, in nats, of a network that reads so many symbols before it and nothing earlier.

    L(k) = -mean log p(target | the last k symbols), each pass from an initial state of zeros.
    """
    cut = (windows.last(count) for count in lengths)
    logits = (network(core, each.ids, weights, condition=each.condition, pooling=pooling)["logits"] for each in cut)
    return np.array([cross_entropy(each[:, -1], windows.targets) for each in logits])


def lagged_gradients(core: Core, windows: Windows, weights: Weights,
                     pooling: Pooling = "none") -> dict[str, Float[np.ndarray, "batch time unit"]]:
    """dL/d of the input and of every state at every time, where L is each window's loss of its last answer.

    The total derivative: all ways from that time to the answer. By name: ``x`` and the states of every layer (``h.0``,
    ``c.0`` …), of a core without a state what each of its layers gives (``h.0`` …).
    Agrees with torch's autograd to 1e-10 in float64 (tests/lenses/test_horizon.py).
    """
    batch, time = windows.ids.shape
    targets, weight = np.zeros((batch, time), windows.targets.dtype), np.zeros((batch, time), weights_type(weights))
    targets[:, -1], weight[:, -1] = windows.targets, 1
    _, _, trace = gradients(core, windows.ids, targets, weight, weights, windows.condition, "sum", pooling)
    return {name: trace[name] * batch for name in carried(core, trace)}  # a sum is divided by the number of sequences


def carried(core: Core, trace: Mapping[str, np.ndarray]) -> list[str]:
    """Names of what carries the past in a pass: its input, and the states of every layer."""
    keys = {"x", *(core.state or ("h",))}
    return [name for name in trace if name.partition(".")[0] in keys]


def by_lag(gradient: Float[np.ndarray, "batch time unit"]) -> Float[np.ndarray, " lag"]:
    """Length of a gradient so many steps before the answer, lag 0 first: √ of the mean over the sequences of |g|²."""
    squares = (gradient.astype(np.float64) ** 2).sum(-1).mean(0)
    return np.sqrt(squares)[::-1]


@dataclass(frozen=True)
class Fading:
    """How a gradient changes per step back: ``rate`` is the factor, ``half`` the lag at which half of it is left."""

    rate: float
    half: float | None

    @classmethod
    def of(cls, lengths: Float[np.ndarray, " lag"]) -> "Fading":
        """Measure it on lengths by lag.

        ``half``: the first lag at which the length is at most half of that at lag 0, with the logarithm taken as
        straight between two lags; None where it never is. ``rate``: e to the slope of the line of least squares
        through the logarithms of all lengths that are not 0; NaN of fewer than two.
        """
        lags = np.flatnonzero(lengths > 0)
        rate = float(np.exp(np.polyfit(lags, np.log(lengths[lags]), 1)[0])) if len(lags) > 1 else float("nan")
        below = np.flatnonzero(lengths <= lengths[0] / 2)
        if not len(below) or not lengths[0] > 0:
            return cls(rate, None)
        lag = int(below[0])
        before, after = lengths[lag - 1], lengths[lag]
        if after <= 0:
            return cls(rate, float(lag))
        share = np.log(before / (lengths[0] / 2)) / np.log(before / after)
        return cls(rate, float(lag - 1 + share))


def weights_type(weights: Weights) -> np.dtype:
    """Precision of a network's weights."""
    return next(iter(weights.values())).dtype
