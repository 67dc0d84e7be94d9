"""How closely NumPy and torch agree on attention: 200 random layers, 200 random transformers, the published setting.

    python -m tests.benchmarks.agreement_attention
"""

import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from seqlab.agreement import Agreement, compare
from seqlab.models.network import SequenceNetwork
from seqlab.reference.attention import AttentionWeights, attention, causal
from seqlab.reference.core import cores
from seqlab.reference.network import network
from seqlab.studies import published as source
from seqlab.tasks import Dimensions
from seqlab.training.config import NetworkConfig
from tests.benchmarks.table import Row, show

SETTINGS = 200
ALLOWED = {"float64": 1e-12, "float32": None}  # single precision is reported: its rounding grows with the scores
PUBLISHED = source.PUBLISHED["cells/attention"].value

Pair = tuple[dict[str, np.ndarray], dict[str, np.ndarray]]


@dataclass(frozen=True)
class Layer:
    """One randomly drawn layer of attention and its input: 1 to 8 heads, width up to 64, up to 40 steps."""

    number: int
    heads: int
    width: int
    batch: int
    time: int
    biased: bool
    causal: bool

    @classmethod
    def drawn(cls, number: int) -> "Layer":
        """Draw the setting of a number; biases and mask take turns, everything else is random."""
        draw, heads = np.random.default_rng(number), 1 + number % 8
        width = heads * int(draw.integers(1, 64 // heads + 1))
        return cls(number, heads, width, int(draw.integers(1, 9)), int(draw.integers(1, 41)), number % 16 < 8,
                   number % 32 < 16)

    def passes(self, dtype: str) -> Pair:
        """One pass in NumPy and in torch, every quantity of it."""
        torch.manual_seed(self.number)
        module = nn.MultiheadAttention(self.width, self.heads, bias=self.biased, batch_first=True)
        for name, part in module.named_parameters():
            if "bias" in name:  # torch starts them at 0, where none would be missed
                nn.init.normal_(part)
        module = module.to(getattr(torch, dtype))
        x = torch.randn(self.batch, self.time, self.width, dtype=torch.float64).to(getattr(torch, dtype))
        ours = attention(x.numpy(), weights_of(module), causal(self.time) if self.causal else None)
        return ours, quantities(module, x, self.causal)


@dataclass(frozen=True)
class Transformer:
    """One randomly drawn transformer and its input: 1 to 4 layers, 1 to 8 heads, width up to 64, up to 40 steps."""

    number: int
    config: NetworkConfig
    sizes: Dimensions
    batch: int
    time: int

    @classmethod
    def drawn(cls, number: int) -> "Transformer":
        """Draw the setting of a number; heads, positions and readouts take turns, everything else is random."""
        draw, heads, time = np.random.default_rng(number), 1 + number % 8, 1 + 7 * number % 40
        hidden, conditions = heads * int(draw.integers(1, 64 // heads + 1)), int(draw.integers(0, 2)) * 5
        symbols, readout = int(draw.integers(1, 40)), "state" if number % 5 == 0 else "linear"
        config = NetworkConfig(
            model="transformer", hidden=hidden, heads=heads, layers=int(draw.integers(1, 5)),
            positions="learned" if number % 16 < 8 else "sinusoidal", context=time + int(draw.integers(0, 9)),
            input=str(draw.choice(["one-hot", "embedding"])), embedding=int(draw.integers(1, 33)), readout=readout)
        classes = hidden if readout == "state" else symbols
        return cls(number, config, Dimensions(symbols, classes, conditions), int(draw.integers(1, 9)), time)

    def passes(self, dtype: str, device: str = "cpu") -> Pair:
        """One pass in NumPy and in torch, every quantity of it; torch's side runs on the device."""
        torch.manual_seed(self.number)
        made = SequenceNetwork(self.config, self.sizes)
        with torch.no_grad():  # so that no weight is the 0 or the 1 that it starts from
            for part in made.core.parameters():
                part.add_(0.1 * torch.randn_like(part))
        made = made.to(device, getattr(torch, dtype))
        ids = torch.randint(self.sizes.symbols, (self.batch, self.time))
        told = torch.randint(self.sizes.conditions, (self.batch,)) if self.sizes.conditions else None
        theirs = made.trace(ids.to(device), None if told is None else told.to(device))
        weights = {name: part.detach().cpu().numpy() for name, part in made.state_dict().items()}
        ours = network(cores()["transformer"], ids.numpy(), weights, condition=None if told is None else told.numpy())
        return dict(ours), {name: value.cpu().numpy() for name, value in theirs.items()}


def weights_of(module: nn.MultiheadAttention) -> AttentionWeights:
    """The weights of torch's module, one matrix for each head."""
    shape = 3, module.num_heads, module.head_dim
    W_q, W_k, W_v = module.in_proj_weight.detach().numpy().reshape(*shape, module.embed_dim)
    if module.in_proj_bias is None:
        return AttentionWeights(W_q, W_k, W_v, module.out_proj.weight.detach().numpy())
    return AttentionWeights(W_q, W_k, W_v, module.out_proj.weight.detach().numpy(),
                            *module.in_proj_bias.detach().numpy().reshape(shape), module.out_proj.bias.detach().numpy())


@torch.inference_mode()
def quantities(module: nn.MultiheadAttention, x: Tensor, masked: bool) -> dict[str, np.ndarray]:
    """Every quantity of a pass; the attention weights and the output are what torch's module itself returns."""
    later = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu(1) if masked else None
    attended, pattern = module(x, x, x, attn_mask=later, average_attn_weights=False)
    joint = F.linear(x, module.in_proj_weight, module.in_proj_bias)
    query, key, value = joint.unflatten(-1, (3, module.num_heads, module.head_dim)).permute(2, 0, 3, 1, 4)
    scores = torch.einsum("bhqf,bhkf->bhqk", query, key) / module.head_dim ** 0.5
    found = {"query": query, "key": key, "value": value, "scores": scores, "attention": pattern,
             "heads": torch.einsum("bhqk,bhkf->bhqf", pattern, value), "attended": attended}
    return {name: part.numpy() for name, part in found.items()}


def agreement(setting: Layer | Transformer, dtype: str) -> Agreement:
    """Compare every quantity of a setting."""
    return compare(*setting.passes(dtype), ALLOWED[dtype])


def published_attention(seed: int, draw: Callable[..., Tensor] = torch.rand) -> float:
    """The course's measure in its setting: batch 4, 8 steps, width 10, 5 heads, no biases, float32: mean |Δ|.

    Torch's side is ``nn.MultiheadAttention`` as one calls it, with the weights it returns.
    """
    torch.manual_seed(seed)
    module = nn.MultiheadAttention(10, 5, bias=False, batch_first=True)
    x = draw(4, 8, 10)
    with torch.inference_mode():
        theirs = module(x, x, x)[0].numpy()
    return float(np.abs(attention(x.numpy(), weights_of(module))["attended"] - theirs).mean())


def rows() -> Iterator[Row]:
    """Measure everything."""
    for kind, what in ((Layer, "layers of attention"), (Transformer, "transformers")):
        for dtype, allowed in ALLOWED.items():
            found = {number: agreement(kind.drawn(number), dtype) for number in range(SETTINGS)}
            worst = max(found, key=lambda number: found[number].largest)
            yield Row(f"agreement, {SETTINGS} random {what}, {dtype}", found[worst].largest, allowed,
                      note=f"largest |Δ|: setting {worst}, {found[worst].at}")
    for draw, drawn in ((torch.rand, "inputs in [0, 1)"), (torch.randn, "normal inputs")):
        errors = [published_attention(seed, draw) for seed in range(100)]
        yield Row(f"published setting, attention, {drawn}, median of 100 seeds", statistics.median(errors), 5e-8,
                  note=f"mean |Δ|; worst {max(errors):.2g}; published {PUBLISHED:.2g}")


if __name__ == "__main__":
    raise SystemExit(not show(list(rows())))
