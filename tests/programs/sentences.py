"""The sentence assignment: a tanh RNN of 1,000 units predicts every character of short sentences.

What its program does: each character outside ASCII becomes one space, a line end is appended, and the 95 characters,
sorted, get the marks BEGIN, END and PAD behind them. Adam at 0.001 goes through all sentences in shuffled batches of
64, filled up to their longest; PAD does not count, nothing is clipped. The test loss that it prints is the mean of the
means of batches of 50, in which END counts as a character although it is certain after a line end; the loss by
frequency alone that it is compared with does not count it.

The source trains on 160,000 sentences and tests on 40,000 others. Of these only the 40,000 are at hand here
(``colbert_dev.csv``), so nine tenths of them are trained on and the rest is tested on, both drawn as in seqlab. An
epoch takes minutes, so there are as many of the five as fit into ``SECONDS``.
"""

import csv
import re
import time
from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader, Dataset

from seqlab.studies import Report
from tests.support.data import SHARED

TABLE = "colbert_dev.csv"
EMBEDDING, HIDDEN, LR = 256, 1000, 0.001
BATCH, TEST_BATCH, EPOCHS = 64, 50, 5
SECONDS = 40 * 60

_HERE = "nats; here of 36,000 sentences, in the source of 160,000"
FIGURES: Mapping[str, str] = {
    **{f"epoch {epoch}": f"mean training loss of epoch {epoch}, {_HERE}" for epoch in range(1, EPOCHS + 1)},
    "test": "mean of the means of test batches of 50 sentences, nats, END counted",
    "per character": "test loss by character, nats: the line end counts, END does not",
    "end": "what counting END lowers the mean over all test targets by, nats",
    "frequencies": "test loss by character of predicting each by its frequency in training, nats; END does not count",
    "frequencies, END": "the same over all test targets, END counted",
    "epochs": "epochs that were trained",
    "trained": "sentences that were trained on",
    "tested": "sentences that were tested on",
    "characters": "characters of these, line ends counted",
}


class Network(nn.Module):
    """Embedding, RNN, linear layer."""

    def __init__(self, symbols: int, embedding: int = EMBEDDING, hidden: int = HIDDEN) -> None:
        super().__init__()
        self.embedding = nn.Embedding(symbols, embedding)
        self.rnn = nn.RNN(embedding, hidden, batch_first=True)
        self.linear = nn.Linear(hidden, symbols)

    def forward(self, ids: Tensor) -> Tensor:
        """Logits for the symbol after each."""
        logits: Tensor = self.linear(self.rnn(self.embedding(ids))[0])
        return logits


class Rows(Dataset[Tensor]):
    """The ids of sentences, for a loader."""

    def __init__(self, rows: Sequence[Tensor]) -> None:
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, place: int) -> Tensor:
        return self.rows[place]


def read() -> list[str]:
    """All sentences of the table, as the program prepares them."""
    with (SHARED / TABLE).open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return [re.sub(r"[^\x00-\x7f]", " ", row[0]) + "\n" for row in rows]


def divided(sentences: Sequence[str]) -> tuple[list[str], list[str]]:
    """Divide sentences for training and test as seqlab divides them."""
    order, cut = np.random.default_rng(0).permutation(len(sentences)), int(0.9 * len(sentences))
    return [sentences[place] for place in order[:cut]], [sentences[place] for place in order[cut:]]


def encoded(sentences: Sequence[str], letters: str) -> list[Tensor]:
    """Ids of each sentence: BEGIN, its characters, END."""
    begin, end = len(letters), len(letters) + 1
    ids = {letter: place for place, letter in enumerate(letters)}
    return [torch.tensor([begin, *(ids[letter] for letter in sentence), end]) for sentence in sentences]


def update(network: Network, optimiser: torch.optim.Optimizer, ids: Tensor, pad: int) -> float:
    """Train on one batch of ids, filled up with PAD; returns its loss before the update."""
    loss = F.cross_entropy(network(ids[:, :-1]).flatten(0, 1), ids[:, 1:].flatten(), ignore_index=pad)
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return loss.item()


def run(report: Report) -> Mapping[str, float]:
    """Train for as many of the five epochs as fit, and test."""
    training, testing = divided(read())
    letters = "".join(sorted(set("".join(training))))
    pad, began = len(letters) + 2, time.perf_counter()
    torch.manual_seed(0)
    network = Network(pad + 1)
    optimiser = torch.optim.Adam(network.parameters(), lr=LR)
    batches: DataLoader[Tensor] = DataLoader(Rows(encoded(training, letters)), BATCH, shuffle=True,
                                             collate_fn=lambda rows: _filled(rows, pad))
    figures = {"trained": float(len(training))}
    for epoch in range(1, EPOCHS + 1):
        losses = [update(network, optimiser, ids, pad) for ids in batches]
        spent = time.perf_counter() - began
        figures |= {f"epoch {epoch}": float(np.mean(losses)), "epochs": float(epoch)}
        report(f"epoch {epoch}: training loss {np.mean(losses):.4f} after {spent:.0f} s")
        figures |= tested(network, encoded(testing, letters), pad)
        report(f"  test {figures['test']:.4f}, per character {figures['per character']:.4f}")
        if spent * (epoch + 1) / epoch > SECONDS:
            break
    return figures | by_frequency(encoded(training, letters), encoded(testing, letters), pad)


def _filled(rows: Sequence[Tensor], pad: int) -> Tensor:
    return pad_sequence(list(rows), batch_first=True, padding_value=float(pad))


@torch.inference_mode()
def tested(network: Network, sentences: Sequence[Tensor], pad: int) -> dict[str, float]:
    """Test loss by the source's measure and by character."""
    means, nats, ends = [], [], []
    for first in range(0, len(sentences), TEST_BATCH):
        ids = _filled(sentences[first:first + TEST_BATCH], pad)
        targets = ids[:, 1:].flatten()
        losses = F.cross_entropy(network(ids[:, :-1]).flatten(0, 1), targets, reduction="none")[targets != pad]
        means.append(losses.mean().item())
        nats.append(losses.double())
        ends.append(targets[targets != pad] == pad - 1)
    every, end = torch.cat(nats), torch.cat(ends)
    character = every[~end].mean().item()
    return {"test": float(np.mean(means)), "per character": character, "end": character - every.mean().item(),
            "tested": float(len(sentences)), "characters": float((~end).sum())}


def by_frequency(training: Sequence[Tensor], testing: Sequence[Tensor], pad: int) -> dict[str, float]:
    """Test loss of predicting by how often each came in training: over characters alone, and with END among them."""
    return {"frequencies": _by_frequency([ids[1:-1] for ids in training], [ids[1:-1] for ids in testing], pad),
            "frequencies, END": _by_frequency([ids[1:] for ids in training], [ids[1:] for ids in testing], pad)}


def _by_frequency(training: Sequence[Tensor], testing: Sequence[Tensor], pad: int) -> float:
    counts = torch.cat(list(training)).bincount(minlength=pad)
    return float(-(counts / counts.sum()).log()[torch.cat(list(testing))].mean())
