"""What the colours of a path can say about an input, by what is known of it."""

import numpy as np

from seqlab import paths
from seqlab.trace import Trace
from seqlab.training.run import Run
from seqlab.training.task_input import read
from seqlab.ui.lenses.colours import colourings, truths


def test_a_bracket_language_colours_by_its_depth_and_a_text_by_its_words() -> None:
    run = Run(paths.checkpoints() / "grammar-brackets")
    given = read(run, list("(()())"))
    depth = truths(run, given.ids)["bracket depth"][0]
    np.testing.assert_array_equal(depth[-6:], [1, 2, 1, 2, 1, 0])
    trace = [Trace({"p": np.eye(run.sizes.classes)[given.ids]})]
    offered = colourings(run, given, trace, np.repeat(given.ids, 3, axis=0))
    colours = offered["bracket depth"]()
    assert (colours.low, colours.high) == (0, 2)
    assert len(colours.cloud) == 3 * given.ids.size
    assert {"symbol", "time", "answer", "right answer"} <= set(offered)
    text = Run(paths.checkpoints() / "text-rnn")
    values = truths(text, read(text, "the time").ids)
    assert values["letters into the word"][0].tolist()[:3] == [1, 2, 3]
