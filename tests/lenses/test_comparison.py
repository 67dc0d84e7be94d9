"""Torch's side of a comparison against NumPy's: both passes, answers at temperatures, KL, and unit correlations."""

import numpy as np
import pytest

from seqlab import agreement
from seqlab.figures.rounding import PRECISIONS
from seqlab.lenses import comparison
from seqlab.reference.intervention import Intervention
from seqlab.reference.matching import correlations
from seqlab.reference.network import network
from seqlab.training.question import Question
from seqlab.training.run import Run
from seqlab.ui.studios.compare.passes import Pair

IDS = (3, 1, 4, 1, 5, 0)


@pytest.mark.parametrize(("temperatures", "changes"), [
    ((1.0, 1.0), ()), ((0.3, 2.5), (Intervention("h.0", "add", 3.0),))])
def test_two_snapshots_agree_with_torch_to_the_last_divergence(
        run: Run, temperatures: tuple[float, float], changes: tuple[Intervention, ...]) -> None:
    first, last = (Question(str(run.path), step, IDS, 1 if run.sizes.conditions else None, changes)
                   for step in (run.snapshots()[0], run.snapshots()[-1]))
    pair = Pair.of(first, last, temperatures)
    torch = comparison.in_precisions(pair.a, pair.b, temperatures, pair.alike, PRECISIONS)
    for precision in PRECISIONS:
        reference = pair.compute(precision)
        assert reference.kl.min() > -1e-12
        assert reference.kl.max() > 1e-3
        assert agreement.compare(reference.arrays, torch[precision]).largest <= (
            1e-10 if precision == "float64" else 1e-4)


def test_unit_correlations_agree_with_torch(run: Run) -> None:
    ids, condition = comparison.drawn(str(run.path), 16)
    assert ids.shape == (16, 8)
    steps = (run.snapshots()[0], run.snapshots()[-1])
    torch = comparison.correlations(*((str(run.path), step) for step in steps), (ids, ids), (condition, condition),
                                    (1, 1))
    states = [network(run.core, ids, run.weights(step, "float64"), condition=condition)["h.1"].reshape(-1, 12)[::2]
              for step in steps]
    np.testing.assert_allclose(correlations(*states), torch, atol=1e-10)
