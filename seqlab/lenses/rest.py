"""Where a run's state would rest while one input is held: searched by the reference, and torch's word on it."""

from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Int

from seqlab.agreement import Agreement, compare
from seqlab.lenses import opened
from seqlab.models.network import SequenceNetwork
from seqlab.reference.cells import cells
from seqlab.reference.fixed_points import HeldInput, rests
from seqlab.reference.network import encode, network
from seqlab.training.answers import Rests
from seqlab.training.run import Run

STARTS = 24


def searched(path: str, step: int, symbol: int, condition: int | None,
             ids: Int[np.ndarray, "row time"]) -> Rests:
    """Hold a symbol for ever, and search for rest from states that a snapshot visits while it reads ``ids``.

    Raises Fault when the snapshot cannot be read.
    """
    run = Run(Path(path))
    weights = run.weights(step, "float64")
    held = _held(run, weights, symbol, condition)
    given = None if condition is None else np.full(len(ids), condition)
    visited = held.visited(network(run.core, ids, weights, condition=given))
    starts = visited[np.random.default_rng(0).permutation(len(visited))[:STARTS]]
    points = rests(held, starts)
    places = np.stack([point.state for point in points]) if points else starts[:2]  # one that moves proves it too
    return {"points": points,
            "agreement": {precision: _agreement(run, step, symbol, condition, places.astype(precision))
                          for precision in ("float32", "float64")}}


def _agreement(run: Run, step: int, symbol: int, condition: int | None,
               places: Float[np.ndarray, "point unit"]) -> Agreement:
    precision = str(places.dtype)
    held = _held(run, run.weights(step, precision), symbol, condition)
    by_torch = moves(opened.network(str(run.path), step, precision), symbol, condition, places)
    return compare({"after": held.step(places), "slopes": held.jacobian(places)}, by_torch)


def _held(run: Run, weights: dict[str, np.ndarray], symbol: int, condition: int | None) -> HeldInput:
    x = encode(np.array([[symbol]]), weights, None if condition is None else np.array([condition]))
    return HeldInput(cells()[run.core.name], x[0, 0], weights)


def moves(network: SequenceNetwork, symbol: int, condition: int | None,
          states: Float[np.ndarray, "point unit"]) -> dict[str, np.ndarray]:
    """One step from states by torch's module, and its Jacobian by autograd: ``after`` and ``slopes``."""
    points, units = states.shape
    given = None if condition is None else torch.tensor([condition])
    x = network.encoder(torch.tensor([[symbol]]), given)

    def step(rows: torch.Tensor) -> torch.Tensor:
        layers, keys = network.config.layers, len(cells()[network.config.model].state)
        parts = rows.reshape(len(rows), keys, layers, -1).permute(1, 2, 0, 3).contiguous().unbind(0)
        _, last = network.core(x.expand(len(rows), 1, -1), tuple(parts) if keys > 1 else parts[0])
        return torch.cat([part for key in (last if keys > 1 else (last,)) for part in key], -1)

    many = torch.from_numpy(states).repeat_interleave(units, 0).requires_grad_()
    (slopes,) = torch.autograd.grad(step(many), many, torch.eye(units, dtype=many.dtype).repeat(points, 1))
    with torch.no_grad():
        after = step(torch.from_numpy(states))
    return {"after": after.numpy(), "slopes": slopes.reshape(points, units, units).numpy()}
