"""The course's five lines measured anew, and the states of any one-layer cell in torch."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from seqlab.agreement import relative_error
from seqlab.models import models
from seqlab.reference.attention import AttentionWeights, attention
from seqlab.reference.cells import cells
from seqlab.reference.core import cores
from seqlab.reference.network import stack
from seqlab.reference.special import gru_from_rnn, gru_long_term_memory
from seqlab.training.config import NetworkConfig
from seqlab.training.device import processor
from seqlab.training.turns import TURNS

PRECISIONS = ("float32", "float64")
BATCH, TIME, INPUT, HIDDEN = 4, 12, 3, 2
POSITIONS, WIDTH, HEADS = 8, 10, 5


def five_lines(seeds: Sequence[int], setup: str = "course") -> dict[str, Float[np.ndarray, "seed 2"]]:
    """Measure each line for each seed: what it compares, and beside it torch in float32 against its own float64.

    ``course`` is the published setup: inputs and initial state from a standard normal, the error of the outputs and
    that of the final state added up. ``unit`` draws inputs from [0, 1), starts at zero and takes the outputs alone.
    Weights are torch's own initial ones, which it draws from its one random state: a run that trains in this process
    has its turn before or after. Everything is float32.
    """
    with TURNS.enter(), torch.inference_mode():
        return {name: np.array([_measured(measure, SETUPS[setup], seed) for seed in seeds])
                for name, measure in MEASURES.items()}


def measured_on() -> str:
    """Name of the processor that this worker measures on."""
    return processor()


def one_layer(cell: str, width: int, hidden: int) -> nn.Module:
    """Build a cell's module of one layer, in torch."""
    return models()[cell].build(width, NetworkConfig(model=cell, hidden=hidden))


def module(cell: str, weights: Mapping[str, np.ndarray], width: int) -> nn.Module:
    """Build torch's module of one layer that reads ``width`` numbers, with the given weights, in their precision."""
    with torch.device("meta"):  # so that no initial weights are drawn
        made = one_layer(cell, width, cells()[cell].parts.sizes(weights)[1])
    parts = {name.removeprefix("core."): torch.from_numpy(np.array(part)) for name, part in weights.items()}
    made.load_state_dict(parts, assign=True)
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


@dataclass(frozen=True)
class Setup:
    """How inputs are drawn; with ``initial`` an initial state is drawn too, and the final state's error is added."""

    draw: Callable[..., Tensor]
    initial: bool

    def inputs(self) -> tuple[Tensor, Tensor | None]:
        """Draw what a recurrent layer reads: the initial state, where there is one, and then the input."""
        first = self.draw(1, BATCH, HIDDEN) if self.initial else None
        return self.draw(BATCH, TIME, INPUT), first

    def error(self, one: Float[np.ndarray, "batch time hidden"],
              other: Float[np.ndarray, "batch time hidden"]) -> float:
        """Relative error of all states, and where an initial state is drawn that of the last one added to it."""
        return relative_error(one, other) + (relative_error(one[:, -1], other[:, -1]) if self.initial else 0.0)


SETUPS = {"course": Setup(torch.randn, initial=True), "unit": Setup(torch.rand, initial=False)}


def _by_numpy(cell: str, weights: Mapping[str, np.ndarray], x: Tensor, first: Tensor | None) -> np.ndarray:
    return stack(cores()[cell], x.numpy(), weights, state=None if first is None else (first.numpy(),))["h.0"]


def _by_torch(made: nn.Module, x: Tensor, first: Tensor | None) -> np.ndarray:
    return made(x, first)[0].numpy()


def _own(setup: Setup, made: nn.Module, x: Tensor, first: Tensor | None) -> float:
    """Error of torch's module in float32 against itself in float64; the module is left in float64."""
    single, state = _by_torch(made, x, first), None if first is None else first.double()
    return setup.error(single, _by_torch(made.double(), x.double(), state))


def _recurrent(cell: str, setup: Setup) -> tuple[float, float]:
    made, (x, first) = one_layer(cell, INPUT, HIDDEN), setup.inputs()
    error = setup.error(_by_numpy(cell, _plain(made), x, first), _by_torch(made, x, first))
    return error, _own(setup, made, x, first)


def _special(by: Literal["torch", "numpy"], setup: Setup) -> tuple[float, float]:
    rnn, (x, first) = one_layer("rnn_tanh", INPUT, HIDDEN), setup.inputs()
    weights = gru_from_rnn(_plain(rnn))
    gru = (_by_torch(module("gru", weights, INPUT), x, first) if by == "torch" else
           _by_numpy("gru", weights, x, first))
    return setup.error(gru, _by_torch(rnn, x, first)), _own(setup, rnn, x, first)


def _memory(setup: Setup) -> tuple[float, float]:
    x, first = setup.draw(BATCH, TIME, INPUT), setup.draw(1, BATCH, HIDDEN)
    weights = gru_long_term_memory(HIDDEN, INPUT, dtype="float32")
    both = _by_numpy("gru", weights, x, first), _by_torch(module("gru", weights, INPUT), x, first)
    numpy, own = (float(np.abs(h[:, -1] - first[0].numpy()).mean()) for h in both)
    return numpy, own


def _attention(setup: Setup) -> tuple[float, float]:
    made, x = nn.MultiheadAttention(WIDTH, HEADS, bias=False, batch_first=True), setup.draw(BATCH, POSITIONS, WIDTH)
    by_torch = made(x, x, x)[0].numpy()
    W_q, W_k, W_v = made.in_proj_weight.numpy().reshape(3, HEADS, WIDTH // HEADS, WIDTH)
    reference = attention(x.numpy(), AttentionWeights(W_q, W_k, W_v, made.out_proj.weight.numpy()))["attended"]
    double = x.double()
    exact = made.double()(double, double, double)[0].numpy()
    return float(np.abs(reference - by_torch).mean()), float(np.abs(by_torch - exact).mean())


MEASURES: dict[str, Callable[[Setup], tuple[float, float]]] = {
    "rnn": partial(_recurrent, "rnn_tanh"), "gru": partial(_recurrent, "gru"), "special": partial(_special, "numpy"),
    "special_torch": partial(_special, "torch"), "memory": _memory, "attention": _attention,
}


def _measured(measure: Callable[[Setup], tuple[float, float]], setup: Setup, seed: int) -> tuple[float, float]:
    torch.manual_seed(seed)
    return measure(setup)
