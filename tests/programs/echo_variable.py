"""The echo notebook with delays 0 to 8: the delay's code is joined before each letter's, and blanks are masked."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from statistics import median
from time import process_time

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from seqlab.studies import Report

EPOCHS_PRINTED = (0, 3, 9, 19, 24)
FIGURES = {
    "enough": "accuracy on 500 strings of 15 to 25 letters when training stops, above 99.3 %; median of the seeds",
    "seconds": "seconds of one core until then, tests aside; median of the seeds",
    "updates": "updates until then; median of the seeds",
    **{f"epoch {epoch}": f"accuracy after epoch {epoch}, counted from 0; median of the seeds"
       for epoch in EPOCHS_PRINTED},
}

SEEDS = (0, 1, 2)
SYMBOLS, DELAYS, LENGTH, STRINGS, BATCH = 27, 9, 20, 2_000, 64  # symbol 0 is the blank
ENOUGH, LONGEST = 0.993, 1_000  # accuracy at which it stops, and epochs after which it gives up
Example = tuple[Tensor, Tensor, Tensor, Tensor]


class Echo(nn.Module):
    """The codes of the delay and of each letter, in this order → GRU → linear."""

    def __init__(self) -> None:
        super().__init__()
        self.letter = nn.Embedding(SYMBOLS, 64)
        self.delay = nn.Embedding(DELAYS, 64)
        self.gru = nn.GRU(128, 128, batch_first=True)
        self.linear = nn.Linear(128, SYMBOLS)

    def forward(self, letters: Tensor, delays: Tensor) -> Tensor:
        same = self.delay(delays)[:, None].expand(-1, letters.shape[1], -1)
        logits: Tensor = self.linear(self.gru(torch.cat((same, self.letter(letters)), -1))[0])
        return logits


def echo_of(letters: Tensor, delay: int) -> Tensor:
    """Blanks, then the letters, cut to the same length."""
    return torch.cat((torch.zeros(delay, dtype=torch.long), letters))[:len(letters)]


def strings(generator: torch.Generator) -> Iterator[Example]:
    """Strings without end, each with its delay, its echo, and a mask that is 0 at the blanks."""
    while True:
        letters = torch.randint(1, SYMBOLS, (LENGTH,), generator=generator)
        delay = torch.randint(DELAYS, (), generator=generator)
        echo = echo_of(letters, int(delay))
        yield letters, delay, echo, (echo != 0).float()


def epoch(dataset: Iterator[Example]) -> Iterator[Example]:
    """The batches of an epoch, the last of which is what remains."""
    remaining = STRINGS
    while remaining:
        size = min(BATCH, remaining)
        remaining -= size
        letters, delays, echoes, masks = (torch.stack(part) for part in zip(*islice(dataset, size), strict=True))
        yield letters, delays, echoes, masks


class Trainer:
    """A model with its optimiser and its schedule, which goes on from epoch to epoch."""

    def __init__(self, model: Echo) -> None:
        self.model = model
        self.optimiser = torch.optim.Adam(model.parameters(), lr=0.003)
        self.schedule = torch.optim.lr_scheduler.MultiStepLR(self.optimiser, [100, 200, 250], 0.8)

    def train(self, batches: Iterable[Example]) -> Iterator[float]:
        """Train for an epoch and give the loss of each update: zeros at the blanks, a mean over all positions."""
        for letters, delays, targets, mask in batches:
            logits = self.model(letters, delays)
            each = cross_entropy(logits.transpose(1, 2), targets, reduction="none")
            loss = (each * mask).mean(1).mean()
            self.optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(self.model.parameters(), 0.5)
            self.optimiser.step()
            yield loss.item()
        self.schedule.step()


@torch.inference_mode()
def accuracy(model: Echo, generator: torch.Generator) -> float:
    """Share of right letters after the delay in 500 fresh strings of 15 to 25 letters, each with its own delay.

    All are read at once, the shorter ones with more letters behind them, which are not scored.
    """
    lengths, delays = (torch.randint(low, high, (500,), generator=generator) for low, high in ((15, 26), (0, DELAYS)))
    letters = torch.randint(1, SYMBOLS, (500, 25), generator=generator)
    echoes = torch.stack([echo_of(one, int(delay)) for one, delay in zip(letters, delays, strict=True)])
    time = torch.arange(25)
    scored = (time >= delays[:, None]) & (time < lengths[:, None])
    right = model(letters, delays).argmax(-1) == echoes
    return float(right[scored].float().mean())


def until_enough(seed: int, report: Report) -> tuple[list[float], int, float]:
    """Train until a test is above 99.3 %; give the accuracy after each epoch, the updates, and the seconds."""
    torch.manual_seed(seed)
    trainer = Trainer(Echo())
    data, tests = (torch.Generator().manual_seed(1000 * (seed + 1) + kind) for kind in (0, 1))
    dataset, shares, updates, seconds = strings(data), [0.0], 0, 0.0
    while shares[-1] <= ENOUGH and len(shares) <= LONGEST:
        began = process_time()
        updates += len(list(trainer.train(epoch(dataset))))
        seconds += process_time() - began
        shares.append(accuracy(trainer.model, tests))
        if len(shares) % 25 == 1:
            report(f"seed {seed}: {shares[-1]:.2%} after {len(shares) - 1} epochs, {seconds:.0f} s")
    return shares[1:], updates, seconds


def run(report: Report) -> Mapping[str, float]:
    """Train as published from several seeds, each until its test is above 99.3 %."""
    runs = [until_enough(seed, report) for seed in SEEDS]
    for seed, (shares, updates, seconds) in zip(SEEDS, runs, strict=True):
        report(f"seed {seed}: {shares[-1]:.2%} after {updates} updates, {seconds:.0f} s")
    printed = {f"epoch {at}": median(shares[at] for shares, _, _ in runs if len(shares) > at) for at in EPOCHS_PRINTED}
    return {"enough": median(shares[-1] for shares, _, _ in runs), "seconds": median(took for _, _, took in runs),
            "updates": float(median(updates for _, updates, _ in runs)), **printed}
