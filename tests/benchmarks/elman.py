"""Training speed of our own Elman layer against the loop that a student writes: torch.cat and nn.Linear at each step.

    python -m tests.benchmarks.elman
"""

import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from seqlab.models.elman import Elman
from tests.benchmarks.table import Row, interleaved, show

ROUNDS = 9


@dataclass(frozen=True)
class Size:
    """How large a layer is, what it reads, and how many times as fast it should be (None: told for information)."""

    name: str
    input: int
    hidden: int
    batch: int
    time: int
    target: float | None = None


SIZES = (Size("a sentiment network's size", 300, 128, 64, 200, 3.0), Size("a small one", 28, 32, 32, 32))


class Student(nn.Module):
    """The layer as the exercise asks for it."""

    def __init__(self, input_size: int, hidden: int) -> None:
        super().__init__()
        self.hidden = hidden
        self.linear = nn.Linear(input_size + hidden, hidden)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Hidden states, and the last one; ``batch time input`` → ``batch time hidden``."""
        h, states = x.new_zeros(len(x), self.hidden), []
        for t in range(x.shape[1]):
            h = torch.tanh(self.linear(torch.cat((x[:, t], h), dim=1)))
            states.append(h)
        return torch.stack(states, dim=1), h


def training(core: nn.Module, x: Tensor) -> Callable[[], float]:
    """Make one update: forward, a loss that asks for all states, backward to input and weights, a step of SGD."""
    sgd = torch.optim.SGD(core.parameters(), lr=1e-4)

    def update() -> float:
        sgd.zero_grad()
        loss = core(x)[0].square().mean()
        loss.backward()
        sgd.step()
        return loss.item()

    return update


def pair(size: Size) -> tuple[Callable[[], float], Callable[[], float]]:
    """Ours and the student's, with the same weights and the same input."""
    torch.manual_seed(0)
    theirs, ours = Student(size.input, size.hidden), Elman(size.input, size.hidden)
    ours.load_state_dict({"weight_l0": theirs.linear.weight, "bias_l0": theirs.linear.bias})
    x = torch.randn(size.batch, size.time, size.input, requires_grad=True)
    return training(ours, x), training(theirs, x)


def rows() -> Iterator[Row]:
    """Measure on one thread, the two in turn."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        for size in SIZES:
            ours, theirs = pair(size)
            gap = statistics.fmean(abs(ours() - theirs()) for _ in range(3))
            mine, other, ratio = interleaved(ours, theirs, ROUNDS)
            tokens = size.batch * size.time
            yield Row(f"own Elman layer / a loop over torch.cat and nn.Linear, {size.name}: embedding {size.input}, "
                      f"hidden {size.hidden}, batch {size.batch}, {size.time} steps",
                      1 / ratio, size.target, "at least", "×",
                      f"{tokens / mine:,.0f} / {tokens / other:,.0f} tokens/s; losses differ by {gap:.1g}")
    finally:
        torch.set_num_threads(threads)


if __name__ == "__main__":
    raise SystemExit(not show(list(rows())))
