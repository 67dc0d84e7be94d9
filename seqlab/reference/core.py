"""The core of a network, between its encoder and its decoder: a stack of recurrent layers, or of transformer blocks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float

from seqlab import notation
from seqlab.reference.edit import UNCHANGED, Edits
from seqlab.reference.formulas.line import FormulaLine
from seqlab.reference.weights import Shapes, Weights
from seqlab.registry import discover

Sight = Literal["present", "past", "all"]
DEFAULT = "default"  # the initialisation that leaves a module's weights as torch made them; every core has it
TORCHS = "torch's own (uniform)"


@runtime_checkable
class Sizes(Protocol):
    """The settings that a core and its shapes depend on; ``training.config.NetworkConfig`` has and explains them."""

    @property
    def model(self) -> str:
        """Name of the core."""
        ...

    @property
    def hidden(self) -> int:
        """Width of the hidden state."""
        ...

    @property
    def layers(self) -> int:
        """Number of layers or blocks."""
        ...

    @property
    def heads(self) -> int:
        """Number of attention heads; a divisor of ``hidden``."""
        ...

    @property
    def dropout(self) -> float:
        """Share of units that are silenced at random while training."""
        ...

    @property
    def positions(self) -> str:
        """How a transformer is given positions: ``sinusoidal``, ``learned`` or ``none``."""
        ...

    @property
    def context(self) -> int:
        """Most time steps for which positions are learned."""
        ...

    @property
    def activation(self) -> str:
        """One of the core's ``activations``, or ``default`` for the first of them."""
        ...

    @property
    def norm(self) -> str:
        """Where a transformer normalises: ``first`` or ``last``."""
        ...

    @property
    def final_norm(self) -> bool:
        """Whether it normalises once more above all blocks."""
        ...

    @property
    def entry(self) -> str:
        """How its input enters: by a ``linear`` layer, or ``none``."""
        ...

    @property
    def feed_forward(self) -> int | None:
        """Width of its feed-forward network; None: four times ``hidden``."""
        ...


@dataclass(frozen=True)
class Gradients:
    """What a loss L would change by, per change of anything that it was computed from.

    ``weights`` are dL/d of each weight, under its name; ``x`` and ``state`` those of the input and of the initial
    state; ``trace`` those of every quantity of the pass, under its name, as the total derivative: what a change of
    that quantity does by every way that leads from it to the loss.
    """

    weights: dict[str, np.ndarray]
    x: Float[np.ndarray, "batch time input"]
    state: tuple[Float[np.ndarray, "layer batch hidden"], ...]
    trace: dict[str, np.ndarray]


@runtime_checkable
class Stream(Protocol):
    """A pass that is given its input one time after another and keeps what it needs of the past."""

    @property
    def seen(self) -> int:
        """How many inputs the last answer depends on, itself among them; 0 before the first."""
        ...

    def advance(self, x: Float[np.ndarray, "batch input"]) -> Float[np.ndarray, "batch hidden"]:
        """Take the next input and give what the decoder reads."""
        ...


@runtime_checkable
class Core(Protocol):
    """What every core offers: its names, its weights' shapes, its pass and the way back.

    ``state`` names the arrays that it carries from one time to the next, ``sees`` which inputs its output at a time may
    depend on: the present one alone, those before it too, or all, those that follow among them. ``heads``: it attends,
    with heads and positions. ``symbols`` are everything that its pass computes, ``views`` those worth a picture of
    time × unit, ``limits`` the colour scales that differ from notation's.

    What its twin in torch can do stands here too, so that it is known without torch: ``initialisations`` are the ways
    in which its weights can start, by name, each as people read it; ``packs``: it can leave out what fills a batch up;
    ``stacks``: many of one shape can train in one program.
    ``conventions``: its gates are those of a GRU, which other programs combine otherwise (``reference.conventions``).
    ``second_bias`` is the name of a layer's second bias vector, with ``{layer}``; it can be held at 0, so that a layer
    has one (empty: there is none). ``activations`` are those it can have, its own first; ``choices`` the names of those
    settings of a network that it has beside every core's: ``norm``, ``final_norm``, ``entry``, ``feed_forward``.
    """

    name: str
    label: str
    state: tuple[str, ...]
    sees: Sight
    heads: bool
    symbols: tuple[str, ...]
    views: tuple[str, ...]
    limits: Mapping[str, tuple[float, float]]
    initialisations: Mapping[str, str]
    packs: bool
    stacks: bool
    conventions: bool
    second_bias: str
    activations: tuple[str, ...]
    choices: tuple[str, ...]

    def configured(self, network: Sizes) -> "Core":
        """Give the core that a network's settings ask for: one that runs by itself, and says what it computes."""
        ...

    def lines(self) -> tuple[FormulaLine, ...]:
        """Give the formulas of its pass as data, in the order of computation; none: they are not written out."""
        ...

    def run(self, x: Float[np.ndarray, "batch time input"], weights: Weights, *, prefix: str = "core.",
            state: tuple[Float[np.ndarray, "layer batch hidden"], ...] | None = None,
            edits: Edits = UNCHANGED) -> dict[str, np.ndarray]:
        """Compute every quantity in order, batch first; the last one is what the decoder reads.

        Each is shown to ``edits`` once it is computed, and may be changed before anything reads it.
        """
        ...

    def backward(self, x: Float[np.ndarray, "batch time input"], weights: Weights, values: Mapping[str, np.ndarray],
                 gradient: Float[np.ndarray, "batch time hidden"], *, prefix: str = "core.",
                 state: tuple[Float[np.ndarray, "layer batch hidden"], ...] | None = None) -> Gradients:
        """Carry dL/d of what the decoder reads back to everything; ``values`` are what ``run`` returned."""
        ...

    def stream(self, weights: Weights, batch: int, reach: int | None = None, *, prefix: str = "core.",
               edits: Edits = UNCHANGED) -> Stream:
        """Begin a pass that goes on one time after another; it sees at most ``reach`` inputs, where it looks back."""
        ...

    def shapes(self, width: int, sizes: Sizes) -> Shapes:
        """Names (without a prefix) and shapes of its weights, for inputs of ``width``."""
        ...


def span(core: Core, name: str) -> tuple[float, float]:
    """Fixed limits of the colour scale of a symbol in a core."""
    return core.limits.get(notation.symbol(name).key, notation.symbol(name).span)


def cores() -> dict[str, Core]:
    """All cores by name; a new one is a new file in ``seqlab/reference`` with a ``CORE``."""
    return discover("seqlab.reference", "CORE", Core)  # type: ignore[type-abstract]  # mypy would have a class


def core_of(network: Sizes) -> Core:
    """Give the core of a network, as its settings have it: the one that its passes are run with."""
    return cores()[network.model].configured(network)
