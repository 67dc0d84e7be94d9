"""Training speed on the Time Machine chapter's settings: our loop against the chapter's own, a Python loop over time.

    python -m tests.benchmarks.characters
"""

import os
import statistics
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

os.environ.setdefault("SEQLAB_DATA", str(Path(__file__).parents[3] / "shared" / "data"))

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812
from torch.utils.data import DataLoader, TensorDataset

from seqlab.errors import Fault
from seqlab.tasks.text import RECIPES, parts
from seqlab.training.config import RunConfig
from seqlab.training.loop import learner, updates
from tests.benchmarks.table import Row, show, timed

STEPS, ROUNDS = 20, 5
SMALL = 32  # sequences: where a batch is small, what is done for each step of Python counts
OFFLINE = {"corpus": "python-topics", "preparation": "letters"}  # any letters do, where the book cannot be had


def config() -> RunConfig:
    """The chapter's settings: 10,000 windows of 32 letters, batch 1,024, one-hot, 32 tanh units, SGD at 1, clip 1."""
    chapter = RECIPES["chapter"].config
    settings = RunConfig(**(chapter | {"steps": 1_000_000, "device": "cpu"}))
    try:
        parts(settings.task_config)
    except Fault:
        settings = RunConfig(**(chapter | {"steps": 1_000_000, "device": "cpu", "task": chapter["task"] | OFFLINE}))
    return settings


class Scratch(nn.Module):
    """The RNN as a chapter writes it from scratch: plain matrices, and one step of Python for each character."""

    def __init__(self, symbols: int, hidden: int) -> None:
        super().__init__()
        self.symbols, self.hidden = symbols, hidden
        self.W_xh = nn.Parameter(0.01 * torch.randn(symbols, hidden))
        self.W_hh = nn.Parameter(0.01 * torch.randn(hidden, hidden))
        self.b_h = nn.Parameter(torch.zeros(hidden))
        self.W_hq = nn.Parameter(0.01 * torch.randn(hidden, symbols))
        self.b_q = nn.Parameter(torch.zeros(symbols))

    def forward(self, ids: Tensor) -> Tensor:
        """Logits at every time; ``batch time`` → ``batch time symbols``."""
        state, said = torch.zeros(len(ids), self.hidden), []
        for x in F.one_hot(ids.T, self.symbols).float():
            state = torch.tanh(x @ self.W_xh + state @ self.W_hh + self.b_h)
            said.append(state @ self.W_hq + self.b_q)
        return torch.stack(said, 1)


def scratch(settings: RunConfig, loader: bool = True) -> Callable[[], None]:
    """Make the chapter's own training, which goes on for ``STEPS`` updates at each call.

    Its batches come from torch's DataLoader, as in the chapter, or without ``loader`` straight from memory.
    """
    sizes = settings.task_spec.dimensions(settings.task_config)
    network = Scratch(sizes.symbols, settings.network.hidden)
    sgd = torch.optim.SGD(network.parameters(), lr=settings.optimiser.lr)
    ids = torch.from_numpy(parts(settings.task_config)[0]).long()
    windows = ids.unfold(0, settings.task_config.num_steps + 1, 1).clone()
    batches = _loaded(windows, settings.batch) if loader else _drawn(windows, settings.batch)

    def train() -> None:
        for X, Y in islice(batches, STEPS):
            loss = F.cross_entropy(network(X).reshape(-1, sizes.symbols), Y.reshape(-1))
            sgd.zero_grad()
            loss.backward()
            clip(network, settings.optimiser.clip or 1.0)
            sgd.step()

    return train


def _loaded(windows: Tensor, size: int) -> Iterator[tuple[Tensor, Tensor]]:
    data = TensorDataset(windows[:, :-1], windows[:, 1:])
    while True:
        yield from DataLoader(data, size, shuffle=True, drop_last=True)


def _drawn(windows: Tensor, size: int) -> Iterator[tuple[Tensor, Tensor]]:
    while True:
        chosen = windows[torch.randint(len(windows), (size,))]
        yield chosen[:, :-1], chosen[:, 1:]


def clip(network: nn.Module, most: float) -> None:
    """Clip as the chapter does: the norm over all weights, and a step of Python for each."""
    weights = [weight for weight in network.parameters() if weight.requires_grad]
    norm = torch.sqrt(sum(torch.sum(weight.grad ** 2) for weight in weights))
    if norm > most:
        for weight in weights:
            weight.grad[:] *= most / norm


def ours(settings: RunConfig) -> Callable[[], None]:
    """Make our training of the same, as a run's session drives it; it goes on for ``STEPS`` updates at each call."""
    going = updates(learner(settings, torch.device("cpu")))

    def train() -> None:
        for _ in range(STEPS):
            next(going)

    return train


def rows() -> Iterator[Row]:
    """Measure on one thread, the two in turn; the other rows are for information."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    settings = config()
    small = settings.model_copy(update={"batch": SMALL})
    try:
        yield _row(settings, scratch(settings), "the chapter's settings", 3.0)
        yield _row(settings, scratch(settings, loader=False), "the chapter's settings, its batches from memory")
        yield _row(small, scratch(small, loader=False), f"the same in batches of {SMALL}, from memory")
    finally:
        torch.set_num_threads(threads)


def _row(settings: RunConfig, theirs: Callable[[], None], what: str, target: float | None = None) -> Row:
    loops = {"ours": ours(settings), "theirs": theirs}
    for loop in loops.values():
        loop()
    pairs = [{name: timed(loops[name]) for name in sorted(loops, reverse=turn % 2 == 0)} for turn in range(ROUNDS)]
    tokens = STEPS * settings.batch * settings.task_config.num_steps
    speed = {name: statistics.median(tokens / pair[name] for pair in pairs) for name in loops}
    return Row(f"character RNN training / a Python loop over time, tokens/s, {what}",
               statistics.median(pair["theirs"] / pair["ours"] for pair in pairs), target, "at least", "×",
               f"{speed['ours']:,.0f} / {speed['theirs']:,.0f} tokens/s")


if __name__ == "__main__":
    raise SystemExit(not show(list(rows())))
