"""Drawing text from a network: from logits to probabilities as asked for, and from a random number to a symbol.

Source: Ackley, Hinton and Sejnowski 1985 (temperature); Fan et al. 2018 (top-k); Holtzman et al. 2020 (top-p).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from seqlab.errors import Fault
from seqlab.reference.activations import softmax
from seqlab.reference.changed import Changes, applied_while_drawing
from seqlab.reference.core import Core
from seqlab.reference.edit import Edits
from seqlab.reference.network import decoded, encode
from seqlab.reference.weights import Weights

COLDEST, HOTTEST, SHARPEST = 0.001, 100.0, 1000.0
ROUNDING = 1e-12  # a mass this close to top-p has reached it


@dataclass(frozen=True)
class Choice:
    """How probabilities are shaped before a symbol is drawn; raises Fault for what cannot be.

    ``temperature`` T divides the logits and ``alpha`` α multiplies them, so α = 1/T is one thing; T = 0 takes the
    likeliest symbol. ``top_k`` keeps that many likeliest symbols (0: all), ``top_p`` the fewest likeliest ones whose
    mass reaches it. ``divide_probabilities`` is the classic fault: T divides the probabilities instead of the logits.
    """

    temperature: float = 1.0
    alpha: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    divide_probabilities: bool = False

    def __post_init__(self) -> None:
        if not (self.temperature == 0 or COLDEST <= self.temperature <= HOTTEST):
            raise Fault(f"The temperature must be 0 or from {COLDEST:g} to {HOTTEST:g}, not {self.temperature:g}.")
        if not 0 <= self.alpha <= SHARPEST:
            raise Fault(f"The exponent α must be from 0 to {SHARPEST:g}, not {self.alpha:g}.")
        if self.top_k < 0:
            raise Fault(f"Top-k must be 0, for all symbols, or how many of them to keep, not {self.top_k}.")
        if not 0 < self.top_p <= 1:
            raise Fault(f"Top-p must be more than 0 and at most 1, not {self.top_p:g}.")
        if self.divide_probabilities and not self.temperature:
            raise Fault("Probabilities cannot be divided by a temperature of 0; take a higher one.")

    @property
    def factor(self) -> float:
        """What the logits are multiplied by: α/T; where T is 0 or divides the probabilities, α."""
        return self.alpha if self.divide_probabilities or not self.temperature else self.alpha / self.temperature


@dataclass(frozen=True)
class Shaped:
    """Every step from logits to what is drawn from, in float64.

    ``scaled`` are the logits times α/T, ``filtered`` the same with -∞ for what cannot be drawn, ``p`` their softmax and
    ``cumulative`` its running sum.
    """

    scaled: Float[np.ndarray, "*shape vocab"]
    filtered: Float[np.ndarray, "*shape vocab"]
    p: Float[np.ndarray, "*shape vocab"]
    cumulative: Float[np.ndarray, "*shape vocab"]


def shape(logits: Float[np.ndarray, "*shape vocab"], choice: Choice, masked: Collection[int] = ()) -> Shaped:
    """Scale and filter logits y as a choice says; ids in ``masked`` get no probability, equal logits are ranked by id.

    scaled = y α/T
    filtered = scaled where kept, -∞ elsewhere
    p = softmax(masked) ∝ e^(y α/T) = softmax(y)^(α/T)

    The largest logit is taken off before it is multiplied, so nothing overflows, in float32 or float64.
    Raises Fault where the logits hold NaN or +∞, and where nothing is left to draw.
    Agrees with torch to 1e-12 (tests/lenses/test_sampling.py).
    """
    wide = logits.astype(np.float64)
    if np.isnan(wide).any() or np.isposinf(wide).any():
        raise Fault("This network gives no numbers any more (NaN or ∞), so nothing can be drawn; it has diverged. Take "
                    "an earlier step of the run.")
    wide[..., list(masked)] = -np.inf
    largest = wide.max(axis=-1, keepdims=True)
    if np.isneginf(largest).any():
        raise Fault("No symbol is left to draw; let more of them through.")
    with np.errstate(over="ignore", invalid="ignore"):
        scaled = _times(logits.astype(np.float64), choice.factor)
        filtered = _filtered(_times(wide - largest, choice.factor), wide, choice)
    p = softmax(filtered)
    if choice.divide_probabilities:
        divided = p / choice.temperature
        p = divided / divided.sum(axis=-1, keepdims=True)  # T is gone again
    return Shaped(scaled, np.where(np.isneginf(filtered), -np.inf, scaled), p, p.cumsum(axis=-1))


def _times(logits: Float[np.ndarray, "*shape vocab"], factor: float) -> Float[np.ndarray, "*shape vocab"]:
    """Multiply, where -∞ stays what it is even times 0."""
    return np.where(np.isneginf(logits), -np.inf, logits * factor)


def _filtered(shifted: Float[np.ndarray, "*shape vocab"], wide: Float[np.ndarray, "*shape vocab"],
              choice: Choice) -> Float[np.ndarray, "*shape vocab"]:
    """Write -∞ for what top-k, then top-p, then T = 0 leave out."""
    most = 1 if choice.temperature == 0 else choice.top_k or wide.shape[-1]
    if most >= wide.shape[-1] and choice.top_p == 1:
        return shifted
    order = np.argsort(-wide, axis=-1, kind="stable")  # by the logits themselves: α = 0 makes all of them equal
    rank = np.argsort(order, axis=-1, kind="stable")
    filtered = np.where(rank < most, shifted, -np.inf)
    if choice.top_p < 1:
        p = np.take_along_axis(softmax(filtered), order, axis=-1)
        before = p.cumsum(axis=-1) - p
        enough = np.take_along_axis(before >= choice.top_p - ROUNDING, rank, axis=-1)
        filtered[enough] = -np.inf
    return filtered


def draw(p: Float[np.ndarray, "*shape vocab"], u: Float[np.ndarray, "*shape"]) -> Int[np.ndarray, "*shape"]:
    """Draw ids by uniform numbers u in [0, 1): the smallest id whose cumulative probability exceeds u.

    Never one of probability 0. Raises ValueError for u outside [0, 1).
    """
    return _drawn(p, p.astype(np.float64).cumsum(axis=-1), u)


def _drawn(p: np.ndarray, cumulative: np.ndarray, u: np.ndarray) -> np.ndarray:
    if not ((u >= 0) & (u < 1)).all():
        raise ValueError("a draw lies in [0, 1)")
    last = p.shape[-1] - 1 - (p[..., ::-1] > 0).argmax(axis=-1)  # where rounding leaves the sum below u
    return np.asarray(np.minimum((cumulative <= u[..., None]).sum(axis=-1), last))


def uniforms(seed: int, count: int) -> Float[np.ndarray, "{count}"]:
    """Draw ``count`` numbers in [0, 1) from NumPy's PCG64: the same ones for every temperature."""
    return np.random.Generator(np.random.PCG64(seed)).random(count)


def entropy(p: Float[np.ndarray, "*shape vocab"]) -> Float[np.ndarray, "*shape"]:
    """How open the choice is, in nats: -Σ p log p; 0 where one symbol is certain, log vocab where all are alike."""
    return np.asarray(-(p * np.log(np.where(p > 0, p, 1))).sum(axis=-1))


def surprise(p: Float[np.ndarray, "*shape vocab"], ids: Int[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """How unexpected each symbol is, in nats: -log p of it; ∞ where it could not come."""
    with np.errstate(divide="ignore"):
        return np.asarray(-np.log(np.take_along_axis(p, ids[..., None], axis=-1)[..., 0]))


@dataclass(frozen=True)
class Sampled:
    """Text that was drawn, one row for each choice.

    ``ids`` are filled up with END behind it; ``lengths`` is how many of a row count, END among them. ``logits`` are
    those that each id was drawn from, 0 behind the end. ``prompt_logits`` are those after each symbol of start and
    prompt; the last ones are those of the first draw. ``seen`` is how many inputs each draw could depend on.
    """

    ids: Int[np.ndarray, "row count"]
    logits: Float[np.ndarray, "row count vocab"]
    prompt_logits: Float[np.ndarray, "time vocab"]
    lengths: Int[np.ndarray, " row"]
    seen: Int[np.ndarray, " count"]


@dataclass(frozen=True)
class SampledAgain:
    """What another program makes of a sample: the logits before each draw, the probabilities and ids it would draw.

    ``logits`` and ``p`` are 0 behind the end of a row, where nothing is drawn. ``prompt_logits`` are those after each
    symbol of start and prompt. It stands here, and not with torch, so that a page can read one without torch.
    """

    logits: Float[np.ndarray, "row count vocab"]
    p: Float[np.ndarray, "row count vocab"]
    ids: Int[np.ndarray, "row count"]
    prompt_logits: Float[np.ndarray, "time vocab"]


def sample(core: Core, weights: Weights, prompt_ids: Int[np.ndarray, " time"], choices: Sequence[Choice],
           draws: Float[np.ndarray, " count"], *, masked: Collection[int] = (), end: int | None = None,
           start: Sequence[int] = (), reach: int | None = None, changes: Changes = ()) -> Sampled:
    """Draw one symbol for each number in ``draws``, in one row for each choice, all by the same numbers.

    Every symbol costs one time step: the core keeps its state, or the keys and values of what it has read.
    ``start`` is read before the prompt (such as a mark for the beginning), a row is over once ``end`` is drawn.
    ``reach`` is the most inputs that a core which looks back may see; what happens beyond it says its stream.
    ``changes`` are made at every time, those of an initial state before the first.
    Raises Fault where there is nothing to read before the first draw, and as ``shape`` does.
    """
    given = [*start, *prompt_ids.tolist()]
    if not given:
        raise Fault("There is nothing to go on from; type at least one character.")
    step = _Reader(core, weights, len(choices), reach, applied_while_drawing(core, weights, changes))
    prompt = [step.read(np.full(len(choices), place)) for place in given]
    rows, vocab = prompt[-1].shape
    ids = np.full((rows, len(draws)), 0 if end is None else end)
    logits, seen = np.zeros((rows, len(draws), vocab), prompt[-1].dtype), np.zeros(len(draws), np.int64)
    lengths, now = np.full(rows, len(draws)), prompt[-1]
    for place, u in enumerate(draws):
        going = lengths > place
        if not going.any():
            break
        if place:
            now = step.read(ids[:, place - 1])
        seen[place], logits[going, place] = step.stream.seen, now[going]
        for row, choice in enumerate(choices):
            if not going[row]:
                continue
            shaped = shape(now[row], choice, masked)
            ids[row, place] = _drawn(shaped.p, shaped.cumulative, np.asarray(u))
        if end is not None:
            lengths[going & (ids[:, place] == end)] = place + 1
    return Sampled(ids, logits, np.stack([read[0] for read in prompt]), lengths, seen)


class _Reader:
    """A whole network that reads one symbol after another."""

    def __init__(self, core: Core, weights: Weights, rows: int, reach: int | None, edits: Edits) -> None:
        self.weights, self.stream, self.edits = weights, core.stream(weights, rows, reach, edits=edits), edits

    def read(self, ids: Int[np.ndarray, " row"]) -> Float[np.ndarray, "row vocab"]:
        """Logits after the next symbol of each row."""
        x = encode(ids[:, None], self.weights, edits=self.edits)
        self.edits.at()(x=x)
        logits = decoded(self.stream.advance(x[:, 0])[:, None], self.weights)
        self.edits.at()(logits=logits)
        return logits[:, 0]
