"""Recurrent cells: what one offers as a core, its weights as one layer holds them, and a stack of such layers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float

from seqlab.reference.core import DEFAULT, TORCHS, Gradients, Sight, Sizes, cores
from seqlab.reference.edit import UNCHANGED, Edits
from seqlab.reference.formulas.line import FormulaLine
from seqlab.reference.layer_weights import LayerParts, LayerWeights
from seqlab.reference.weights import Shapes, Weights

# The ways in which the weights of each recurrent cell of seqlab can start (models.initialisation).
RECURRENT_STARTS = {DEFAULT: TORCHS, "orthogonal": "orthogonal", "normal": "normal, σ = 0.01",
                    "delay-line": "delay line (remembers from the start)"}


@dataclass(frozen=True)
class LayerGradients:
    """What the loss would change by, per change of anything in one recurrent layer."""

    weights: LayerParts
    x: Float[np.ndarray, "batch time input"]
    state: tuple[Float[np.ndarray, "batch hidden"], ...]
    trace: dict[str, Float[np.ndarray, "time batch hidden"]]

    @classmethod
    def collected(cls, x: Float[np.ndarray, "batch time input"], before: Float[np.ndarray, "time batch hidden"],
                  weights: LayerWeights, from_input: Float[np.ndarray, "time batch gates_hidden"],
                  from_state: Float[np.ndarray, "time batch gates_hidden"],
                  state: tuple[Float[np.ndarray, "batch hidden"], ...],
                  trace: dict[str, np.ndarray]) -> "LayerGradients":
        """Sum over time what each step says of the weights, which are the same at every step.

        With u_t = W_ih x_t + b_ih (``from_input`` is dL/du) and v_t = W_hh h_t-1 + b_hh (``from_state`` is dL/dv):

        dL/dW_ih = Σ_t dL/du_t x_tᵀ, dL/db_ih = Σ_t dL/du_t
        dL/dW_hh = Σ_t dL/dv_t h_t-1ᵀ, dL/db_hh = Σ_t dL/dv_t
        dL/dx_t = W_ihᵀ dL/du_t
        """
        inputs = x.swapaxes(0, 1)
        gradients = LayerWeights(_products(from_input, inputs), _products(from_state, before),
                                 from_input.sum(axis=(0, 1)), from_state.sum(axis=(0, 1)))
        return cls(gradients, (from_input @ weights.W_ih).swapaxes(0, 1), state, trace)


@dataclass(frozen=True)
class Cell:
    """One kind of recurrent layer: its formula, its number of weight blocks, its state and the symbols worth a view.

    ``forward(x, state, weights, edit)`` runs one layer and returns each symbol as ``time batch hidden``, ``h`` last;
    it shows every one to ``edit`` once it is computed, so that it can be changed before it is read.
    ``gradient(x, state, weights, values, dh, after)`` takes these, dL/dh as the layer above sends it and dL/d of the
    state that the last time leaves, and goes back through time to ``LayerGradients``. A layer may give something else
    than its state to what reads it: ``output`` names that symbol, which then comes last and whose gradient is sent.
    ``parts`` is how one layer holds its weights:
    as ``LayerWeights``, or otherwise with the same ``of``, ``named``, ``shapes``, ``sizes`` and ``scaled``. With a
    ``total``, the symbol of a sum over layers, the decoder reads the hidden states of all layers added up, h_t of
    layer 0 + h_t of layer 1 + …, instead of those of the top layer alone. ``lines`` writes the formulas of one layer as
    data.
    """

    name: str
    label: str
    forward: Callable[..., dict[str, np.ndarray]]
    gradient: Callable[..., LayerGradients]
    lines: Callable[[], tuple[FormulaLine, ...]]
    gates: int
    state: tuple[str, ...]
    symbols: tuple[str, ...]
    views: tuple[str, ...]
    initialisations: Mapping[str, str]
    packs: bool
    stacks: bool = False
    limits: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    total: str = ""
    output: str = "h"
    sees: Sight = "past"
    heads: bool = False
    conventions: bool = False
    second_bias: str = ""
    activations: tuple[str, ...] = (DEFAULT,)
    choices: tuple[str, ...] = ()
    parts: type[LayerParts] = LayerWeights

    def configured(self, network: Sizes) -> "Cell":
        """Give the cell itself: all that its settings say stands in the weights."""
        return self

    def run(self, x: Float[np.ndarray, "batch time input"], weights: Weights, *, prefix: str = "core.",
            state: tuple[Float[np.ndarray, "layer batch hidden"], ...] | None = None,
            edits: Edits = UNCHANGED) -> dict[str, np.ndarray]:
        """Run as many layers as the weights hold, each reading the hidden states of the one below.

        The initial state is zero unless given, one array for each of ``state``; ValueError for a wrong shape.
        """
        state = self._start(x, weights, prefix, state, edits)
        values: dict[str, np.ndarray] = {}
        below = x
        for layer in range(len(state[0])):
            result = self.forward(below, tuple(part[layer] for part in state), self.parts.of(weights, layer, prefix),
                                  edits.at(layer))
            values |= {f"{key}.{layer}": array.swapaxes(0, 1) for key, array in result.items()}
            below = values[f"{self.output}.{layer}"]
            if self.total:
                total = below + (values[f"{self.total}.{layer - 1}"] if layer else 0)
                edits.at(layer)(**{self.total: total})
                values[f"{self.total}.{layer}"] = total
        return values

    def backward(self, x: Float[np.ndarray, "batch time input"], weights: Weights, values: Mapping[str, np.ndarray],
                 gradient: Float[np.ndarray, "batch time hidden"], *, prefix: str = "core.",
                 state: tuple[Float[np.ndarray, "layer batch hidden"], ...] | None = None,
                 after: tuple[Float[np.ndarray, "layer batch hidden"], ...] | None = None) -> Gradients:
        """Go back through time in each layer, the top one first; what reaches a layer's input goes to the one below.

        ``after`` is dL/d of the state that the last time leaves, 0 unless given: what later times would send back.

        Where the decoder reads a sum over layers, each layer also gets all of its gradient: d(a + b)/da = 1.
        Agrees with torch's autograd to 1e-10 in float64 (tests/reference/test_backward.py).
        """
        state, read = self._start(x, weights, prefix, state), gradient
        after = self._start(x, weights, prefix, after)
        layers: list[LayerGradients] = []
        for layer in reversed(range(len(state[0]))):
            below = values[f"{self.output}.{layer - 1}"] if layer else x
            own = {key: values[f"{key}.{layer}"].swapaxes(0, 1) for key in self.symbols}
            result = self.gradient(below, tuple(part[layer] for part in state), self.parts.of(weights, layer, prefix),
                                   own, gradient.swapaxes(0, 1), tuple(part[layer] for part in after))
            gradient = result.x + read if self.total and layer else result.x
            if self.total:
                result.trace[self.total] = read.swapaxes(0, 1)
            layers.insert(0, result)
        named = {name: part for layer, result in enumerate(layers)
                 for name, part in result.weights.named(layer, prefix).items()}
        trace = {f"{key}.{layer}": result.trace[key].swapaxes(0, 1) for layer, result in enumerate(layers)
                 for key in self.symbols}
        return Gradients(named, gradient, tuple(np.stack(parts) for parts in
                                                zip(*(result.state for result in layers), strict=True)), trace)

    def stream(self, weights: Weights, batch: int, reach: int | None = None, *, prefix: str = "core.",
               edits: Edits = UNCHANGED) -> "CellStream":
        """Begin at zero a pass that goes on one time after another; a state reaches back to the first, so no limit."""
        none = np.empty((batch, 0, 0), next(part.dtype for name, part in weights.items() if name.startswith(prefix)))
        state = self._start(none, weights, prefix, None, edits)
        layers = range(len(state[0]))
        return CellStream(self, [self.parts.of(weights, layer, prefix) for layer in layers],
                          [tuple(part[layer] for part in state) for layer in layers], edits)

    def _start(self, x: np.ndarray, weights: Weights, prefix: str,
               state: tuple[np.ndarray, ...] | None, edits: Edits = UNCHANGED) -> tuple[np.ndarray, ...]:
        layers, hidden = self.parts.sizes(weights, prefix)
        first = _initial(self.state, state, (layers, x.shape[0], hidden), x.dtype)
        for layer in range(layers):
            edits.at(layer)(-1, **{key: part[layer] for key, part in zip(self.state, first, strict=True)})
        return first

    def shapes(self, width: int, sizes: Sizes) -> Shapes:
        """Names and shapes of the weights of a stack."""
        shapes: Shapes = {}
        rows = self.gates * sizes.hidden
        for layer in range(sizes.layers):
            shapes |= self.parts.shapes(layer, rows, sizes.hidden if layer else width, sizes.hidden)
        return shapes


@dataclass
class CellStream:
    """A stack that goes on from where the last time left it; the layers' weights are made ready once."""

    cell: Cell
    layers: list[LayerParts]
    state: list[tuple[Float[np.ndarray, "batch hidden"], ...]]
    edits: Edits = UNCHANGED
    seen: int = 0

    def advance(self, x: Float[np.ndarray, "batch input"]) -> Float[np.ndarray, "batch hidden"]:
        """Take one time step in every layer: two products each."""
        below = total = x[:, None]
        for layer, weights in enumerate(self.layers):
            edit = self.edits.at(layer)
            values = self.cell.forward(below, self.state[layer], weights, edit)
            self.state[layer] = tuple(values[key][0] for key in self.cell.state)
            below = values[self.cell.output].swapaxes(0, 1)
            if self.cell.total:
                total = below + (total if layer else 0)
                edit(**{self.cell.total: total})
        self.seen += 1
        return (total if self.cell.total else below)[:, 0]


def cells() -> dict[str, Cell]:
    """All recurrent cells by name, of all the cores there are."""
    parts: Mapping[str, object] = cores()
    return {name: core for name, core in parts.items() if isinstance(core, Cell)}


def earlier(states: Float[np.ndarray, "time batch hidden"],
            first: Float[np.ndarray, "batch hidden"]) -> Float[np.ndarray, "time batch hidden"]:
    """States one step earlier: the initial state, then all but the last."""
    return np.concatenate((first[None], states[:-1]))


def _products(left: Float[np.ndarray, "time batch rows"],
              right: Float[np.ndarray, "time batch columns"]) -> Float[np.ndarray, "rows columns"]:
    """Sum the outer products left_t right_tᵀ over time and batch, as one product."""
    return left.reshape(-1, left.shape[-1]).T @ right.reshape(-1, right.shape[-1])


def _initial(keys: tuple[str, ...], state: tuple[np.ndarray, ...] | None, shape: tuple[int, int, int],
             dtype: np.dtype) -> tuple[np.ndarray, ...]:
    if state is None:
        return tuple(np.zeros(shape, dtype) for _ in keys)
    for key, part in zip(keys, state, strict=True):
        if part.shape != shape:
            raise ValueError(f"the initial {key} has shape {part.shape}, expected layer, batch, hidden = {shape}")
    return tuple(part.astype(dtype) for part in state)
