"""States of a network put into clusters, and the automaton that the clusters make.

Source: Omlin and Giles 1996, "Extraction of rules from discrete-time recurrent neural networks", here with k-means in
place of their grid.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from seqlab.reference.automata import NOWHERE, UNKNOWN, Automaton, Word, reached

COUNTS = (2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)
MOST_FITTED = 6_000  # states that clusters are fitted to
TOLERATED = 0.005  # nats per place by which fewer clusters may do worse than the best number of them
LEAST = 1e-9  # probability that no prediction goes below


@dataclass(frozen=True)
class Passage:
    """A word, and the network's state and its probabilities (the end last) after each beginning of it."""

    word: Word
    states: Float[np.ndarray, "time unit"]
    p: Float[np.ndarray, "time next"]


@dataclass(frozen=True)
class Clustered:
    """States in so many ``clusters``, and the ``automaton`` of those that can be reached.

    ``counts`` are the numbers of clusters that were tried and ``errors`` what each predicts worse than the network
    itself, in nats per place of held-out words; ``share`` of the steps between clusters went where the automaton says.
    """

    automaton: Automaton
    clusters: int
    counts: tuple[int, ...]
    errors: tuple[float, ...]
    share: float


def clustered(fitted: Sequence[Passage], fresh: Sequence[Passage], threshold: float, seed: int = 0) -> Clustered:
    """Cluster the states of some passages, for each of ``COUNTS``, and take the fewest that predict about as well.

    A cluster leads by a symbol to the one where most of its states went. The prediction after a word is the mean of the
    network's probabilities in the cluster that its symbols lead to; its error is the mean of KL(network ‖ cluster) over
    the places of other passages. ``threshold`` is the probability from which a symbol is possible.
    """
    states = np.concatenate([passage.states for passage in fitted])
    different = len(np.unique(states.round(6), axis=0))
    tried = [_Clusters.of(fitted, states, count, seed) for count in COUNTS if count <= max(2, different)]
    errors = [clusters.error(fresh) for clusters in tried]
    best = next(place for place, error in enumerate(errors) if error <= min(errors) + TOLERATED)
    chosen = tried[best]
    return Clustered(reached(chosen.automaton(threshold)), len(chosen.p), tuple(COUNTS[:len(tried)]), tuple(errors),
                     chosen.share)


@dataclass(frozen=True)
class _Clusters:
    """Clusters with their steps; cluster 0 is that of the start, ``next`` UNKNOWN where no state took a step."""

    next: Int[np.ndarray, "cluster symbol"]
    p: Float[np.ndarray, "cluster next"]
    share: float

    @classmethod
    def of(cls, passages: Sequence[Passage], states: Float[np.ndarray, "place unit"], count: int,
           seed: int) -> "_Clusters":
        """Fit ``count`` clusters, and count where their states went."""
        from scipy.cluster.vq import kmeans2, vq  # pages that need none start without it

        few = np.random.default_rng(seed).permutation(len(states))[:MOST_FITTED]
        centres, _ = kmeans2(states[few].astype(np.float64), count, minit="++", rng=seed, missing="warn")
        names = _from_start(vq(states.astype(np.float64), centres)[0])
        count, symbols = int(names.max()) + 1, passages[0].p.shape[1] - 1
        steps, sums = np.zeros((count, symbols, count)), np.zeros((count, symbols + 1))
        at = 0
        for passage in passages:
            own = names[at:at + len(passage.states)]
            at += len(own)
            np.add.at(steps, (own[:-1], np.array(passage.word, np.int64), own[1:]), 1)
            np.add.at(sums, own, passage.p)
        taken = steps.sum(axis=2)
        following = np.where(taken > 0, steps.argmax(axis=2), UNKNOWN)
        return cls(following, sums / np.bincount(names, minlength=count)[:, None],
                   float(steps.max(axis=2).sum() / max(1, taken.sum())))

    def error(self, passages: Sequence[Passage]) -> float:
        """Mean KL(network ‖ cluster) in nats over the places of passages, as far as the steps are known."""
        nats, places = 0.0, 0
        for passage in passages:
            path = [0]
            for symbol in passage.word:
                state = int(self.next[path[-1], symbol])
                path.append(path[-1] if state < 0 else state)
            p, q = passage.p, np.maximum(self.p[path], LEAST)
            nats += float(np.sum(p * (np.log(np.maximum(p, LEAST)) - np.log(q))))
            places += len(path)
        return nats / max(1, places)

    def automaton(self, threshold: float) -> Automaton:
        """Read the automaton off: what a cluster holds possible, and where its states went by it."""
        possible: Bool[np.ndarray, "cluster next"] = self.p >= threshold
        return Automaton(np.where(possible[:, :-1], self.next, NOWHERE), possible[:, -1])


def _from_start(names: Int[np.ndarray, " place"]) -> Int[np.ndarray, " place"]:
    """Number clusters in the order in which they come up; the first place is a start."""
    order: dict[int, int] = {}
    for name in names.tolist():
        order.setdefault(name, len(order))
    return np.array([order[name] for name in names.tolist()])
