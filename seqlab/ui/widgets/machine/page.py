"""The machine alone: the shipped GRU that echoes a word, its one layer."""

from seqlab import paths
from seqlab.figures.machine import LayerMachine, machine_picture
from seqlab.reference.formulas.spot import Pass
from seqlab.tasks.echo import ALPHABET, inputs_for, target_for
from seqlab.training.question import Question
from seqlab.training.run import Run
from seqlab.ui.widgets.machine import machine

WORD, DELAY = "explorer", 4


def sample() -> bytes:
    """Sample data: what the layer computes for the word, and for the silence in which the network answers."""
    run, symbols = Run(paths.checkpoints() / "echo-fixed-gru"), ALPHABET.symbols
    ids = tuple(inputs_for(WORD, DELAY)[0].tolist())
    question = Question(str(run.path), run.newest, ids)
    forward, shown = Pass(question.trace(), question.weights(), ids), LayerMachine(run.core)
    predicted = [symbols[best] for best in forward.trace["p"][0].argmax(-1)]
    return machine_picture(shown, forward, shown.numbers(forward), letters=[*WORD, *"·" * DELAY], predicted=predicted,
                           target=target_for(WORD, DELAY), key="machine-")


if __name__ == "__main__":
    machine(sample(), key="sample", on_open=print, on_pick=print)
