"""Drawing 1,000 characters with what was read kept, against reading the whole text again for each one.

The two may differ by 1e-6 in float64, in which the sampling studio draws. In float32 the order of a product's terms
alone moves a probability by about as much, so that is shown without a target.

    python -m tests.benchmarks.sampling
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read when NumPy is imported

import statistics
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import torch

from seqlab.models.network import SequenceNetwork
from seqlab.reference.activations import softmax
from seqlab.reference.core import Core, cores
from seqlab.reference.network import network
from seqlab.reference.sampling import Choice, Sampled, draw, sample, shape, uniforms
from seqlab.tasks import Dimensions
from seqlab.training.config import NetworkConfig
from tests.benchmarks.table import Row, show, timed

COUNT, VOCAB, REACH = 1000, 28, 64
LOUD = 6.0  # times the weights of a fresh decoder
EVERY = 25  # each of these prefix lengths is timed and stands for its neighbours
PROMPT = np.array([20, 8, 5])
NETWORKS = {"gru": {"hidden": 256}, "lstm": {"hidden": 256}, "lstm_sum": {"hidden": 256, "layers": 2},
            "rnn_tanh": {"hidden": 256}, "rnn_relu": {"hidden": 256},
            "transformer": {"hidden": 128, "layers": 3, "heads": 4}}
TARGET = {"gru": 50.0}


def rows() -> Iterator[Row]:
    """Measure the GRU against reading again in NumPy and in torch, then how far the two ways are apart, every core."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        for dtype in ("float64", "float32"):
            yield from _speed("gru", dtype)
    finally:
        torch.set_num_threads(threads)
    for name in NETWORKS:
        for dtype in ("float32", "float64"):
            yield _equal(name, dtype)


def _speed(name: str, dtype: str) -> Iterator[Row]:
    core, made, weights = _network(name, dtype)
    ids = np.concatenate((PROMPT, _sample(core, weights).ids[0]))
    kept = statistics.median(timed(lambda: _sample(core, weights)) for _ in range(5))
    prefix = range(len(PROMPT), len(PROMPT) + COUNT, EVERY)

    def numpy(length: int) -> None:
        logits = network(core, ids[None, :length], weights)["logits"][0, -1]
        draw(shape(logits, Choice()).p, np.array(0.5))

    def torchs(length: int) -> None:
        with torch.inference_mode():
            torch.multinomial(made(torch.from_numpy(ids[None, :length]))[0, -1].softmax(-1), 1)

    for program, read in (("NumPy", numpy), ("torch, fused", torchs)):
        again = _whole(read, prefix)
        yield Row(f"{COUNT:,} characters, {name} 256: text read again each time in {program} / kept", again / kept,
                  TARGET[name] if program == "NumPy" else None, "at least", "×",
                  note=f"{dtype}, {again:.1f} s / {kept:.2f} s; every {EVERY}th length timed, each for {EVERY}")


def _whole(read: Callable[[int], None], lengths: range) -> float:
    """Seconds for all lengths, from the faster of two times for each length of the sample."""
    read(lengths[0])
    return EVERY * sum(min(timed(partial(read, length)) for _ in range(2)) for length in lengths)


def _equal(name: str, dtype: str) -> Row:
    core, _, weights = _network(name, dtype)
    found = _sample(core, weights)
    ids, gap = np.concatenate((PROMPT, found.ids[0])), 0.0
    for place in range(0, COUNT, 7):
        until = len(PROMPT) + place
        again = network(core, ids[None, until - found.seen[place]:until], weights)["logits"][0, -1]
        gap = max(gap, float(np.abs(softmax(found.logits[0, place]) - softmax(again)).max()))
    return Row(f"largest |Δp|, kept and read again, {name}, {dtype}", gap,
               1e-6 if dtype == "float64" else None, note=f"every 7th of {COUNT:,} characters, decoder × {LOUD:g}")


def _sample(core: Core, weights: dict[str, np.ndarray]) -> Sampled:
    return sample(core, weights, PROMPT, [Choice()], uniforms(0, COUNT), masked=(0,), reach=REACH)


def _network(name: str, dtype: str) -> tuple[Core, SequenceNetwork, dict[str, np.ndarray]]:
    """A network whose decoder speaks up, so that its probabilities are as uneven as a trained one's."""
    torch.manual_seed(0)
    config = NetworkConfig(**{"model": name, "embedding": 64} | NETWORKS[name])
    made = SequenceNetwork(config, Dimensions(VOCAB, VOCAB, longest=REACH)).to(getattr(torch, dtype)).eval()
    with torch.no_grad():
        made.get_parameter("decoder.weight").mul_(LOUD)
    return cores()[name], made, {key: part.detach().numpy() for key, part in made.state_dict().items()}


if __name__ == "__main__":
    raise SystemExit(not show(list(rows())))
