"""A linear map and ReLU at each position by itself; its twin is ``reference.dense``."""

from collections.abc import Mapping

from jaxtyping import Float
from torch import Tensor, nn

from seqlab.models import Model
from seqlab.models.stacked import mapped
from seqlab.reference.core import Sizes
from seqlab.reference.edit import UNCHANGED, Edits


class Dense(nn.Module):
    """Layers that map each position by itself."""

    def __init__(self, width: int, sizes: Sizes) -> None:
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(sizes.hidden if layer else width, sizes.hidden)
                                    for layer in range(sizes.layers))

    def forward(self, x: Float[Tensor, "batch time input"],
                state: None = None) -> tuple[Float[Tensor, "batch time hidden"], None]:
        """Run the layers; like a recurrent module it returns a pair, but it has no state to give back."""
        for layer in self.layers:
            x = layer(x).relu()
        return x, None


def trace(core: Dense, x: Tensor, state: tuple[Tensor, ...] | None = None,
          edits: Edits = UNCHANGED) -> Mapping[str, Tensor]:
    """Run the layers and keep every quantity."""
    values: dict[str, Tensor] = {}
    for number, layer in enumerate(core.layers):
        edit, a = edits.at(number), layer(x)
        edit(a=a)
        x = a.relu()
        edit(h=x)
        values |= {f"a.{number}": a, f"h.{number}": x}
    return values


MODEL = Model("dense", Dense, trace, initialise={}, step=None, packs=False, stacked=mapped)
