"""A whole network in NumPy: symbols → vectors → recurrent layers → logits → probabilities."""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float, Int

from seqlab.reference.activations import softmax
from seqlab.reference.cells import Cell, LayerWeights
from seqlab.reference.linear import embedding, linear
from seqlab.trace import Trace

Weights = Mapping[str, np.ndarray]


def stack(cell: Cell, x: Float[np.ndarray, "batch time input"], weights: Weights, *, prefix: str = "core.",
          state: tuple[Float[np.ndarray, "layer batch hidden"], ...] | None = None) -> Trace:
    """Run as many layers as the weights hold, each reading the hidden states of the one below.

    The initial state is zero unless given, one array for each of ``cell.state``.
    Raises ValueError for a sequence of no time steps, no batch, or a state of the wrong shape.
    """
    if not x.shape[0] or not x.shape[1]:
        raise ValueError(f"a pass needs at least one sequence and one time step, got shape {x.shape}")
    layers = sum(name.startswith(f"{prefix}weight_hh_l") for name in weights)
    hidden = weights[f"{prefix}weight_hh_l0"].shape[1]
    state = _initial(cell, state, (layers, x.shape[0], hidden), x.dtype)
    values, below = {"x": x}, x
    for layer in range(layers):
        result = cell.forward(below, tuple(part[layer] for part in state), LayerWeights.of(weights, layer, prefix))
        values |= {f"{key}.{layer}": array.swapaxes(0, 1) for key, array in result.items()}
        below = values[f"h.{layer}"]
    return Trace(values)


def network(cell: Cell, ids: Int[np.ndarray, "batch time"], weights: Weights, *,
            condition: Int[np.ndarray, " batch"] | None = None,
            state: tuple[Float[np.ndarray, "layer batch hidden"], ...] | None = None) -> Trace:
    """Run a whole network as ``models.network.SequenceNetwork`` does, in the precision of the weights.

    x_t = [code of the symbol; code of the condition], where a code is a row of an embedding; a one-hot input is
    the embedding whose matrix is the identity. The condition (such as a delay) is the same at every time.
    """
    x = encode(ids, weights, condition)
    trace = stack(cell, x, weights, state=state)
    logits = linear(trace[f"h.{trace.layers - 1}"], weights["decoder.weight"], weights["decoder.bias"])
    return Trace({**trace, "logits": logits, "p": softmax(logits)})


def encode(ids: Int[np.ndarray, "batch time"], weights: Weights,
           condition: Int[np.ndarray, " batch"] | None = None) -> Float[np.ndarray, "batch time input"]:
    """Turn symbols, and the condition if the network reads one, into the vectors x_t."""
    codes = [embedding(ids, weights["encoder.symbol.weight"])]
    if condition is not None:
        everywhere = np.broadcast_to(condition[:, None], ids.shape)
        codes.append(embedding(everywhere, weights["encoder.condition.weight"]))
    return np.concatenate(codes, axis=-1)


def _initial(cell: Cell, state: tuple[np.ndarray, ...] | None, shape: tuple[int, int, int],
             dtype: np.dtype) -> tuple[np.ndarray, ...]:
    if state is None:
        return tuple(np.zeros(shape, dtype) for _ in cell.state)
    for key, part in zip(cell.state, state, strict=True):
        if part.shape != shape:
            raise ValueError(f"the initial {key} has shape {part.shape}, expected layer, batch, hidden = {shape}")
    return tuple(part.astype(dtype) for part in state)
