"""How rounding errors grow with time: the same weights and input in float32 and in float64, in NumPy and in torch."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from jaxtyping import Float

from seqlab.agreement import compare
from seqlab.lenses.cells import states
from seqlab.reference.cells import cells
from seqlab.reference.core import cores
from seqlab.reference.network import encode, stack
from seqlab.training.answers import ErrorGrowth
from seqlab.training.run import Run


def growth(cell: str, weights: Mapping[str, np.ndarray], x: Float[np.ndarray, "time input"]) -> ErrorGrowth:
    """Run one layer in four ways and say how far three of them are from NumPy in float64.

    Returns for each time the largest |Δ| over the units: ``numpy32`` and ``torch32`` are the float32 passes,
    ``torch64`` is torch in float64; ``size`` is the largest of what the layer gives at that time, and ``agreement``
    that of the two float64 passes over all times and units.
    """
    passes, given = {}, f"{cells()[cell].output}.0"
    for dtype in ("float64", "float32"):
        cast, inputs = {name: part.astype(dtype) for name, part in weights.items()}, x[None].astype(dtype)
        passes[f"numpy{dtype[-2:]}"] = stack(cores()[cell], inputs, cast)[given]
        passes[f"torch{dtype[-2:]}"] = states(cell, cast, inputs)
    exact = passes["numpy64"]
    far = {name: np.abs(part - exact).max(-1)[0] for name, part in passes.items()}
    return {"numpy32": far["numpy32"], "torch32": far["torch32"], "torch64": far["torch64"],
            "size": np.abs(exact).max(-1)[0], "agreement": compare({given: exact}, {given: passes["torch64"]})}


def growth_of_run(path: str, step: int, recurrent: float, time: int, seed: int) -> ErrorGrowth:
    """Do so for the first layer of a run, on random symbols, with its recurrent weights times ``recurrent``.

    Raises Fault where the weights cannot be read.
    """
    run = Run(Path(path))
    weights, rng = run.weights(step, "float64"), np.random.default_rng(seed)
    ids = rng.integers(1, run.sizes.symbols, (1, time))
    condition = rng.integers(0, run.sizes.conditions, 1) if run.sizes.conditions else None
    layer = cells()[run.core.name].parts.of(weights, 0).scaled(recurrent).named(0)
    return growth(run.core.name, layer, encode(ids, weights, condition)[0])
