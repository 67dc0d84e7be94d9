"""Measurements of a trained run for the exercises, in NumPy by the reference, so that a page can do them too."""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import exp
from statistics import fmean

import numpy as np
from jaxtyping import Float, Int

from seqlab.data.corpora import file_prepared, prepared
from seqlab.data.windows import validation_text
from seqlab.reference.activations import log_softmax
from seqlab.reference.linear import checked
from seqlab.reference.network import decoded, encode, network, stack
from seqlab.reference.weights import Weights
from seqlab.tasks.text import parts, scoring
from seqlab.training.run import Run

BATCH = 1024  # windows of a batch of the source's
AT_ONCE = 16_384  # characters that the reference reads in one go: its arrays then stay in the cache


def validation_loss(run: Run) -> float:
    """Mean loss in nats on the task's held-out data, by the reference: an independent check of torch's figure."""
    weights, total, count = run.weights(), 0.0, 0
    for windows, first in scoring(run.config.task_config):
        losses = surprises(run, weights, windows)[:, first:]
        total, count = total + float(losses.sum()), count + losses.size
    return total / count


def reading_loss(run: Run, ids: Int[np.ndarray, " time"]) -> float:
    """Mean loss in nats on a text that is read in windows of the run's length, one after another, each afresh.

    Every character but the first is predicted once. The average over all windows of d2l is the same but for their
    number: each place in a window is as frequent as any other.
    """
    length = run.config.task_config.num_steps
    windows = np.lib.stride_tricks.sliding_window_view(ids, length + 1)[::length]
    return float(surprises(run, run.weights(), windows).mean())


def as_published(run: Run, book: str = "") -> tuple[float, float]:
    """Perplexity on the 5,000 windows after the first 10,000, of the run's own text or of a book with its licence.

    In batches of 1,024 windows, as the source has it: e to the loss of the first one, and e to the mean of the losses
    of all, of which the last is smaller. Raises Fault where the book cannot be had or has too few windows.
    """
    windows, weights = published_windows(run, published_text(run, book)), run.weights()
    losses = [float(surprises(run, weights, windows[first:first + BATCH]).mean())
              for first in range(0, len(windows), BATCH)]
    return exp(losses[0]), exp(fmean(losses))


def published_text(run: Run, book: str = "") -> str:
    """What the source scores of the run's own text, or of a book's file with its licence; raises Fault."""
    task = run.config.task_config
    return validation_text(file_prepared(book or task.corpus, task.preparation), task.num_steps)


def published_windows(run: Run, text: str) -> Int[np.ndarray, "window time"]:
    """All windows of a text with their next character, each of which begins one character after the one before."""
    task = run.config.task_config
    return np.lib.stride_tricks.sliding_window_view(task.alphabet.encode(text), task.num_steps + 1)


def book_ids(run: Run, book: str) -> Int[np.ndarray, " time"]:
    """Write a book in the run's own alphabet and preparation; raises Fault where the book cannot be had."""
    task = run.config.task_config
    return np.asarray(task.alphabet.encode(prepared(book, task.preparation)))


def surprises(run: Run, weights: Weights,
              windows: Int[np.ndarray, "window time"]) -> Float[np.ndarray, "window targets"]:
    """Loss in nats at every time of windows whose last character is only a target."""
    hop = max(1, AT_ONCE // windows.shape[1])
    return np.concatenate([_surprises(run, weights, windows[first:first + hop].astype(np.int64))
                           for first in range(0, len(windows), hop)])


def _surprises(run: Run, weights: Weights,
               windows: Int[np.ndarray, "window time"]) -> Float[np.ndarray, "window targets"]:
    hidden = stack(run.core, encode(windows[:, :-1], weights), weights)
    return _surprise(list(hidden.values())[-1], weights, windows[:, 1:])


def _surprise(hidden: Float[np.ndarray, "*shape hidden"], weights: Weights,
              targets: Int[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    logits = decoded(hidden, weights)
    return -np.take_along_axis(log_softmax(logits), checked(targets, logits.shape[-1])[..., None], axis=-1)[..., 0]


def places_in(ids: Int[np.ndarray, " time"], longest: int, count: int) -> Int[np.ndarray, " place"]:
    """Choose places spread evenly over a text, each with ``longest`` characters before it."""
    return np.unique(np.linspace(longest, len(ids) - 1, count).astype(np.int64))


def loss_by_context(run: Run, contexts: Sequence[int], count: int) -> Float[np.ndarray, " context"]:
    """Mean loss in nats at the same ``count`` places of the validation text, from exactly so many characters before."""
    ids, weights = parts(run.config.task_config)[1].astype(np.int64), run.weights()
    places, losses = places_in(ids, max(contexts), count), []
    for context in contexts:
        windows = ids[places[:, None] + np.arange(-context, 1)]
        losses.append(surprises_at_the_end(run, weights, windows).mean())
    return np.array(losses)


def surprises_at_the_end(run: Run, weights: Weights,
                         windows: Int[np.ndarray, "window time"]) -> Float[np.ndarray, " window"]:
    """Loss in nats at the last character of each window."""
    hop, losses = max(1, AT_ONCE // windows.shape[1]), []
    for part in (windows[first:first + hop] for first in range(0, len(windows), hop)):
        hidden = stack(run.core, encode(part[:, :-1], weights), weights)
        losses.append(_surprise(list(hidden.values())[-1][:, -1], weights, part[:, -1]))
    return np.concatenate(losses)


def influence(run: Run, distances: Sequence[int], count: int, seed: int = 0) -> Float[np.ndarray, " distance"]:
    """How far the prediction moves where the character so many places back is another one, in float64.

    The distance of two predictions is half of Σ |p - q|: 0 for equal ones, 1 for those that share nothing. It is
    averaged over ``count`` places, at each with one other letter drawn at random; 1 back is the last one read.
    """
    ids, weights = parts(run.config.task_config)[1].astype(np.int64), run.weights(dtype="float64")
    letters = np.arange(1, len(run.config.task_config.alphabet))  # 0 is the mark for unknown characters
    draw, longest = np.random.default_rng(seed), max(distances)
    windows = ids[places_in(ids, longest, count)[:, None] + np.arange(-longest, 0)]
    before = _last(run, weights, windows)
    moved = []
    for distance in distances:
        other = windows.copy()
        shift = draw.integers(1, len(letters), len(windows))
        other[:, -distance] = letters[(windows[:, -distance] - 1 + shift) % len(letters)]
        moved.append(np.abs(_last(run, weights, other) - before).sum(-1).mean() / 2)
    return np.array(moved)


def _last(run: Run, weights: Weights, windows: Int[np.ndarray, "window time"]) -> Float[np.ndarray, "window classes"]:
    hop = max(1, AT_ONCE // windows.shape[1])
    return np.concatenate([network(run.core, windows[first:first + hop], weights)["p"][:, -1]
                           for first in range(0, len(windows), hop)])


def distinct_words(text: str) -> int:
    """Count the different words of a text."""
    return len(set(text.split()))


def repetition(text: str, length: int = 20) -> float:
    """Share of pieces of ``length`` characters that stand in the text more than once; in [0, 1]."""
    pieces = Counter(text[first:first + length] for first in range(len(text) - length + 1))
    return sum(times for times in pieces.values() if times > 1) / max(1, pieces.total())


def share_of_words(text: str, known: Iterable[str]) -> float:
    """Share of the words of a text that stand in a book."""
    words, book = text.split(), set(known)
    return sum(word in book for word in words) / max(1, len(words))
