"""How a transformer is given positions: waves that are computed, or vectors that are learned.

Source: Vaswani et al. 2017, section 3.5.
"""

import numpy as np
from jaxtyping import Float

from seqlab.errors import Fault


def sinusoids(time: int, width: int, dtype: np.dtype, first: int = 0) -> Float[np.ndarray, "{time} {width}"]:
    """Write positions, from ``first`` on, as waves: sin(t / 10000^(2k/width)) at the even units 2k, cosine beside."""
    rate = np.exp(-np.log(10000.0) * np.arange(0, width, 2) / width)
    angle = np.arange(first, first + time)[:, None] * rate
    return np.stack((np.sin(angle), np.cos(angle)), axis=-1).reshape(time, -1)[:, :width].astype(dtype)


def require_reach(learned: int, time: int) -> None:
    """Raise Fault for a sequence of more time steps than positions were learned."""
    if time > learned:
        raise Fault(f"This transformer has learned {learned} positions, and the sequence has {time} steps; take a "
                    "shorter one.")


def positions(time: int, width: int, dtype: np.dtype, learned: Float[np.ndarray, "reach width"] | None = None,
              first: int = 0) -> Float[np.ndarray, "{time} {width}"]:
    """Give the vectors of ``time`` positions, from ``first`` on: the learned ones if there are any, else waves.

    Raises Fault beyond the last one that was learned.
    """
    if learned is None:
        return sinusoids(time, width, dtype, first)
    require_reach(len(learned), first + time)
    return learned[first:first + time]
