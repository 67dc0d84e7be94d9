"""Transformers in torch, causal or seeing both ways: fused attention to train with, every quantity for the proof."""

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from math import log, sqrt

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from seqlab.models import Model
from seqlab.models.dropout import Dropout
from seqlab.models.stacked import mapped
from seqlab.reference.core import DEFAULT, Sizes
from seqlab.reference.edit import UNCHANGED, Edit, Edits, unchanged
from seqlab.reference.positions import require_reach
from seqlab.reference.transformer import WIDER


class Attention(nn.Module):
    """Self-attention, one matrix for each head; the weights are named as in ``reference.attention``."""

    def __init__(self, width: int, heads: int, causal: bool = True) -> None:
        super().__init__()
        self.causal = causal
        shape = heads, width // heads, width
        for part in "qkv":
            setattr(self, f"W_{part}", nn.Parameter(nn.init.xavier_uniform_(torch.empty(width, width)).view(shape)))
            setattr(self, f"b_{part}", nn.Parameter(torch.zeros(shape[:2])))
        self.W_o = nn.Parameter(nn.init.kaiming_uniform_(torch.empty(width, width), a=sqrt(5)))
        self.b_o = nn.Parameter(torch.zeros(width))

    def heads(self, x: Float[Tensor, "batch time width"], part: str) -> Float[Tensor, "batch head time feature"]:
        """Queries (q), keys (k) or values (v) of every head."""
        weight, bias = getattr(self, f"W_{part}"), getattr(self, f"b_{part}")
        flat = F.linear(x, weight.flatten(0, 1), bias.flatten())
        return flat.unflatten(-1, weight.shape[:2]).transpose(1, 2)

    def join(self, heads: Float[Tensor, "batch head time feature"]) -> Float[Tensor, "batch time width"]:
        """Put the heads side by side and mix them."""
        return F.linear(heads.transpose(1, 2).flatten(2), self.W_o, self.b_o)

    def forward(self, x: Float[Tensor, "batch time width"],
                real: Bool[Tensor, "batch 1 1 time"] | None = None) -> Float[Tensor, "batch time width"]:
        """Attend with torch's fused kernel, at most to ``real`` positions."""
        query, key, value = (self.heads(x, part) for part in "qkv")
        return self.join(F.scaled_dot_product_attention(query, key, value, real, is_causal=self.causal))

    def trace(self, x: Float[Tensor, "batch time width"], edit: Edit = unchanged) -> dict[str, Tensor]:
        """Attend and keep every quantity; the output is the fused kernel's own, but where something is changed."""
        query, key, value = (self.heads(x, part) for part in "qkv")
        edit(query=query, key=key, value=value)
        scores = query @ key.transpose(-1, -2) / sqrt(query.shape[-1])
        edit(scores=scores)
        later = torch.ones_like(scores[0, 0], dtype=torch.bool).triu(1) & self.causal
        pattern = scores.masked_fill(later, float("-inf")).softmax(-1)
        edit(attention=pattern)
        pattern = pattern.masked_fill(later, 0)
        if edit is unchanged:
            heads = F.scaled_dot_product_attention(query, key, value, is_causal=self.causal)
        else:
            heads = pattern @ value
        edit(heads=heads)
        attended = self.join(heads)
        edit(attended=attended)
        return {"query": query, "key": key, "value": value, "scores": scores, "attention": pattern, "heads": heads,
                "attended": attended}


ACTIVATIONS: Mapping[str, Callable[[Tensor], Tensor]] = {
    DEFAULT: partial(F.gelu, approximate="tanh"), "gelu-tanh": partial(F.gelu, approximate="tanh"), "gelu": F.gelu,
    "relu": F.relu}


class Block(nn.Module):
    """Attention and a feed-forward network, each beside a residual path, with a layer norm before or behind it."""

    def __init__(self, sizes: Sizes, causal: bool = True) -> None:
        super().__init__()
        width, wide = sizes.hidden, sizes.feed_forward or WIDER * sizes.hidden
        self.dropout = Dropout(sizes.dropout)
        self.first, self.act = sizes.norm == "first", ACTIVATIONS[sizes.activation]
        self.ln1, self.ln2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = Attention(width, sizes.heads, causal)
        self.ff_in, self.ff_out = nn.Linear(width, wide), nn.Linear(wide, width)

    def forward(self, x: Float[Tensor, "batch time width"],
                real: Bool[Tensor, "batch 1 1 time"] | None = None) -> Float[Tensor, "batch time width"]:
        """Add what attention and the feed-forward network have to say."""
        if self.first:
            x = x + self.dropout(self.attention(self.ln1(x), real))
            return x + self.dropout(self.fed(self.ln2(x)))
        x = self.ln1(x + self.dropout(self.attention(x, real)))
        return self.ln2(x + self.dropout(self.fed(x)))

    def fed(self, x: Float[Tensor, "batch time width"]) -> Float[Tensor, "batch time width"]:
        """Apply the feed-forward network."""
        return self.ff_out(self.act(self.ff_in(x)))

    def trace(self, x: Float[Tensor, "batch time width"], edit: Edit = unchanged) -> dict[str, Tensor]:
        """Do so and keep every quantity."""
        return self._first(x, edit) if self.first else self._last(x, edit)

    def _first(self, x: Tensor, edit: Edit) -> dict[str, Tensor]:
        ln1 = self.ln1(x)
        edit(ln1=ln1)
        looked = self.attention.trace(ln1, edit)
        mid = x + looked["attended"]
        edit(mid=mid)
        ln2 = self.ln2(mid)
        edit(ln2=ln2)
        ff = self.act(self.ff_in(ln2))
        edit(ff=ff)
        h = mid + self.ff_out(ff)
        edit(h=h)
        return {"ln1": ln1, **looked, "mid": mid, "ln2": ln2, "ff": ff, "h": h}

    def _last(self, x: Tensor, edit: Edit) -> dict[str, Tensor]:
        looked = self.attention.trace(x, edit)
        mid = x + looked["attended"]
        edit(mid=mid)
        ln1 = self.ln1(mid)
        edit(ln1=ln1)
        ff = self.act(self.ff_in(ln1))
        edit(ff=ff)
        post = ln1 + self.ff_out(ff)
        edit(post=post)
        h = self.ln2(post)
        edit(h=h)
        return {**looked, "mid": mid, "ln1": ln1, "ff": ff, "post": post, "h": h}


class Entering(nn.Module):
    """What brings vectors into a stack: an input layer and positions; its twin is ``reference.entering``."""

    blocks: nn.ModuleList

    def __init__(self, width: int, sizes: Sizes) -> None:
        super().__init__()
        self.waves = sizes.positions == "sinusoidal"
        self.input = nn.Linear(width, sizes.hidden) if sizes.entry == "linear" else None
        self.position = nn.Embedding(sizes.context, sizes.hidden) if sizes.positions == "learned" else None
        if self.position is not None:
            nn.init.normal_(self.position.weight, std=0.02)

    def enter(self, x: Float[Tensor, "batch time input"]) -> Float[Tensor, "batch time width"]:
        """Bring the input to the width of the residual stream and add the positions, where it has them."""
        x, time = x if self.input is None else self.input(x), x.shape[1]
        if self.position is None:
            return x + sinusoids(time, x.shape[2], x.dtype, x.device) if self.waves else x
        require_reach(len(self.position.weight), time)
        return x + self.position.weight[:time]

    def trace(self, x: Float[Tensor, "batch time input"], edits: Edits = UNCHANGED) -> dict[str, Tensor]:
        """Run the blocks above and keep every quantity of each; the output of the top one is the last."""
        below = self.enter(x.clone())
        edits.at()(entered=below)
        values = {"entered": below}
        for layer, block in enumerate(self.blocks):
            result = block.trace(below, edits.at(layer))  # type: ignore[operator]  # a ModuleList does not say what it holds
            values |= {f"{key}.{layer}": value for key, value in result.items()}
            below = result["h"]
        return values


class Transformer(Entering):
    """Input layer, positions, blocks, a last normalisation; its twin is ``reference.transformer``."""

    def __init__(self, width: int, sizes: Sizes, causal: bool = True) -> None:
        super().__init__(width, sizes)
        self.causal = causal
        self.blocks = nn.ModuleList(Block(sizes, causal) for _ in range(sizes.layers))
        self.norm = nn.LayerNorm(sizes.hidden) if sizes.final_norm else None

    def forward(self, x: Float[Tensor, "batch time input"],
                state: None = None, lengths: Int[Tensor, " batch"] | None = None) -> tuple[
                    Float[Tensor, "batch time width"], None]:
        """Run the stack; like a recurrent module it returns a pair, but it has no state to give back.

        Where it sees both ways, ``lengths`` say how many positions of each sequence are real and so may be seen.
        """
        x, real = self.enter(x), None
        if lengths is not None and not self.causal:
            real = (torch.arange(x.shape[1], device=x.device) < lengths.to(x.device)[:, None])[:, None, None]
        for block in self.blocks:
            x = block(x, real)
        return x if self.norm is None else self.norm(x), None


@lru_cache(maxsize=64)
def sinusoids(time: int, width: int, dtype: torch.dtype, device: torch.device) -> Float[Tensor, "{time} {width}"]:
    """Write positions as waves, computed in float64; every update of a training asks for the same ones again."""
    with torch.inference_mode(False):  # or a tensor first made for a look inside could not be trained with
        rate = torch.exp(torch.arange(0, width, 2, dtype=torch.float64) * (-log(10000.0) / width))
        angle = torch.arange(time)[:, None] * rate
        return torch.stack((angle.sin(), angle.cos()), -1).flatten(1)[:, :width].to(device, dtype)


def trace(core: Transformer, x: Tensor, state: tuple[Tensor, ...] | None = None,
          edits: Edits = UNCHANGED) -> Mapping[str, Tensor]:
    """Run the stack and keep every quantity of every block."""
    values = core.trace(x, edits)
    if core.norm is not None:
        values["ln"] = core.norm(values[list(values)[-1]])
        edits.at()(ln=values["ln"])
    return values


MODEL = tuple(Model(name, partial(Transformer, causal=causal), trace, initialise={}, step=None, packs=False,
                    lengths=True, stacked=mapped)
              for name, causal in (("transformer", True), ("encoder", False)))
