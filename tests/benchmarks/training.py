"""Training as seqlab does it, recorded and watched, against the bare torch loop; CUDA against the CPU where it is.

    python -m tests.benchmarks.training
"""

import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch
from torch import nn

from seqlab.errors import Fault
from seqlab.reference.network import network
from seqlab.tasks.echo import inputs_for
from seqlab.training.config import NetworkConfig, OptimiserConfig, RunConfig
from seqlab.training.run import Run, create
from seqlab.training.session import train
from tests.benchmarks.table import Row, show, timed

STEPS, ROUNDS = 1500, 5  # the length of the default recipe: snapshots are dense at first and then thin out
DELAY, LENGTH, BATCH, HIDDEN, CODE, SYMBOLS = 8, 20, 64, 128, 64, 27


def config(device: str = "cpu", steps: int = STEPS, hidden: int = HIDDEN, batch: int = BATCH) -> RunConfig:
    """The published variable echo, evaluated only at its end."""
    return RunConfig(task={"name": "echo", "delay": DELAY, "length": LENGTH}, steps=steps, batch=batch, device=device,
                     network=NetworkConfig(model="gru", hidden=hidden, embedding=CODE), evaluate_every=10_000_000,
                     optimiser=OptimiserConfig(lr=0.003, clip=0.5))


class Bare(nn.Module):
    """The same network as anyone would write it for this task alone."""

    def __init__(self) -> None:
        super().__init__()
        self.letter, self.delay = nn.Embedding(SYMBOLS, CODE), nn.Embedding(DELAY + 1, CODE)
        self.core, self.decoder = nn.GRU(2 * CODE, HIDDEN, batch_first=True), nn.Linear(HIDDEN, SYMBOLS)

    def forward(self, letters: torch.Tensor, delays: torch.Tensor) -> torch.Tensor:
        """Logits at every time."""
        told = self.delay(delays)[:, None].expand(-1, letters.shape[1], -1)
        return self.decoder(self.core(torch.cat((self.letter(letters), told), -1))[0])


def bare_loop(steps: int = STEPS) -> None:
    """The plain training loop in torch: nothing recorded, nothing published, nothing kept; the data vectorised too."""
    torch.manual_seed(0)
    network = Bare()
    adam = torch.optim.Adam(network.parameters(), lr=0.003)
    time = torch.arange(LENGTH)
    for _ in range(steps):
        letters, delays = torch.randint(1, SYMBOLS, (BATCH, LENGTH)), torch.randint(0, DELAY + 1, (BATCH,))
        source = time - delays[:, None]
        targets = torch.where(source >= 0, letters.gather(1, source.clamp(min=0)), 0)
        loss = nn.functional.cross_entropy(network(letters, delays).flatten(0, 1), targets.flatten())
        adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 0.5)
        adam.step()


def recorded(steps: int = STEPS, settings: RunConfig | None = None) -> None:
    """A whole run of seqlab, from an empty folder to the last snapshot, its snapshots and evaluation in the time."""
    with tempfile.TemporaryDirectory() as folder:
        status = train(create(Path(folder), settings or config(steps=steps)).path)
    assert status.state == "finished", status.message


def watched(folder: Path) -> float:
    """Seconds of such a run in a folder that ``watcher`` watches."""
    run = create(folder, config())
    return timed(lambda: train(run.path))


@contextmanager
def watcher(folder: Path) -> Iterator[None]:
    """A second process that does what an open page does: four times a second it reads curves and newest weights."""
    process = multiprocessing.get_context("spawn").Process(target=_watch, args=(folder,), daemon=True)
    process.start()
    try:
        yield
    finally:
        process.terminate()
        process.join()


def _watch(folder: Path) -> None:
    ids = inputs_for("remember", 3)
    while True:
        for path in folder.iterdir():
            run = Run(path)
            try:
                if len(run.metrics()["step"]) and run.status.active:
                    network(run.core, ids, run.weights(), condition=np.array([3]))
            except Fault:  # a snapshot was thinned out in between
                continue
        time.sleep(0.25)


def rows() -> Iterator[Row]:
    """Measure on one thread; the two loops take turns, and the one that begins changes each round."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        recorded(20)
        bare_loop(20)
        pairs = []
        with tempfile.TemporaryDirectory() as folder, watcher(Path(folder)):
            loops = {"ours": lambda: watched(Path(folder)), "bare": lambda: timed(bare_loop)}
            for turn in range(ROUNDS):
                pairs.append({name: loops[name]() for name in sorted(loops, reverse=turn % 2 == 0)})
    finally:
        torch.set_num_threads(threads)
    ours, bare = (statistics.median(STEPS / pair[name] for pair in pairs) for name in ("ours", "bare"))
    ratio = statistics.median(pair["bare"] / pair["ours"] for pair in pairs)
    yield Row("training recorded and watched / bare torch loop", ratio, 0.95, "at least", "×",
              f"{ours:.0f} / {bare:.0f} steps/s, echo GRU {HIDDEN}, batch {BATCH}, {STEPS} steps")
    yield from _cuda()


def _cuda() -> Iterator[Row]:
    if not torch.cuda.is_available():
        return
    for hidden, batch in ((HIDDEN, BATCH), (512, 512)):
        speed = {}
        for device in ("cuda", "cpu"):
            recorded(settings=config(device, 20, hidden, batch))
            steps = 400 if hidden == HIDDEN else 60
            speed[device] = steps / timed(lambda d=device, n=steps, h=hidden, b=batch:
                                          recorded(settings=config(d, n, h, b)))
        yield Row(f"training on CUDA / CPU, GRU {hidden}, batch {batch}", speed["cuda"] / speed["cpu"], unit="×",
                  note=f"{speed['cuda']:.0f} / {speed['cpu']:.0f} steps/s")


if __name__ == "__main__":
    raise SystemExit(not show(list(rows())))
