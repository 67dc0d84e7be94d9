"""The other conventions in torch, against the formulas in NumPy."""

import numpy as np
import pytest

from seqlab.agreement import compare
from seqlab.errors import Fault
from seqlab.lenses import conventions as lens
from seqlab.reference.cells import cells
from seqlab.reference.conventions import TORCH, Convention, network_in, stack_in
from seqlab.reference.special import drawn
from seqlab.tasks.echo import inputs_for
from seqlab.trace import Trace
from seqlab.training.config import NetworkConfig, RunConfig
from seqlab.training.run import Run, create
from seqlab.training.session import train

ALL = [Convention(reset, z) for reset in ("after", "before") for z in ("keeps", "takes")]
IDS = inputs_for("proof", 2)


@pytest.fixture(scope="module")
def gru(tmp_path_factory: pytest.TempPathFactory) -> Run:
    config = RunConfig(task={"name": "echo", "form": "variable", "delay": 2, "length": 8}, steps=20, batch=16,
                       network=NetworkConfig(model="gru", hidden=9, layers=2, embedding=5), device="cpu")
    made = create(tmp_path_factory.mktemp("gru"), config)
    train(made.path)
    return made


@pytest.mark.parametrize("convention", ALL, ids=str)
@pytest.mark.parametrize("sizes", [(1, 3, 1), (8, 3, 40), (33, 5, 25)])
def test_every_convention_agrees_over_every_quantity(convention: Convention, sizes: tuple[int, int, int]) -> None:
    hidden, width, time = sizes
    weights, x = drawn(cells()["gru"], hidden, width, 1), np.random.default_rng(2).uniform(-1, 1, (3, time, width))
    theirs = lens.traces(convention, weights, x, ("float32", "float64"))
    for dtype, allowed in (("float32", 2e-6), ("float64", 1e-12)):
        cast = {name: part.astype(dtype) for name, part in weights.items()}
        found = compare(stack_in(convention, x.astype(dtype), cast), Trace(theirs[dtype]))
        assert found.largest <= allowed


@pytest.mark.parametrize("convention", ALL, ids=str)
def test_a_whole_network_is_read_alike(convention: Convention, gru: Run) -> None:
    step = gru.snapshots()[-1]
    ours = network_in(convention, IDS, gru.weights(step, "float64"), np.array([2]))
    theirs = lens.network_traces(convention, str(gru.path), step, IDS, np.array([2]))
    assert compare(ours, Trace(theirs)).largest <= 1e-12
    logits = lens.network_logits(convention, str(gru.path), step, IDS, np.array([2]))
    np.testing.assert_array_equal(logits, theirs["logits"])


def test_two_conventions_are_told_apart(gru: Run) -> None:
    step = gru.snapshots()[-1]
    one = network_in(TORCH, IDS, gru.weights(step, "float64"), np.array([2]))
    other = lens.network_traces(Convention("before"), str(gru.path), step, IDS, np.array([2]))
    assert not compare(one, Trace(other)).holds


def test_a_network_that_is_no_gru_is_refused_in_one_sentence(run: Run) -> None:
    with pytest.raises(Fault, match="Only a GRU"):
        lens.network_traces(TORCH, str(run.path), run.snapshots()[-1], IDS, None)
