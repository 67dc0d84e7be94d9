"""The same models in torch: one file a model, each a spec that the registry finds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seqlab.registry import discover

if TYPE_CHECKING:
    from torch import Tensor, nn


@dataclass(frozen=True)
class Model:
    """One kind of network core, named as its cell in the reference.

    ``build(input, hidden, layers)`` makes the fused torch module (batch first); ``trace(core, x, state)`` runs it
    and returns every quantity under the reference's names.
    """

    name: str
    build: Callable[[int, int, int], "nn.RNNBase"]
    trace: Callable[..., Mapping[str, "Tensor"]]


def models() -> dict[str, Model]:
    """All models by name; a new one is a new file in ``seqlab/models`` with a ``MODEL``."""
    return {name: model for name, model in discover("seqlab.models", "MODEL").items() if isinstance(model, Model)}
