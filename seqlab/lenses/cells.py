"""The course's five lines measured anew, and the states of any one-layer cell in torch."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import nn

from seqlab.agreement import relative_error
from seqlab.models import models
from seqlab.reference.attention import AttentionWeights, attention
from seqlab.reference.cells import cells
from seqlab.reference.core import cores
from seqlab.reference.network import stack
from seqlab.reference.special import gru_from_rnn, gru_long_term_memory
from seqlab.training.config import NetworkConfig

PRECISIONS = ("float32", "float64")
BATCH, TIME, INPUT, HIDDEN = 4, 12, 3, 2
POSITIONS, WIDTH, HEADS = 8, 10, 5


def five_lines(seeds: Sequence[int]) -> dict[str, Float[np.ndarray, "seed 2"]]:
    """Measure each line for each seed: NumPy against torch, and beside it torch in float32 against its own float64."""
    with torch.inference_mode():
        return {name: np.array([measure(seed) for seed in seeds]) for name, measure in MEASURES.items()}


def one_layer(cell: str, width: int, hidden: int) -> nn.Module:
    """Build a cell's module of one layer, in torch."""
    return models()[cell].build(width, NetworkConfig(model=cell, hidden=hidden))


def module(cell: str, weights: Mapping[str, np.ndarray], width: int) -> nn.Module:
    """Build torch's module of one layer that reads ``width`` numbers, with the given weights, in their precision."""
    made = one_layer(cell, width, cells()[cell].parts.sizes(weights)[1])
    parts = {name.removeprefix("core."): torch.from_numpy(np.array(part)) for name, part in weights.items()}
    made.to(next(iter(parts.values())).dtype).load_state_dict(parts)
    return made


def states(cell: str, weights: Mapping[str, np.ndarray], x: Float[np.ndarray, "batch time input"],
           state: Float[np.ndarray, "batch hidden"] | None = None,
           times: Int[np.ndarray, " some"] | None = None) -> Float[np.ndarray, "batch some hidden"]:
    """Hidden states of torch's module at the given times (None: at all); ``state`` is the initial h."""
    first = None if state is None else torch.from_numpy(np.array(state))[None]
    with torch.inference_mode():
        h = module(cell, weights, x.shape[2])(torch.from_numpy(np.array(x)), first)[0].numpy()
    return h if times is None else h[:, times]


def in_precisions(passes: Sequence[tuple[str, Mapping[str, np.ndarray]]],
                  x: Float[np.ndarray, "batch time input"]) -> dict[str, Float[np.ndarray, "passes time hidden"]]:
    """Run pairs of a cell and its weights on one input, in float32 and in float64: one trip instead of many."""
    return {dtype: np.concatenate([states(cell, _as(weights, dtype), x.astype(dtype)) for cell, weights in passes])
            for dtype in PRECISIONS}


def memories(weights: Mapping[str, np.ndarray], x: Float[np.ndarray, "time input"],
             first: Float[np.ndarray, " hidden"], biases: Float[np.ndarray, " bias"],
             times: Int[np.ndarray, " some"]) -> dict[str, Float[np.ndarray, "bias some hidden"]]:
    """States at the given times, in float32 and float64, of a GRU that reads z's bias from its last input.

    All biases run as one batch, each from the same initial state ``first`` over the same input.
    """
    column = np.broadcast_to(biases[:, None, None], (biases.size, len(x), 1))
    inputs = np.concatenate([np.broadcast_to(x, (biases.size, *x.shape)), column], axis=-1)
    state = np.broadcast_to(first, (biases.size, first.size))
    return {dtype: states("gru", _as(weights, dtype), inputs.astype(dtype), state.astype(dtype), times)
            for dtype in PRECISIONS}


def _as(weights: Mapping[str, np.ndarray], dtype: str) -> dict[str, np.ndarray]:
    return {name: part.astype(dtype) for name, part in weights.items()}


def _plain(made: nn.Module) -> dict[str, np.ndarray]:
    return {f"core.{name}": part.numpy().copy() for name, part in made.state_dict().items()}


def _recurrent(cell: str, seed: int) -> tuple[float, float]:
    torch.manual_seed(seed)
    made, x = one_layer(cell, INPUT, HIDDEN), torch.rand(BATCH, TIME, INPUT)
    weights, by_torch = _plain(made), made(x)[0].numpy()
    reference = stack(cores()[cell], x.numpy(), weights)["h.0"]
    return relative_error(reference, by_torch), relative_error(by_torch, made.double()(x.double())[0].numpy())


def _special(seed: int) -> tuple[float, float]:
    torch.manual_seed(seed)
    rnn, x = one_layer("rnn_tanh", INPUT, HIDDEN), torch.rand(BATCH, TIME, INPUT)
    weights, by_torch = gru_from_rnn(_plain(rnn)), rnn(x)[0].numpy()
    reference = stack(cores()["gru"], x.numpy(), weights)["h.0"]
    return relative_error(reference, by_torch), relative_error(by_torch, rnn.double()(x.double())[0].numpy())


def _memory(seed: int) -> tuple[float, float]:
    torch.manual_seed(seed)
    first, x = torch.rand(BATCH, HIDDEN).numpy(), torch.rand(BATCH, TIME, INPUT).numpy()
    weights = gru_long_term_memory(HIDDEN, INPUT, dtype="float32")
    reference = stack(cores()["gru"], x, weights, state=(first[None],))["h.0"]
    by_torch = states("gru", weights, x, first)
    return float(np.abs(reference - first[:, None]).max()), float(np.abs(by_torch - first[:, None]).max())


def _attention(seed: int) -> tuple[float, float]:
    torch.manual_seed(seed)
    made, x = nn.MultiheadAttention(WIDTH, HEADS, bias=False, batch_first=True), torch.rand(BATCH, POSITIONS, WIDTH)
    by_torch = made(x, x, x)[0].numpy()
    W_q, W_k, W_v = made.in_proj_weight.numpy().reshape(3, HEADS, WIDTH // HEADS, WIDTH)
    reference = attention(x.numpy(), AttentionWeights(W_q, W_k, W_v, made.out_proj.weight.numpy()))["attended"]
    double = x.double()
    exact = made.double()(double, double, double)[0].numpy()
    return float(np.abs(reference - by_torch).mean()), float(np.abs(by_torch - exact).mean())


MEASURES: dict[str, Callable[[int], tuple[float, float]]] = {
    "rnn": lambda seed: _recurrent("rnn_tanh", seed), "gru": lambda seed: _recurrent("gru", seed),
    "special": _special, "memory": _memory, "attention": _attention,
}
