"""A full gate trace in NumPy against torch's fused forward alone: T = 1000, H = 256, batch 1, one thread.

    python -m tests.benchmarks.trace
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read when NumPy is imported

from collections.abc import Iterator

import torch

from seqlab.models import models
from seqlab.reference.cells import cells
from seqlab.reference.network import stack
from seqlab.training.config import NetworkConfig
from tests.benchmarks.table import Row, interleaved, show

TIME, HIDDEN, INPUT = 1000, 256, 64
TARGET = {"gru": 1.2}


def rows() -> Iterator[Row]:
    """Measure every cell; runs of the two programs take turns."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield from (_row(name) for name in cells())
    finally:
        torch.set_num_threads(threads)


def _row(name: str) -> Row:
    torch.manual_seed(0)
    core = models()[name].build(INPUT, NetworkConfig(model=name, hidden=HIDDEN))
    x = torch.randn(1, TIME, INPUT)
    weights = {f"core.{key}": part.detach().numpy() for key, part in core.state_dict().items()}

    def forward_alone() -> None:
        with torch.inference_mode():
            core(x)

    ours, theirs, ratio = interleaved(lambda: stack(cells()[name], x.numpy(), weights), forward_alone)
    return Row(f"full trace in NumPy / torch forward, {name}", ratio, TARGET.get(name), unit="×",
               note=f"median of 25: {ours * 1e3:.1f} ms / {theirs * 1e3:.1f} ms")


if __name__ == "__main__":
    raise SystemExit(not show(list(rows())))
