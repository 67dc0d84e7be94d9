"""How far back a snapshot's memory reaches, measured by the reference, and torch's word on it."""

from pathlib import Path

import numpy as np
import torch

from seqlab.agreement import Agreement, compare
from seqlab.lenses import opened
from seqlab.lenses.gradients import as_batch, quantities
from seqlab.reference.horizon import Windows, by_lag, context_loss, lagged_gradients
from seqlab.reference.network import network
from seqlab.reference.trail import carriers, trails
from seqlab.reference.weights import Weights
from seqlab.training.answers import Horizon
from seqlab.training.run import Run

SHORT, GROWTH = 12, 1.35  # every length of context up to this, then each so many times the last
TRAILED, MOST_ALTERNATIVES = 6, 24  # windows, and symbols, that the trail is measured on
PROVED = 8  # windows on which torch is asked
PRECISIONS = ("float32", "float64")


def faded(path: str, step: int, windows: Windows) -> dict[str, np.ndarray]:
    """Give the length of dL/d of the input and of every state by lag, in float64. Raises Fault."""
    run = Run(Path(path))
    gradients = lagged_gradients(run.core, windows, run.weights(step, "float64"), run.config.network.pooling)
    return {name: by_lag(part) for name, part in gradients.items()}


def measured(path: str, step: int, windows: Windows, *, from_data: bool = True) -> Horizon:
    """Measure the loss by length of context, gradients by lag and the trail of a symbol, and compare with torch.

    Of windows that are not ``from_data`` nobody knows what is right, so they have no loss (no ``lengths``). Raises
    Fault where the snapshot cannot be read.
    """
    run = Run(Path(path))
    weights, lengths = run.weights(step, "float64"), contexts(windows.longest) if from_data else []
    return {"gradients": faded(path, step, windows), "lengths": np.array(lengths, np.int64),
            "loss": context_loss(run.core, windows, weights, lengths, run.config.network.pooling),
            "trail": trail(run, weights, windows),
            "agreement": {precision: agreement(run, step, windows.first(PROVED), precision)
                          for precision in PRECISIONS}}


def contexts(longest: int) -> list[int]:
    """Lengths of context: all short ones, then fewer and fewer, and the longest."""
    lengths = list(range(1, min(SHORT, longest) + 1))
    while lengths[-1] < longest:
        lengths.append(min(longest, int(np.ceil(lengths[-1] * GROWTH))))
    return lengths


def trail(run: Run, weights: Weights, windows: Windows) -> np.ndarray:
    """Give how much of the first symbol of a window is left in the state so many steps later; 1 at its own time.

    The length of the spread over its alternatives, over all units of what carries it, as a mean over windows.
    """
    rng, count = np.random.default_rng(0), run.sizes.symbols
    alternatives = np.sort(rng.permutation(count)[:MOST_ALTERNATIVES])
    sums = np.zeros(windows.longest)
    for row in range(min(TRAILED, len(windows.ids))):
        condition = None if windows.condition is None else int(windows.condition[row])
        parts = trails(run.core, windows.ids[row], weights, [0], alternatives, condition=condition,
                       pooling=run.config.network.pooling)
        keys = carriers(run.core)
        squares = [np.square(part[0]).sum(-1) for name, part in parts.items() if name.partition(".")[0] in keys]
        sums += np.sqrt(np.sum(squares, axis=0))
    return np.asarray(sums / (sums[0] or 1.0))


def agreement(run: Run, step: int, windows: Windows, precision: str) -> Agreement:
    """Compare gradients at every lag, and the last logits of every length of context, with torch's."""
    weights, pooling = run.weights(step, precision), run.config.network.pooling
    made = opened.network(str(run.path), step, precision)
    gradients = lagged_gradients(run.core, windows, weights, pooling)
    answers = {f"context {count}": network(run.core, cut.ids, weights, condition=cut.condition,
                                           pooling=pooling)["logits"][:, -1]
               for count in contexts(windows.longest) for cut in (windows.last(count),)}
    batch, time = windows.ids.shape
    targets, weight = np.zeros((batch, time), np.int64), np.zeros((batch, time), precision)
    targets[:, -1], weight[:, -1] = windows.targets, 1
    by_torch = quantities(made, as_batch(windows.ids, targets, weight, windows.condition), "sum")
    others = {name: by_torch[name] * batch for name in gradients}
    given = None if windows.condition is None else torch.from_numpy(np.asarray(windows.condition))
    with torch.no_grad():
        others |= {f"context {count}": made.everywhere(torch.from_numpy(np.ascontiguousarray(windows.last(count).ids)),
                                                       given)[:, -1].numpy() for count in contexts(windows.longest)}
    return compare(gradients | answers, others)
