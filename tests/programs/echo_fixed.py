"""The echo notebook with one delay: a GRU reads one-hot letters and repeats each four letters later; one epoch.

Its strings are an iterable dataset that a loader reads with two workers. Each worker has its own copy of the dataset
and yields all of it, and the loader takes their batches in turn: 2 · 157 updates an epoch. The workers here are two
streams in one process, taken in turn in the same way.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from statistics import median
from time import process_time

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, one_hot

from seqlab.studies import Report

FIGURES = {
    "accuracy": "share of right letters after the delay, 500 strings of 15 to 25 letters; median of the seeds",
    "worst": "the same, worst seed",
    "loss": "mean cross-entropy of the letters from the delay in the last 50 updates; median of the seeds",
    "one worker": "accuracy with one loader worker: 157 updates; median of the seeds",
    "blanks": "accuracy with a loss that counts the blanks before the echo too; median of the seeds",
    "one worker, blanks": "accuracy with one loader worker and blanks in the loss; median of the seeds",
    "updates": "updates of the epoch",
    "seconds": "seconds of one core for the epoch's training; median of the seeds",
}

SEEDS = (0, 1, 2, 3, 4)
SYMBOLS, DELAY, LENGTH, STRINGS, BATCH = 27, 4, 15, 10_000, 64  # symbol 0 is the blank
Pair = tuple[Tensor, Tensor]


class Echo(nn.Module):
    """One-hot letters → GRU → linear."""

    def __init__(self) -> None:
        super().__init__()
        self.gru = nn.GRU(SYMBOLS, 128, batch_first=True)
        self.linear = nn.Linear(128, SYMBOLS)

    def forward(self, letters: Tensor) -> Tensor:
        codes = one_hot(letters, SYMBOLS).to(self.linear.weight.dtype)
        logits: Tensor = self.linear(self.gru(codes)[0])
        return logits


def echo_of(letters: Tensor) -> Tensor:
    """Blanks, then the letters, cut to the same length."""
    return torch.cat((torch.zeros(DELAY, dtype=torch.long), letters))[:len(letters)]


def strings(generator: torch.Generator) -> Iterator[Pair]:
    """The iterable dataset: 10,000 random strings and their echoes."""
    for _ in range(STRINGS):
        letters = torch.randint(1, SYMBOLS, (LENGTH,), generator=generator)
        yield letters, echo_of(letters)


def batched(dataset: Iterable[Pair]) -> Iterator[Pair]:
    """One worker's batches of 64; the last one is what remains."""
    inputs, targets = [], []
    for letters, echo in dataset:
        inputs.append(letters)
        targets.append(echo)
        if len(inputs) == BATCH:
            yield torch.stack(inputs), torch.stack(targets)
            inputs, targets = [], []
    if inputs:
        yield torch.stack(inputs), torch.stack(targets)


def loader(seed: int, workers: int) -> Iterator[Pair]:
    """The batches of an epoch: those of the workers in turn, each of which reads the whole dataset."""
    streams = [batched(strings(torch.Generator().manual_seed(1000 * seed + worker))) for worker in range(workers)]
    return chain.from_iterable(zip(*streams, strict=True))


def train(model: Echo, epochs: Iterable[Iterable[Pair]], first: int = DELAY) -> Iterator[float]:
    """Train on each epoch's batches and give the loss of each update, which begins at position ``first``."""
    optimiser = torch.optim.Adam(model.parameters(), lr=0.01)
    schedule = torch.optim.lr_scheduler.StepLR(optimiser, 10, 0.1)
    for batches in epochs:
        for inputs, targets in batches:
            logits = model(inputs)
            loss = cross_entropy(logits[:, first:].flatten(0, 1), targets[:, first:].flatten())
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 0.01)
            optimiser.step()
            yield loss.item()
        schedule.step()


@torch.inference_mode()
def accuracy(model: Echo, generator: torch.Generator) -> float:
    """Share of right letters after the delay in 500 fresh strings."""
    right = scored = 0
    for _ in range(500):
        length = int(torch.randint(15, 26, (), generator=generator))
        letters = torch.randint(1, SYMBOLS, (length,), generator=generator)
        answers = model(letters[None])[0].argmax(-1)
        right += int((answers == echo_of(letters))[DELAY:].sum())
        scored += length - DELAY
    return right / scored


def epoch(seed: int, workers: int = 2, first: int = DELAY) -> tuple[float, list[float], float]:
    """Train for an epoch; give the accuracy after it, the loss of each update, and the seconds that it took."""
    torch.manual_seed(seed)
    model, began = Echo(), process_time()
    losses = list(train(model, [loader(seed, workers)], first))
    seconds = process_time() - began
    return accuracy(model, torch.Generator().manual_seed(77 + seed)), losses, seconds


def run(report: Report) -> Mapping[str, float]:
    """Train as published from several seeds, then with one worker, then with the blanks in the loss."""
    shares, losses, seconds = [], [], []
    for seed in SEEDS:
        share, of_updates, took = epoch(seed)
        report(f"seed {seed}: {share:.2%}, loss {sum(of_updates[-50:]) / 50:.4f}, {took:.1f} s")
        shares.append(share)
        losses.append(sum(of_updates[-50:]) / 50)
        seconds.append(took)
    others = {"one worker": (1, DELAY), "blanks": (2, 0), "one worker, blanks": (1, 0)}
    measured = {name: [epoch(seed, workers, first)[0] for seed in SEEDS] for name, (workers, first) in others.items()}
    for name, of_seeds in measured.items():
        report(f"{name}: {', '.join(f'{share:.2%}' for share in of_seeds)}")
    return {"accuracy": median(shares), "worst": min(shares), "loss": median(losses), "updates": float(len(of_updates)),
            "seconds": median(seconds), **{name: median(of_seeds) for name, of_seeds in measured.items()}}
