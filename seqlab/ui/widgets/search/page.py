"""A search alone: three units on a short text, the first of which is on inside quotes."""

import numpy as np

from seqlab.figures.search import ColouredPassage, FollowingUnit, Search, search_bytes
from seqlab.reference.annotations import inside_quotes
from seqlab.ui.widgets.search import search

TEXT = 'He said "it is late" and she said "not yet" before the door was shut. ' * 4


def sample() -> bytes:
    """Sample data: what follows the rule closely, less closely and not at all."""
    rng, labels = np.random.default_rng(1), inside_quotes(TEXT)
    values = np.tanh(np.stack([2 * labels - 1, 0.5 - labels, 0 * labels]) + rng.normal(0, 0.3, (3, len(TEXT))))
    parts = [slice(place, place + 50) for place in (0, 71, 142)]
    listed = (12, 0.98, 1, "quotes"), (3, 0.81, -1, ""), (40, 0.52, 1, "")
    units = [FollowingUnit(unit, score, sign, name, [
        ColouredPassage(TEXT[part], values[row:row + 1, part], labels[part], 20, (True, True)) for part in parts])
        for row, (unit, score, sign, name) in enumerate(listed)]
    return search_bytes(Search("inside quotes", "h", "AUC", (-1.0, 1.0), "diverging", "", units,
                               ColouredPassage(TEXT, values, labels), 12))


if __name__ == "__main__":
    search(sample(), key="sample", on_choose=lambda value: None)
