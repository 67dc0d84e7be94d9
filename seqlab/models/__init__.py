"""The same models in torch: one file a model, each a spec that the registry finds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seqlab.registry import discover

if TYPE_CHECKING:
    from torch import Tensor, nn

    from seqlab.reference.core import Sizes


@dataclass(frozen=True)
class Model:
    """One kind of network core, named as in the reference.

    ``build(width, config)`` makes the torch module (batch first) that reads vectors of ``width`` and returns what the
    decoder reads, and its last state; ``trace(core, x, state)`` runs it and returns every quantity under the
    reference's names, the one that the decoder reads last.
    """

    name: str
    build: Callable[[int, "Sizes"], "nn.Module"]
    trace: Callable[..., Mapping[str, "Tensor"]]


def models() -> dict[str, Model]:
    """All models by name; a new one is a new file in ``seqlab/models`` with a ``MODEL``."""
    return discover("seqlab.models", "MODEL", Model)
