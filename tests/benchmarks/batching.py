"""Batches of similar length, token budgets and packing against naive padding: tokens per second and share of padding.

    python -m tests.benchmarks.batching

Naive padding takes sequences as they come, fills each batch up to its longest, and computes all of it. Tokens are those
that are real. Measured on the strings of NDFA with the published LSTM, and on sequences as long as reviews of films.
"""

import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from seqlab.data.batching import Plan, Rule
from seqlab.data.strings import Source
from seqlab.models.network import SequenceNetwork
from seqlab.tasks import Dimensions
from seqlab.training.config import NetworkConfig
from tests.benchmarks.table import Row, show, timed

ROUNDS, SEED = 5, 0
# Words of a review, as the logarithm of its length is spread in IMDb's 50,000: median 173, mean 230, longest 2,400.
MIDDLE, SPREAD, SHORTEST, LONGEST = np.log(173), 0.68, 10, 2400


@dataclass(frozen=True)
class Way:
    """A way to put sequences into batches."""

    name: str
    rule: Rule
    packed: bool = False


@dataclass(frozen=True)
class Setting:
    """Sequences, the network that reads them, and the ways to compare; the first way is the naive one."""

    name: str
    lengths: np.ndarray
    network: NetworkConfig
    symbols: int
    batch: int
    budget: int
    batches: int  # of the naive way that are timed

    @property
    def ways(self) -> tuple[Way, ...]:
        """Naive padding first."""
        count, similar = Rule(size=self.batch, alike=False), Rule(size=self.batch)
        return (Way("naive padding", count), Way("packing alone", count, True), Way("similar lengths", similar),
                Way("similar lengths, packed", similar, True), Way("token budget", Rule("tokens", self.budget)))


def settings() -> tuple[Setting, Setting]:
    """NDFA as published, and reviews for an LSTM of a size that reads them."""
    draws = np.random.default_rng(SEED).normal(MIDDLE, SPREAD, 4000)
    reviews = np.clip(np.exp(draws), SHORTEST, LONGEST).astype(np.int64)
    small, large = (NetworkConfig(model="lstm", hidden=hidden, embedding=width) for hidden, width in
                    ((16, 32), (128, 128)))
    return (Setting("NDFA", Source("ndfa").training(20_000).lengths, small, 15, 100, 1600, 60),
            Setting("IMDb-like", reviews, large, 2000, 32, 8000, 4))


def training(setting: Setting, way: Way) -> tuple[Callable[[], None], int]:
    """Make a function that trains on some batches of an epoch, and count their real tokens.

    The batches hold about as many tokens as those of the naive way that are timed, evenly spread over the epoch.
    """
    plan = Plan(setting.lengths, way.rule, SEED)
    count = max(2, round(plan.steps * setting.batches / Plan(setting.lengths, setting.ways[0].rule, SEED).steps))
    steps = np.linspace(0, plan.steps - 1, count).astype(int)
    batches = [padded(plan.lengths[plan.members(step)], setting.symbols) for step in steps]
    torch.manual_seed(SEED)
    network = SequenceNetwork(setting.network, Dimensions(setting.symbols, setting.symbols))
    adam = torch.optim.Adam(network.parameters(), fused=True)

    def train() -> None:
        for ids, lengths in batches:
            update(network, adam, ids, lengths, way.packed)

    return train, sum(int(lengths.sum()) for _, lengths in batches)


def padded(lengths: np.ndarray, symbols: int) -> tuple[Tensor, Tensor]:
    """Ids of sequences of some lengths, 0 behind each of them."""
    ids = torch.randint(1, symbols, (len(lengths), int(lengths.max()) + 1))
    ids[torch.arange(ids.shape[1]) > torch.from_numpy(lengths)[:, None]] = 0
    return ids, torch.from_numpy(lengths)


def update(network: SequenceNetwork, adam: torch.optim.Optimizer, ids: Tensor, lengths: Tensor, packed: bool) -> None:
    """Learn from a batch; what is no token counts for nothing."""
    logits, _ = network.advance(ids[:, :-1], lengths=lengths, packed=packed)
    loss = F.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten(), ignore_index=0)
    adam.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    adam.step()


def rows() -> Iterator[Row]:
    """Measure on one thread, the ways in turn."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        for setting in settings():
            yield from _compared(setting)
    finally:
        torch.set_num_threads(threads)


def _compared(setting: Setting) -> Iterator[Row]:
    ways = {way.name: training(setting, way) for way in setting.ways}
    speeds: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(ROUNDS + 1):
        for name in sorted(ways, reverse=turn % 2 == 0):
            train, tokens = ways[name]
            seconds = timed(train)
            if turn:  # the first one warms up
                speeds[name].append(tokens / seconds)
    naive = speeds[setting.ways[0].name]
    for way in setting.ways:
        share = Plan(setting.lengths, way.rule, SEED).waste().share
        best = way.name == "token budget"
        yield Row(f"{setting.name}: {way.name} / naive padding, tokens/s",
                  statistics.median(mine / other for mine, other in zip(speeds[way.name], naive, strict=True)),
                  1.5 if best else None, "at least", "×",
                  f"{statistics.median(speeds[way.name]):,.0f} tokens/s, padding {0 if way.packed else share:.1%}")


if __name__ == "__main__":
    raise SystemExit(not show(list(rows())))
