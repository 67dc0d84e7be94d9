"""What the colours of a path can say about an input, by what is known of it."""

import re

import numpy as np

from seqlab import paths
from seqlab.trace import Trace
from seqlab.training.run import Run
from seqlab.training.task_input import read
from seqlab.ui.lenses.colours import Surroundings, colourings, truths


def test_a_bracket_language_colours_by_its_depth_and_a_text_by_its_words() -> None:
    run = Run(paths.checkpoints() / "grammar-brackets")
    given = read(run, list("(()())"))
    depth = truths(run, given.ids)["bracket depth"][0]
    np.testing.assert_array_equal(depth[-6:], [1, 2, 1, 2, 1, 0])
    cloud = np.repeat(given.ids, 4, axis=0)
    noise = np.random.default_rng(0).normal(size=(4, depth.size, 3))
    states = np.where(np.isfinite(depth), depth, 0)[:, None] * [2.0, 0.0, 0.0] + 0.01 * noise
    trace = [Trace({"p": np.eye(run.sizes.classes)[given.ids], "h.0": states[:1]})]
    offered = colourings(run, given, trace, "h.0", Surroundings(cloud, states))
    colours, probed = offered["bracket depth"](), offered["bracket depth, read by a probe"]()
    np.testing.assert_allclose(probed.path[0, -6:], depth[-6:], atol=0.1)  # the first unit holds it, twice as large
    assert (probed.low, probed.high) == (0, 2)
    assert re.search(r"R² (1|0.99)", probed.label)
    assert (colours.low, colours.high) == (0, 2)
    assert len(colours.cloud) == len(probed.cloud) == 4 * given.ids.size
    assert {"symbol", "time", "answer", "right answer"} <= set(offered)
    text = Run(paths.checkpoints() / "text-rnn")
    values = truths(text, read(text, "the time").ids)
    assert values["letters into the word"][0].tolist()[:3] == [1, 2, 3]
