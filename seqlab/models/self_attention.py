"""Layers of attention one above another, with torch's fused kernel; its twin is ``reference.self_attention``."""

from collections.abc import Mapping

from jaxtyping import Float
from torch import Tensor, nn

from seqlab.models import Model
from seqlab.models.stacked import mapped
from seqlab.models.transformer import Attention, Entering
from seqlab.reference.core import Sizes
from seqlab.reference.edit import UNCHANGED, Edit, Editable, Edits, unchanged


class Layer(nn.Module):
    """One layer, under the name that it has in a transformer's block."""

    def __init__(self, sizes: Sizes) -> None:
        super().__init__()
        self.attention = Attention(sizes.hidden, sizes.heads)

    def forward(self, x: Float[Tensor, "batch time width"]) -> Float[Tensor, "batch time width"]:
        """Attend."""
        attended: Tensor = self.attention(x)
        return attended

    def trace(self, x: Float[Tensor, "batch time width"], edit: Edit = unchanged) -> dict[str, Tensor]:
        """Attend and keep every quantity; the output is the last."""
        values = self.attention.trace(x, edit if edit is unchanged else _renamed(edit))
        return values | {"h": values.pop("attended")}


class AttentionStack(Entering):
    """Input layer, positions, and layers that look back alone."""

    def __init__(self, width: int, sizes: Sizes) -> None:
        super().__init__(width, sizes)
        self.blocks = nn.ModuleList(Layer(sizes) for _ in range(sizes.layers))

    def forward(self, x: Float[Tensor, "batch time input"],
                state: None = None) -> tuple[Float[Tensor, "batch time width"], None]:
        """Run the stack; like a recurrent module it returns a pair, but it has no state to give back."""
        x = self.enter(x)
        for block in self.blocks:
            x = block(x)
        return x, None


def _renamed(edit: Edit) -> Edit:
    def renamed(t: int | None = None, /, **quantities: Editable) -> None:
        edit(t, **{"h" if key == "attended" else key: array for key, array in quantities.items()})

    return renamed


def trace(core: AttentionStack, x: Tensor, state: tuple[Tensor, ...] | None = None,
          edits: Edits = UNCHANGED) -> Mapping[str, Tensor]:
    """Run the stack and keep every quantity of every layer."""
    return core.trace(x, edits)


MODEL = Model("self_attention", AttentionStack, trace, initialise={}, step=None, packs=False, stacked=mapped)
