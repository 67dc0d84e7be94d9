"""A grammar whose strings are longer, while of each length they are as probable as before.

Every token is given the weight θ: P'(w) is proportional to P(w) θ^|w|. Given its length, a string is then as probable
as it was. Such a distribution has a grammar of its own: p'(X → α) = p(X → α) θ^(tokens of α) Π Z_Y / Z_X, where Z_X is
the sum of P(X ⇒ w) θ^|w| over all strings w (generating functions: Flajolet and Sedgewick, 2009).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from jaxtyping import Float

from seqlab.data.grammar.rules import ProductionRule, Rules

_ROUNDS = 60  # of Newton's method; what has not settled by then has no sum
_HALVINGS = 40


@dataclass(frozen=True)
class _Alternatives:
    """All alternatives in one list: whose they are, log p, how many tokens they have, how often each symbol."""

    owner: np.ndarray
    log_p: np.ndarray
    tokens: np.ndarray
    uses: np.ndarray


def longer(rules: Rules, size: Callable[[str], int], mean: float) -> Rules:
    """Tilt a grammar so that its strings have some ``mean`` tokens, or as many as come nearest below that.

    A terminal counts ``size`` tokens. A grammar whose strings are that long already, or cannot be longer, comes back
    with the probabilities nearest to it.
    """
    reached = rules.reached
    listed = _listed(reached, size)
    low, high = 0.0, float(np.log(1e6))  # of log θ
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        sums = _sums(listed, len(reached), middle)
        if sums is not None and _mean(listed, sums, middle, reached.index(rules.start)) <= mean:
            low = middle
        else:
            high = middle
    sums = _sums(listed, len(reached), low)
    assert sums is not None, "without a tilt the sums are 1"
    shares = iter(_shares(listed, sums, low).tolist())
    return replace(rules, rules=tuple(
        replace(rule, alternatives=tuple(replace(alternative, probability=Fraction(next(shares)))
                                         for alternative in rule.alternatives)) for rule in reached))


def _listed(reached: tuple[ProductionRule, ...], size: Callable[[str], int]) -> _Alternatives:
    places = {rule.name: place for place, rule in enumerate(reached)}
    every = [(place, alternative) for place, rule in enumerate(reached) for alternative in rule.alternatives]
    uses = np.zeros((len(every), len(reached)))
    for row, (_, alternative) in enumerate(every):
        for part in alternative.names:
            uses[row, places[part.text]] += 1
    return _Alternatives(
        np.array([place for place, _ in every]), np.log([float(alternative.probability) for _, alternative in every]),
        np.array([sum(size(part.text) for part in alternative.parts if part.terminal) for _, alternative in every]),
        uses)


def _sums(listed: _Alternatives, symbols: int, tilt: float) -> Float[np.ndarray, " symbol"] | None:
    """Find log Z of every symbol, by Newton's method from Z = 1, which it is without a tilt; None without a sum.

    From below it never oversteps, for Z = F(Z) is convex (Etessami and Yannakakis, J. ACM 56, 2009).
    """
    z, same = np.ones(symbols), np.eye(symbols)
    for _ in range(_ROUNDS):
        with np.errstate(over="ignore", invalid="ignore"):
            ways = np.exp(listed.log_p + tilt * listed.tokens + listed.uses @ np.log(z))
            sums = np.bincount(listed.owner, ways, minlength=symbols)
            slope = np.zeros((symbols, symbols))
            np.add.at(slope, listed.owner, ways[:, None] * listed.uses / z)
        if not np.isfinite(slope).all() or np.linalg.cond(same - slope) > 1e13:
            return None
        step = np.linalg.solve(same - slope, sums - z)
        if step.min() < -1e-9 * z.max():
            return None
        z = z + np.maximum(step, 0)
        if (step <= 1e-13 * z).all():
            return np.asarray(np.log(z))
    return None


def _shares(listed: _Alternatives, sums: Float[np.ndarray, " symbol"], tilt: float) -> Float[np.ndarray, " ways"]:
    shares = np.exp(listed.log_p + tilt * listed.tokens + listed.uses @ sums - sums[listed.owner])
    return np.asarray(np.maximum(shares / np.bincount(listed.owner, shares)[listed.owner], 1e-300))


def _mean(listed: _Alternatives, sums: Float[np.ndarray, " symbol"], tilt: float, start: int) -> float:
    """Expected number of tokens of a tilted string, infinity where there is none."""
    shares = _shares(listed, sums, tilt)
    own = np.bincount(listed.owner, shares * listed.tokens, minlength=len(sums))
    more = np.zeros((len(sums), len(sums)))
    np.add.at(more, listed.owner, shares[:, None] * listed.uses)
    if np.abs(np.linalg.eigvals(more)).max() >= 1 - 1e-9:
        return float("inf")
    return float(np.linalg.solve(np.eye(len(sums)) - more, own)[start])
