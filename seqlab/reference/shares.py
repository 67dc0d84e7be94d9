"""How sure a share of right answers is, and whether two networks that gave the same answers differ."""

from math import comb, lgamma, log, sqrt

import numpy as np
from jaxtyping import Bool

Z95 = 1.959963984540054  # 95 % of a normal distribution lie within so many standard deviations


def wilson(right: int, count: int, z: float = Z95) -> tuple[float, float]:
    """Give the interval that holds the true share with 95 % confidence, when ``right`` of ``count`` answers are right.

    With p = right / count: (p + z²/2n ± z √(p (1 - p) / n + z²/4n²)) / (1 + z²/n)

    Raises ValueError for more right answers than answers, or none at all. Source: Wilson 1927, "Probable inference, the
    law of succession, and statistical inference".
    """
    if not 0 <= right <= count or not count:
        raise ValueError(f"{right} of {count} answers cannot be right")
    p, square = right / count, z * z / count
    middle, half = p + square / 2, z * sqrt(p * (1 - p) / count + square / (4 * count))
    return max(0.0, (middle - half) / (1 + square)), min(1.0, (middle + half) / (1 + square))


def mcnemar(one: Bool[np.ndarray, " answer"], other: Bool[np.ndarray, " answer"]) -> float:
    """Say how likely a difference at least this large is where two networks are equally good.

    Only answers that one has right and the other wrong tell anything; of b and c such, were both equally good, each
    would fall to either side with probability ½: p = 2 Σ_{k ≤ min(b, c)} C(b + c, k) / 2^(b + c), at most 1.

    Source: McNemar 1947, in its exact form.
    """
    first, second = int((one & ~other).sum()), int((other & ~one).sum())
    total, few = first + second, min(first, second)
    if total < 1000:
        return min(1.0, 2 * sum(comb(total, k) for k in range(few + 1)) / 2**total)
    logs = np.array([lgamma(total + 1) - lgamma(k + 1) - lgamma(total - k + 1) for k in range(few + 1)])
    return float(min(1.0, 2 * np.exp(logs - total * log(2)).sum()))
