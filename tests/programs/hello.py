"""The hello notebook: three small networks read ``hello`` letter by letter and learn to output ``ohlol``.

What its programs do, each for 15 epochs of the one word, printing the loss of an epoch before that epoch's update:

- ``state``: an RNN cell of 4 units reads one-hot letters in a loop, its hidden state is the score; the five losses are
  added up; Adam at 0.1.
- ``rnn``: an RNN of 4 units reads all five letters, its hidden states are the scores; the loss is their mean; Adam at
  0.05.
- ``embedding``: letters become 10 numbers each; an RNN of two layers of 8 units; a linear layer; the mean loss; Adam at
  0.05.

The notebook shows one training each. A loss after 14 updates depends on the seed, so here it is the median of 20.
"""

from collections.abc import Callable, Iterator, Mapping
from statistics import median

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from seqlab.studies import Report

ALPHABET, WORD, TARGET = "ehlo", "hello", "ohlol"
EPOCHS, SEEDS = 15, range(20)
FIGURES: Mapping[str, str] = {
    "state": "sum of the five losses at epoch 15, before its update; median of 20 seeds",
    "rnn": "mean loss at epoch 15, before its update; median of 20 seeds",
    "embedding": "mean loss at epoch 15, before its update; median of 20 seeds",
}


class Cell(nn.Module):
    """An RNN cell whose state is the score; it goes from letter to letter in a loop."""

    def __init__(self) -> None:
        super().__init__()
        self.cell = nn.RNNCell(4, 4)

    def forward(self, ids: Tensor) -> list[Tensor]:
        """The state after each letter, ``1 4``."""
        state, states = torch.zeros(1, 4), []
        for letter in F.one_hot(ids, 4).float():
            state = self.cell(letter[None], state)
            states.append(state)
        return states


class Rnn(nn.Module):
    """An RNN whose states are the scores."""

    def __init__(self) -> None:
        super().__init__()
        self.rnn = nn.RNN(4, 4, batch_first=True)

    def forward(self, ids: Tensor) -> Tensor:
        """Scores of the letters, ``5 4``."""
        states: Tensor = self.rnn(F.one_hot(ids, 4).float()[None])[0]
        return states[0]


class Embedded(nn.Module):
    """Embedding, an RNN of two layers, linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(4, 10)
        self.rnn = nn.RNN(10, 8, num_layers=2, batch_first=True)
        self.linear = nn.Linear(8, 4)

    def forward(self, ids: Tensor) -> Tensor:
        """Scores of the letters, ``5 4``."""
        scores: Tensor = self.linear(self.rnn(self.embedding(ids)[None])[0])
        return scores[0]


def summed(states: list[Tensor], targets: Tensor) -> Tensor:
    """The cell's loss: one cross-entropy a letter, added up."""
    loss = torch.zeros(())
    for state, target in zip(states, targets, strict=True):
        loss = loss + F.cross_entropy(state, target[None])
    return loss


# Network, loss and rate of each program.
PROGRAMS: Mapping[str, tuple[type[nn.Module], Callable[..., Tensor], float]] = {
    "state": (Cell, summed, 0.1), "rnn": (Rnn, F.cross_entropy, 0.05), "embedding": (Embedded, F.cross_entropy, 0.05)}


def epochs(program: str, network: nn.Module) -> Iterator[float]:
    """Train a network for the 15 epochs, and give the loss that each prints."""
    _, criterion, rate = PROGRAMS[program]
    word, target = (torch.tensor([ALPHABET.index(letter) for letter in text]) for text in (WORD, TARGET))
    optimiser = torch.optim.Adam(network.parameters(), lr=rate)
    for _ in range(EPOCHS):
        optimiser.zero_grad()
        loss = criterion(network(word), target)
        loss.backward()
        optimiser.step()
        yield loss.item()


def run(report: Report) -> Mapping[str, float]:
    """Train every network from every seed; the median of the losses that epoch 15 prints."""
    figures = {}
    for program, (network, _, _) in PROGRAMS.items():
        printed = []
        for seed in SEEDS:
            torch.manual_seed(seed)
            printed.append([*epochs(program, network())][-1])
        figures[program] = median(printed)
        report(f"{program}: {min(printed):.4g} to {max(printed):.4g}, median {figures[program]:.5g}")
    return figures
