"""The reviews assignment: an epoch of each of its networks on IMDb's reviews, and the accuracy on validation.

What its source does not say is our choice: Adam at torch's own 0.001, the mean loss of a batch, batches of up to 10,000
tokens with their padding, tanh as the Elman layer's activation, a maximum over time in which padding takes part, the
order of the reviews from which the sample is drawn (by label and text), and the seed of the weights.
"""

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from statistics import median

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from seqlab.data import reviews
from seqlab.studies import Report

SEEDS = {"mlp": (0, 1, 2), "rnn": (0,), "elman": (0,), "lstm": (0,)}  # an epoch of the latter is ten minutes
FIGURES: Mapping[str, str] = {
    "words": "words of the vocabulary, four marks among them",
    "mlp": "accuracy of the MLP on 5,000 validation reviews after one epoch of 20,000; median of its seeds",
    "elman": "the same of the Elman layer",
    "rnn": "the same of torch.nn.RNN",
    "lstm": "the same of torch.nn.LSTM",
    **{f"{name}, seed {seed}": f"accuracy of {name} from weights and order of seed {seed}"
       for name, seeds in SEEDS.items() for seed in seeds},
}
MARKS = ".pad", ".start", ".end", ".unk"
WIDTH, CLASSES = 300, 2
BUDGET, RATE = 10_000, 0.001
VALIDATION = 5000

Batches = Sequence[tuple[Tensor, Tensor]]  # ids, batch time; labels, batch


class Elman(nn.Module):
    """The assignment's own layer: input and hidden state side by side through one map, outputs by a second one."""

    def __init__(self, insize: int = WIDTH, outsize: int = WIDTH, hsize: int = WIDTH) -> None:
        super().__init__()
        self.hsize = hsize
        self.lin1 = nn.Linear(insize + hsize, hsize)
        self.lin2 = nn.Linear(hsize, outsize)

    def forward(self, x: Tensor, hidden: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Outputs at all times, and the last hidden state."""
        if hidden is None:
            hidden = x.new_zeros(len(x), self.hsize)
        outs = []
        for t in range(x.shape[1]):
            hidden = torch.tanh(self.lin1(torch.cat([x[:, t], hidden], dim=1)))
            outs.append(self.lin2(hidden))
        return torch.stack(outs, dim=1), hidden


class Network(nn.Module):
    """Embedding, a layer over time, the maximum over time, and a linear map to the two labels."""

    def __init__(self, words: int, middle: nn.Module, width: int = WIDTH) -> None:
        super().__init__()
        self.embedding = nn.Embedding(words, width)
        self.middle = middle
        self.linear = nn.Linear(width, CLASSES)

    def forward(self, ids: Tensor) -> Tensor:
        """Logits of each review."""
        x = self.middle(self.embedding(ids))
        if isinstance(x, tuple):
            x = x[0]
        logits: Tensor = self.linear(x.max(dim=1).values)
        return logits


def middle(name: str, width: int = WIDTH) -> nn.Module:
    """Make the layer over time of one of the networks."""
    if name == "mlp":
        return nn.Sequential(nn.Linear(width, width), nn.ReLU())
    if name == "elman":
        return Elman(width, width, width)
    kind = {"rnn": nn.RNN, "lstm": nn.LSTM}[name]
    made: nn.Module = kind(width, width, batch_first=True)
    return made


def train(network: nn.Module, batches: Iterable[tuple[Tensor, Tensor]]) -> Iterator[float]:
    """Learn from each batch once, and give the loss before its update."""
    optimiser = torch.optim.Adam(network.parameters(), lr=RATE)
    for ids, labels in batches:
        loss = F.cross_entropy(network(ids), labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        yield loss.item()


@torch.no_grad()
def accuracy(network: nn.Module, batches: Batches) -> float:
    """Share of the reviews that are classified right."""
    right = sum(int((network(ids).argmax(1) == labels).sum()) for ids, labels in batches)
    return right / sum(len(labels) for _, labels in batches)


def cut(text: str) -> list[str]:
    """Lower case; what is no letter from a to z becomes a space."""
    return re.sub(r"[^a-z]", " ", text.lower()).split()


def read() -> tuple[list[tuple[list[int], int]], int]:
    """All training reviews as ids, each with its label, 0 for praise; and the size of the vocabulary."""
    cuts = {part: [(cut(text), 1 - label) for text, label in reviews.rows("imdb", part)]  # ours is 1 for praise
            for part in ("train", "test")}
    counted = Counter(chain.from_iterable(words for rows in cuts.values() for words, _ in rows))
    places = {word: place for place, word in enumerate([*MARKS, *(word for word, _ in counted.most_common())])}
    return [([places[word] for word in words], label) for words, label in cuts["train"]], len(places)


def divide(rows: Sequence[tuple[list[int], int]]) -> tuple[Batches, Batches]:
    """Sample what validates, sort both parts by length, and cut them into batches."""
    random.seed(0)
    chosen = set(random.sample(range(len(rows)), VALIDATION))
    learned = [row for place, row in enumerate(rows) if place not in chosen]
    return batched(learned), batched([rows[place] for place in sorted(chosen)])


def batched(rows: Sequence[tuple[list[int], int]]) -> Batches:
    """Put reviews of similar length together, as many as the budget holds with their padding."""
    batches: list[tuple[Tensor, Tensor]] = []
    batch: list[tuple[list[int], int]] = []
    for row in sorted(rows, key=lambda row: len(row[0])):
        if batch and (len(batch) + 1) * len(row[0]) > BUDGET:
            batches.append(tensors(batch))
            batch = []
        batch.append(row)
    return [*batches, tensors(batch)]


def tensors(batch: Sequence[tuple[list[int], int]]) -> tuple[Tensor, Tensor]:
    """Fill each review up with the mark for padding, to the longest of its batch."""
    longest = max(len(ids) for ids, _ in batch)
    return (torch.tensor([ids + [0] * (longest - len(ids)) for ids, _ in batch]),
            torch.tensor([label for _, label in batch]))


def run(report: Report) -> Mapping[str, float]:
    """Train each network for one epoch, the batches in random order, and validate it."""
    rows, words = read()
    learned, validation = divide(rows)
    report(f"{words:,} words; {len(learned):,} batches to learn from, {len(validation):,} to validate with")
    figures = {"words": float(words)}
    for name, seeds in SEEDS.items():
        for seed in seeds:
            torch.manual_seed(seed)
            network = Network(words, middle(name))
            order = torch.randperm(len(learned)).tolist()
            losses = list(train(network, (learned[place] for place in order)))
            share = figures[f"{name}, seed {seed}"] = accuracy(network, validation)
            report(f"{name}, seed {seed}: {share:.2%} on validation; mean loss {sum(losses) / len(losses):.4f}")
        figures[name] = median(figures[f"{name}, seed {seed}"] for seed in seeds)
    return figures
