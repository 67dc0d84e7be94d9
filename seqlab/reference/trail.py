"""The trail of a symbol: where a network holds what it read, for as long as anything depends on it.

The same input is read once with each alternative in the symbol's place, all else alike, in one batch. A number that is
the same in all these passes does not know the symbol; one that differs does, and by how much is its spread over the
alternatives. Nothing is estimated: these are the passes themselves.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int

from seqlab import notation
from seqlab.reference.changed import Changes, changed
from seqlab.reference.core import Core
from seqlab.reference.pooling import Pooling
from seqlab.reference.weights import Weights

ROWS = 512  # sequences of one batch; more of them at once would only leave the processor's cache


def carriers(core: Core) -> tuple[str, ...]:
    """Symbols in which a network carries what it read: its state, and what it shows of it at every time."""
    return tuple(dict.fromkeys(("h", *core.state)))


def replaced(ids: Int[np.ndarray, " time"], at: int,
             alternatives: Int[np.ndarray, " alternative"]) -> Int[np.ndarray, "alternative time"]:
    """Give the input once with each alternative in the place of the symbol at a time; raises ValueError beyond it."""
    if not 0 <= at < len(ids):
        raise ValueError(f"there is no time {at} in an input of {len(ids)} symbols")
    batch = np.repeat(ids[None], len(alternatives), axis=0)
    batch[:, at] = alternatives
    return batch


def trails(core: Core, ids: Int[np.ndarray, " time"], weights: Weights, positions: Sequence[int],
           alternatives: Int[np.ndarray, " alternative"], *, condition: int | None = None,
           pooling: Pooling = "none", changes: Changes = ()) -> dict[str, Float[np.ndarray, "position time unit"]]:
    """Give the trails of the symbols at some times, by the names of what carries them, and of ``p``.

    spread_k,t = √(mean over a of (v_t(a) - mean over a of v_t(a))²), where v(a) is the pass in which the alternative a
    stands at time k, all of them with the same ``changes``. Agrees with torch to 1e-12 in float64
    (tests/lenses/test_trail.py).

    Raises ValueError for a time that is not there and for fewer than two alternatives, Fault for a change of what is
    not there.
    """
    if len(alternatives) < 2:
        raise ValueError(f"a spread needs at least two alternatives, got {len(alternatives)}")
    together = max(1, ROWS // len(alternatives))
    parts = [_spreads(core, [replaced(ids, at, alternatives) for at in positions[first:first + together]], weights,
                      condition, pooling, changes) for first in range(0, len(positions), together)]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def spread(values: Float[np.ndarray, "alternative *shape"]) -> Float[np.ndarray, "*shape"]:
    """Give the standard deviation over the first axis."""
    return np.asarray(np.sqrt(np.square(values - values.mean(axis=0)).mean(axis=0)))


def share(trail: Float[np.ndarray, "time unit"], first: int, last: int) -> float:
    """Give the share of a trail between two times, both among them; NaN where there is no trail at all."""
    whole = trail.sum(dtype=np.float64)
    return float(trail[max(first, 0):last + 1].sum(dtype=np.float64) / whole) if whole else float("nan")


def length(trail: Float[np.ndarray, "time unit"], at: int) -> int:
    """Count the times from ``at`` on until half of the trail's largest sum over units has gone for good."""
    sums = trail[at:].sum(axis=1)
    strong = np.flatnonzero(sums >= sums.max() / 2)
    return int(strong[-1]) + 1 if sums.max() > 0 else 0


def _spreads(core: Core, batches: Sequence[Int[np.ndarray, "alternative time"]], weights: Weights,
             condition: int | None, pooling: Pooling,
             changes: Changes) -> dict[str, Float[np.ndarray, "position time unit"]]:
    ids = np.concatenate(batches)
    given = None if condition is None else np.full(len(ids), condition)
    trace = changed(core, ids, weights, changes, condition=given, pooling=pooling)
    wanted = {*carriers(core), "p"}
    apart = {name: values.reshape(len(batches), -1, *values.shape[1:]) for name, values in trace.items()
             if notation.symbol(name).key in wanted}
    return {name: np.stack([spread(one) for one in values]) for name, values in apart.items()}
