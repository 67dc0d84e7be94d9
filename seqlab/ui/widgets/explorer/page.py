"""The explorer alone: a shipped GRU that echoes a word after some steps, in every snapshot of its training."""

import numpy as np

from seqlab import paths
from seqlab.figures.film import film
from seqlab.reference.network import network
from seqlab.tasks.echo import ALPHABET
from seqlab.training.run import Run
from seqlab.ui.widgets.explorer import explorer

WORD, DELAY = "explorer", 4


def sample() -> bytes:
    """Sample data: what the network computes for the word, and for the silence in which it answers."""
    run = Run(paths.checkpoints() / "echo-fixed-gru")
    symbols = [*WORD, *"·" * DELAY]
    ids = np.array([[ALPHABET.symbols.index(symbol) for symbol in symbols]])
    traces = [network(run.core, ids, run.weights(step)) for step in run.snapshots()]
    return film(traces, core=run.core, steps=run.snapshots(), alphabet=ALPHABET.symbols, inputs=symbols,
                target=[*"·" * DELAY, *WORD], channel="sample", delay=DELAY)


if __name__ == "__main__":
    explorer(sample(), key="sample")
