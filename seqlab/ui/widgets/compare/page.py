"""The comparison alone: two shipped networks of different sizes echo the same word."""

import numpy as np

from seqlab import paths
from seqlab.figures.comparison import Side, comparison, numbered
from seqlab.reference.network import network
from seqlab.tasks.echo import ALPHABET, inputs_for, target_for
from seqlab.training.run import Run
from seqlab.ui.widgets.compare import compare

WORD, DELAY = "compare", 4


def side(name: str) -> Side:
    """Sample data: what a shipped network makes of the word."""
    run = Run(paths.checkpoints() / name)
    trace = network(run.core, inputs_for(WORD, DELAY), run.weights())
    return Side(run.name, run.core, trace, np.asarray(trace["p"][0]), WORD + "·" * DELAY, target_for(WORD, DELAY),
                ALPHABET.symbols)


def sample() -> bytes:
    """Their hidden states, unit by unit in the order of their numbers."""
    a, b = side("echo-fixed-gru"), side("echo-fixed-lstm")
    return comparison(a, b, "h.0", numbered(64, 64), difference=True, kl=np.linspace(0, 3, len(a.inputs)))


if __name__ == "__main__":
    compare(sample(), key="sample")
