"""The same models in torch: one file a model, each a spec that declares what it can do and that the registry finds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

from jaxtyping import Float
from torch import Tensor, nn

from seqlab.reference.core import DEFAULT, Sizes
from seqlab.reference.edit import UNCHANGED, Edits
from seqlab.registry import discover

Module = TypeVar("Module", bound=nn.Module)
Reader_contra = TypeVar("Reader_contra", contravariant=True)


@runtime_checkable
class Start(Protocol[Reader_contra]):
    """One way in which the weights of a fresh network start."""

    def __call__(self, core: Reader_contra, decoder: nn.Module, memory: int) -> None:
        """Set them in place; ``memory`` is how many steps back the task asks the network to remember."""
        ...


@runtime_checkable
class Trace(Protocol[Reader_contra]):
    """A pass that keeps everything."""

    def __call__(self, core: Reader_contra, x: Tensor, state: tuple[Tensor, ...] | None = None,
                 edits: Edits = UNCHANGED) -> Mapping[str, Tensor]:
        """Give every quantity under the reference's names, the one that the decoder reads last.

        Where ``edits`` are given each is shown to them once it is computed, and may be changed before it is read.
        """
        ...


@runtime_checkable
class StackedInputs(Protocol):
    """What many models of one shape read, each its own."""

    def joined(self) -> Float[Tensor, "model batch time input"]:
        """Give the codes themselves."""
        ...

    def sent(self, W: Float[Tensor, "model out input"],
             b: Float[Tensor, "model out"]) -> Float[Tensor, "time model batch out"]:
        """Give W x + b at all times."""
        ...


@runtime_checkable
class Stacked(Protocol[Reader_contra]):
    """A pass of many cores of one shape at once."""

    def __call__(self, core: Reader_contra, weights: Mapping[str, Tensor], inputs: StackedInputs,
                 state: tuple[Tensor, ...]) -> tuple[Tensor, tuple[Tensor, ...]]:
        """Give what the decoders read, ``time model batch hidden``, and the last states.

        ``weights`` are those of all cores, ``model …``; ``core`` is one of them, for its structure. A state is
        ``model layer batch hidden``; without one each starts from nothing. No gradient goes back to it.
        """
        ...


@dataclass(frozen=True)
class LookUp(Generic[Reader_contra]):
    """A pass over the codes of symbols that works out once what the core makes of each symbol.

    ``pays(core, ids)``: whether it is the quicker one on such data; ``run(core, codes, ids, state)`` gives what the
    module gives on ``codes[ids]``.
    """

    pays: Callable[[Reader_contra, Tensor], bool]
    run: Callable[[Reader_contra, Tensor, Tensor, Tensor | None], tuple[Tensor, Tensor]]


@dataclass(frozen=True)
class Model(Generic[Module]):
    """One kind of network core, named as in the reference, and what it can do; what it cannot do it says as well.

    ``build(width, config)`` makes the torch module (batch first) that reads vectors of ``width`` and returns what the
    decoder reads, and its last state; ``trace(core, x, state, edits)`` runs it and returns every quantity under the
    reference's names, the one that the decoder reads last.

    ``initialise``: the ways, other than torch's own, in which its weights can start, by name; the core in the reference
    has the same names, so that forms know them without torch. ``step(core, x)`` runs a pass one time step after
    another, so that each state is a tensor of its own whose gradient can be asked for: by name, one for each time, what
    the decoder reads last (None: there is no such pass; a core with a state then has no gradients of it). ``packs``:
    the module also takes packed sequences. ``time_first``: it reads one time after another, so its input had better
    lie so in memory. ``lengths``: the module takes the real lengths of the sequences, as a third argument.
    ``look_up``: a quicker pass where symbols repeat. ``stacked``: a pass of many models of one shape at once, so that
    they train together (None: they do not; the core in the reference says so too: ``stacks``). ``plain(width, config)``
    makes a module of the same weights from torch's plainest parts, where the one that is trained is made for speed; it
    is what leaves in a file of its own.
    """

    name: str
    build: Callable[[int, Sizes], Module]
    trace: Trace[Module]
    initialise: Mapping[str, Start[Module]]
    step: Callable[[Module, Tensor], Mapping[str, Sequence[Tensor]]] | None
    packs: bool
    time_first: bool = False
    lengths: bool = False
    look_up: LookUp[Module] | None = None
    stacked: Stacked[Module] | None = None
    plain: Callable[[int, Sizes], nn.Module] | None = None

    def start(self, core: Module, decoder: nn.Module, how: str, memory: int) -> None:
        """Set the starting weights of a fresh network; raises ValueError for a way that this model does not have."""
        if how == DEFAULT:  # torch's own, which are there already
            return
        if how not in self.initialise:
            raise ValueError(f"{self.name} cannot start as {how}; it has {', '.join((DEFAULT, *self.initialise))}")
        self.initialise[how](core, decoder, memory)


def models() -> dict[str, Model[Any]]:
    """All models by name; a new one is a new file in ``seqlab/models`` with a ``MODEL``."""
    return discover("seqlab.models", "MODEL", Model)
