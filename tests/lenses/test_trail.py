from pathlib import Path

import numpy as np
import pytest

from seqlab.agreement import compare
from seqlab.lenses.trail import in_precisions
from seqlab.reference.core import cores
from seqlab.reference.intervention import Intervention
from seqlab.reference.trail import trails
from seqlab.tasks.echo import inputs_for
from seqlab.training.config import NetworkConfig, RunConfig
from seqlab.training.run import create
from seqlab.training.session import train

IDS, POSITIONS, ALTERNATIVES = inputs_for("trail", 2)[0], (0, 2, 4), tuple(range(27))


@pytest.mark.parametrize("model", sorted(cores()))
def test_torch_leaves_the_same_trail_in_every_core(model: str, tmp_path: Path) -> None:
    run = create(tmp_path, RunConfig(task={"name": "echo", "delay": 2, "length": 8}, batch=4, steps=1, device="cpu",
                                     network=NetworkConfig(model=model, hidden=6, layers=2, heads=2, embedding=4)))
    assert train(run.path).state == "finished"
    patched = Intervention("h.0", "patch", units=(1, 2), times=(3,), source=tuple(IDS[::-1].tolist()))
    for changes in ((), (Intervention("h.1", units=(0,)), patched)):
        reference = trails(run.core, IDS, run.weights(dtype="float64"), POSITIONS, np.array(ALTERNATIVES), condition=2,
                           changes=changes)
        single = trails(run.core, IDS, run.weights(), POSITIONS, np.array(ALTERNATIVES), condition=2, changes=changes)
        torch = in_precisions(str(run.path), run.newest, IDS, 2, POSITIONS, ALTERNATIVES, list(reference),
                              ("float64", "float32"), changes)
        assert compare(reference, torch["float64"]).largest <= 1e-12
        assert compare(single, torch["float32"]).holds
        assert single["p"].dtype == torch["float32"]["p"].dtype == np.float32
        if changes:  # a unit that is set holds nothing, and what comes from elsewhere does not either
            assert reference["h.1"][..., 0].max() < 1e-14
            assert reference["h.0"][:, 3, 1:3].max() < 1e-14
            assert reference["h.0"][0].max() > 1e-6
