"""The recurrent network of the *Time Machine* chapter from its matrices, trained and measured as in its exercises.

One bias in the layer; 10,000 windows of 32 characters in batches of 1,024, shuffled without replacement, the last batch
of an epoch smaller (784); plain gradient descent at 1, the gradient's norm clipped to 1; 100 epochs. Perplexity is
measured on the 5,000 windows after these, in batches of 1,024 in their order: e to the loss of the first batch, and
e to the mean of all batches' losses. Other books: the latter, of windows 10,000 to 15,000 of the file as it comes. Each
run has one seed; what is shipped is the median of three, and each by itself.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from math import exp
from pathlib import Path
from statistics import fmean, median

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812
from torch.utils.data import DataLoader, TensorDataset

from seqlab.data import download
from seqlab.studies import Report

LETTERS = sorted({"<unk>", *" abcdefghijklmnopqrstuvwxyz"})
WINDOW, HIDDEN, SIGMA = 32, 32, 0.01
TRAINING, VALIDATION, BATCH, EPOCHS = 10_000, 5_000, 1024, 100
RATE, CLIP = 1.0, 1.0
SEEDS = 0, 1, 2
BOOKS = 36, 71557, 1342  # by their numbers in Project Gutenberg

KINDS = {"embedding": "an embedding of 28 × 28", "one-hot": "one-hot input"}
MEASURES = {
    **{key: f"validation perplexity with {kind}, e to the mean of the batches' losses" for key, kind in KINDS.items()},
    **{f"{key}, first batch": f"validation perplexity with {kind}, e to the first batch's loss"
       for key, kind in KINDS.items()},
    **{f"gutenberg-{book}": f"perplexity on Gutenberg {book}, of the network with an embedding" for book in BOOKS}}
FIGURES = {**{key: f"{measure}; median of seeds 0 to 2" for key, measure in MEASURES.items()},
           **{f"{key}, seed {seed}": measure for key, measure in MEASURES.items() for seed in SEEDS}}

Parameters = dict[str, Tensor]


def run(report: Report) -> Mapping[str, float]:
    """Train and measure three networks of each kind; raises FileNotFoundError without the chapter's book."""
    book = laid("timemachine.txt")
    if book is None:
        raise FileNotFoundError("timemachine.txt is not in SEQLAB_DATA")
    others = {f"gutenberg-{number}": path for number in BOOKS if (path := laid(f"pg{number}.txt"))}
    figures: dict[str, float] = {}
    for seed in SEEDS:
        measured = {key: value for kind in KINDS for key, value in _measured(kind, book, others, seed).items()}
        report(f"seed {seed}: " + ", ".join(f"{key} {value:.3f}" for key, value in measured.items()))
        figures |= {f"{key}, seed {seed}": value for key, value in measured.items()}
    return figures | {key: median(figures[f"{key}, seed {seed}"] for seed in SEEDS) for key in measured}


def _measured(kind: str, book: Path, others: Mapping[str, Path], seed: int) -> dict[str, float]:
    torch.manual_seed(seed)
    own = parameters(kind == "embedding")
    train(own, windows(book)[:TRAINING])
    first, mean = perplexities(own, held_out(book))
    figures = {kind: mean, f"{kind}, first batch": first}
    return figures | ({name: perplexities(own, held_out(path))[1] for name, path in others.items()}
                      if kind == "embedding" else {})


def laid(name: str) -> Path | None:
    """A file of ``SEQLAB_DATA`` whose name ends so."""
    return download.laid_ready(name)


def windows(path: Path) -> Tensor:
    """Ids of all windows of a file with their next character; any run of what is no letter is one space."""
    text = re.sub(r"[^A-Za-z]+", " ", path.read_text(encoding="utf-8-sig")).lower()
    return torch.tensor([LETTERS.index(letter) for letter in text[:TRAINING + VALIDATION + WINDOW]]).unfold(
        0, WINDOW + 1, 1)


def held_out(path: Path) -> Tensor:
    """Windows 10,000 to 15,000 of a file."""
    return windows(path)[TRAINING:TRAINING + VALIDATION]


def parameters(embedding: bool) -> Parameters:
    """Fresh parameters: matrices of σ = 0.01, biases of 0, and an embedding of σ = 1 where there is one."""
    size = len(LETTERS)
    own = {"W_xh": torch.randn(size, HIDDEN) * SIGMA, "W_hh": torch.randn(HIDDEN, HIDDEN) * SIGMA,
           "b_h": torch.zeros(HIDDEN), "W_hq": torch.randn(HIDDEN, size) * SIGMA, "b_q": torch.zeros(size)}
    if embedding:
        own["embedding"] = torch.randn(size, size)
    return own


def logits(own: Parameters, ids: Tensor) -> Tensor:
    """Run the network from an empty state; ``batch time`` → ``batch time symbols``."""
    x = own["embedding"][ids] if "embedding" in own else F.one_hot(ids, len(own["W_xh"])).to(own["W_xh"].dtype)
    h, outputs = own["W_hh"].new_zeros(len(ids), len(own["W_hh"])), []
    for time in range(ids.shape[1]):
        h = torch.tanh(x[:, time] @ own["W_xh"] + h @ own["W_hh"] + own["b_h"])
        outputs.append(h @ own["W_hq"] + own["b_q"])
    return torch.stack(outputs, 1)


def loss_of(own: Parameters, batch: Tensor) -> Tensor:
    """Mean cross-entropy over all characters of a batch of windows, each with its next character."""
    return F.cross_entropy(logits(own, batch[:, :-1]).flatten(0, 1), batch[:, 1:].flatten())


def updates(own: Parameters, batches: Iterable[Tensor]) -> Iterator[float]:
    """Make an update for each batch, in place; gives its loss before the update."""
    for weight in own.values():
        weight.requires_grad_()
    for batch in batches:
        loss = loss_of(own, batch)
        gradients = torch.autograd.grad(loss, list(own.values()))
        norm = torch.stack([(gradient ** 2).sum() for gradient in gradients]).sum().sqrt()
        with torch.no_grad():
            for weight, gradient in zip(own.values(), gradients, strict=True):
                weight.sub_(RATE * (gradient * CLIP / norm if norm > CLIP else gradient))
        yield loss.item()


def train(own: Parameters, training: Tensor) -> None:
    """Train for all epochs, each window once in each."""
    loader = DataLoader(TensorDataset(training), BATCH, shuffle=True)
    for _ in range(EPOCHS):
        for _ in updates(own, (batch for batch, in loader)):
            pass


@torch.no_grad()
def perplexities(own: Parameters, scored: Tensor) -> tuple[float, float]:
    """E to the loss of the first batch, and e to the mean of the batches' losses."""
    losses = [loss_of(own, batch).item() for batch in scored.split(BATCH)]
    return exp(losses[0]), exp(fmean(losses))
