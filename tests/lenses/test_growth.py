"""Errors along a sequence: small where the network forgets, large where it is chaotic."""

import numpy as np
import pytest

from seqlab.agreement import TOLERANCE
from seqlab.lenses.growth import growth, growth_of_run
from seqlab.reference.cells import cells
from seqlab.reference.special import drawn
from seqlab.training.run import Run

X = np.random.default_rng(1).uniform(-1, 1, (1500, 3))


@pytest.mark.parametrize("cell", cells())
def test_a_forgetting_network_agrees_for_all_steps(cell: str) -> None:
    found = growth(cell, drawn(cells()[cell], 16, 3, 0), X)
    assert {found[name].shape for name in ("numpy32", "torch32", "torch64", "size")} == {(1500,)}
    for name in ("numpy32", "torch32"):
        assert 0 < found[name].max() < TOLERANCE["float32"] / 10
    assert found["torch64"].max() < 1e-13
    assert found["agreement"].holds
    assert found["agreement"].numbers == 1500 * 16


def test_a_chaotic_network_leaves_the_band_float32_long_before_float64() -> None:
    found = growth("rnn_tanh", drawn(cells()["rnn_tanh"], 16, 3, 0, recurrent=4.0), X)
    single, double = ((found[name] > TOLERANCE["float32"]).argmax() for name in ("torch32", "torch64"))
    assert 0 < single < double
    assert found["torch32"][-100:].max() > 0.1
    assert not found["agreement"].holds


def test_the_first_layer_of_a_run_with_its_recurrent_weights_scaled(recurrent_run: Run) -> None:
    step = recurrent_run.snapshots()[-1]
    plain, strong = (growth_of_run(str(recurrent_run.path), step, scale, 60, 0) for scale in (1.0, 3.0))
    assert plain["agreement"].holds
    assert plain["numpy32"].shape == (60,)
    assert not np.array_equal(plain["size"], strong["size"])
