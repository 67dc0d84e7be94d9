"""The hello lab's picture alone: a shipped GRU that writes a word, with every weight."""

from typing import cast

from seqlab import paths
from seqlab.figures.lesson import lesson
from seqlab.reference.network import network
from seqlab.tasks.hello import HelloConfig
from seqlab.training.run import Run
from seqlab.ui.widgets.hello import hello


def sample() -> bytes:
    """Sample data: a trace and the weights of each epoch."""
    run = Run(paths.checkpoints() / "hello-gru")
    config = cast(HelloConfig, run.config.task_config)
    steps = run.snapshots()
    weights = [run.weights(step) for step in steps]
    traces = [network(run.core, config.inputs, part) for part in weights]
    return lesson(traces, weights, core=run.core, config=config, steps=steps, reduction=run.config.reduction,
                  channel="sample")


if __name__ == "__main__":
    hello(sample(), key="sample")
