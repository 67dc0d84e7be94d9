"""Networks as people write them, in plain torch, under the names that they give: small, random, of every kind."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, get_args

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from seqlab.reference.pooling import Pooling

CELLS = {"RNN": nn.RNN, "GRU": nn.GRU, "LSTM": nn.LSTM}
STEPS = {"RNN": nn.RNNCell, "GRU": nn.GRUCell, "LSTM": nn.LSTMCell}
POOLINGS = [pooling for pooling in ("none", "max", "mean") if pooling in get_args(Pooling)]


class Recurrent(nn.Module):
    """nn.RNN and its kin between codes, one-hot or embedded, and a linear layer; with a condition, or for a class."""

    def __init__(self, draw: Random) -> None:
        super().__init__()
        kind = draw.choice(list(CELLS))
        hidden, layers, self.symbols = draw.randint(3, 7), draw.randint(1, 3), draw.randint(4, 9)
        self.conditions = draw.choice([0, 0, 3])
        width = draw.randint(2, 6)
        self.first, self.pooling = draw.random() < 0.5, draw.choice(["", "", *POOLINGS])
        self.state = not self.pooling and not self.conditions and draw.random() < 0.15
        self.one_hot = not self.conditions and (self.state or draw.random() < 0.4)
        self.outputs = 3 if self.pooling else hidden if self.state else self.symbols
        if self.state:
            self.symbols = hidden
        if not self.one_hot:
            self.embed = nn.Embedding(self.symbols, width)
        if self.conditions:
            self.delay_embed = nn.Embedding(self.conditions, width)
        reads = self.symbols if self.one_hot else width * (2 if self.conditions else 1)
        act = {"nonlinearity": draw.choice(["tanh", "relu"])} if kind == "RNN" else {}
        self.rnn = CELLS[kind](reads, hidden, layers, batch_first=True, bias=draw.random() < 0.7, **act)
        if not self.state:
            self.fc = nn.Linear(hidden, self.outputs, bias=draw.random() < 0.8)
        self.answers = {"activation": act["nonlinearity"]} if act else {}
        self.answers |= {"place": "first" if self.first else "last"} if self.conditions else {}
        self.answers |= {"pooling": self.pooling, "purpose": "class"} if self.pooling else {}
        self.open = {"purpose", "pooling", "delay", "labels", "vocabulary", "place", *self.answers}
        self.open |= {"conditions"} if self.one_hot and self.pooling else set()  # a code may be that of two things

    def forward(self, ids: Tensor, condition: Tensor | None) -> Tensor:
        x = F.one_hot(ids, self.symbols).to(torch.get_default_dtype()) if self.one_hot else self.embed(ids)
        if condition is not None:
            code = self.delay_embed(condition)[:, None].expand(-1, ids.shape[1], -1)
            x = torch.cat((code, x) if self.first else (x, code), -1)
        h, _ = self.rnn(x)
        if self.pooling:
            h = {"none": h[:, -1:], "max": h.amax(1, keepdim=True), "mean": h.mean(1, keepdim=True)}[self.pooling]
        return h if self.state else self.fc(h)


class Cells(nn.Module):
    """A stack of …Cells in a list, one time step after another, with tied codes where the sizes let it."""

    def __init__(self, draw: Random) -> None:
        super().__init__()
        self.kind, hidden, self.symbols = draw.choice(["GRU", "LSTM"]), draw.randint(3, 6), draw.randint(4, 9)
        tied = draw.random() < 0.4
        width = hidden if tied else draw.randint(2, 6)
        self.emb = nn.Embedding(self.symbols, width)
        bias = draw.random() < 0.7
        self.cells = nn.ModuleList(STEPS[self.kind](hidden if layer else width, hidden, bias=bias)
                                   for layer in range(draw.randint(1, 3)))
        self.head = nn.Linear(hidden, self.symbols, bias=not tied)
        if tied:
            self.head.weight = self.emb.weight
        self.conditions, self.pooling, self.answers = 0, "", dict[str, str]()
        self.open = {"purpose", "vocabulary"}

    def forward(self, ids: Tensor, condition: Tensor | None) -> Tensor:
        states: list[Any] = [None] * len(self.cells)
        outputs = []
        below = (lambda state: state[0]) if self.kind == "LSTM" else (lambda state: state)
        for x in self.emb(ids).unbind(1):
            for layer, cell in enumerate(self.cells):
                states[layer] = cell(below(states[layer - 1]) if layer else x, states[layer])
            outputs.append(below(states[-1]))
        return self.head(torch.stack(outputs, 1))


class Scratch(nn.Module):
    """The chapter's RNN and LSTM from scratch: rows times matrices, one-hot, one bias."""

    def __init__(self, draw: Random) -> None:
        super().__init__()
        self.lstm, hidden, self.symbols = draw.random() < 0.5, draw.randint(3, 6), draw.randint(4, 9)
        self.hidden, self.rnn = hidden, nn.Module()
        for gate in "ifco" if self.lstm else "h":
            self.rnn.register_parameter(f"W_x{gate}", nn.Parameter(torch.randn(self.symbols, hidden)))
            self.rnn.register_parameter(f"W_h{gate}", nn.Parameter(torch.randn(hidden, hidden)))
            self.rnn.register_parameter(f"b_{gate}", nn.Parameter(torch.randn(hidden)))
        self.W_hq, self.b_q = nn.Parameter(torch.randn(hidden, self.symbols)), nn.Parameter(torch.randn(self.symbols))
        self.conditions, self.pooling, self.answers = 0, "", dict[str, str]()
        self.open = {"purpose", "vocabulary"}

    def forward(self, ids: Tensor, condition: Tensor | None) -> Tensor:
        own = dict(self.rnn.named_parameters())

        def gate(name: str, x: Tensor, h: Tensor) -> Tensor:
            return x @ own[f"W_x{name}"] + h @ own[f"W_h{name}"] + own[f"b_{name}"]

        h = c = torch.zeros(len(ids), self.hidden)
        outputs = []
        for x in F.one_hot(ids, self.symbols).to(h.dtype).unbind(1):
            if self.lstm:
                c = gate("f", x, h).sigmoid() * c + gate("i", x, h).sigmoid() * gate("c", x, h).tanh()
                h = gate("o", x, h).sigmoid() * c.tanh()
            else:
                h = gate("h", x, h).tanh()
            outputs.append(h @ self.W_hq + self.b_q)
        return torch.stack(outputs, 1)


class Attention(nn.Module):
    """nanoGPT's attention: one matrix for queries, keys and values."""

    def __init__(self, width: int, heads: int, bias: bool) -> None:
        super().__init__()
        self.heads, self.c_attn = heads, nn.Linear(width, 3 * width, bias=bias)
        self.c_proj = nn.Linear(width, width, bias=bias)

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = (part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in self.c_attn(x).chunk(3, -1))
        return self.c_proj(F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).flatten(2))


class Block(nn.Module):
    """nanoGPT's block."""

    def __init__(self, width: int, heads: int, bias: bool) -> None:
        super().__init__()
        self.ln_1, self.attn = nn.LayerNorm(width, bias=bias), Attention(width, heads, bias)
        self.ln_2 = nn.LayerNorm(width, bias=bias)
        self.mlp = nn.ModuleDict({"c_fc": nn.Linear(width, 4 * width, bias=bias),
                                  "c_proj": nn.Linear(4 * width, width, bias=bias)})

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp["c_proj"](F.gelu(self.mlp["c_fc"](self.ln_2(x))))


class GPT(nn.Module):
    """A GPT as nanoGPT names its parts, its output tied to its codes."""

    def __init__(self, draw: Random) -> None:
        super().__init__()
        heads, bias, self.symbols = draw.choice([1, 2, 3]), draw.random() < 0.5, draw.randint(5, 9)
        width = heads * draw.choice([2, 4])
        self.transformer = nn.ModuleDict({
            "wte": nn.Embedding(self.symbols, width), "wpe": nn.Embedding(12, width),
            "h": nn.ModuleList(Block(width, heads, bias) for _ in range(draw.randint(1, 3))),
            "ln_f": nn.LayerNorm(width, bias=bias)})
        self.lm_head = nn.Linear(width, self.symbols, bias=False)
        self.lm_head.weight = self.transformer["wte"].weight
        self.conditions, self.pooling, self.answers = 0, "", {"activation": "gelu", "heads": str(heads)}
        self.open = {"purpose", "vocabulary", "activation", "heads"}

    def forward(self, ids: Tensor, condition: Tensor | None) -> Tensor:
        parts = self.transformer
        x = parts["wte"](ids) + parts["wpe"](torch.arange(ids.shape[1]))
        for block in parts["h"]:
            x = block(x)
        return self.lm_head(parts["ln_f"](x))


class Encoder(nn.Module):
    """nn.TransformerEncoder in its own names, looking back alone or both ways, with learned positions or none."""

    def __init__(self, draw: Random) -> None:
        super().__init__()
        heads, self.symbols = draw.choice([1, 2, 4]), draw.randint(5, 9)
        width, first, self.causal = heads * draw.choice([2, 3]), draw.random() < 0.5, draw.random() < 0.5
        act = draw.choice(["relu", "gelu"])
        self.outputs = self.symbols if self.causal else 3
        self.embedding = nn.Embedding(self.symbols, width)
        self.pos_embedding = nn.Embedding(12, width) if draw.random() < 0.6 else None
        layer = nn.TransformerEncoderLayer(width, heads, draw.randint(5, 11), 0.0, act, batch_first=True,
                                           norm_first=first)
        self.encoder = nn.TransformerEncoder(layer, draw.randint(1, 2), enable_nested_tensor=False,
                                             norm=nn.LayerNorm(width) if draw.random() < 0.5 else None)
        self.fc = nn.Linear(width, self.outputs)
        self.conditions, self.pooling = 0, ""
        self.answers = {"heads": str(heads), "norm": "first" if first else "last", "activation": act,
                        "causal": "yes" if self.causal else "no"}
        self.answers |= {} if self.causal else {"purpose": "other"}
        self.open = {"purpose", "vocabulary", "labels", "pooling", "positions", "scale", *self.answers}

    def forward(self, ids: Tensor, condition: Tensor | None) -> Tensor:
        x = self.embedding(ids)
        if self.pos_embedding is not None:
            x = x + self.pos_embedding(torch.arange(ids.shape[1]))
        later = nn.Transformer.generate_square_subsequent_mask(ids.shape[1]) if self.causal else None
        return self.fc(self.encoder(x, mask=later))


class Lecture(nn.Module):
    """A lecture's GPT, each of whose heads has matrices of its own, and no biases there."""

    def __init__(self, draw: Random) -> None:
        super().__init__()
        heads, self.symbols = draw.choice([1, 2, 3]), draw.randint(5, 9)
        width = heads * draw.choice([2, 3])
        self.token_embedding_table = nn.Embedding(self.symbols, width)
        self.position_embedding_table = nn.Embedding(9, width)
        self.blocks = nn.ModuleList(nn.ModuleDict({
            "sa": nn.ModuleDict({"heads": nn.ModuleList(nn.ModuleDict({
                name: nn.Linear(width, width // heads, bias=False) for name in ("key", "query", "value")})
                for _ in range(heads)), "proj": nn.Linear(width, width)}),
            "ffwd": nn.ModuleDict({"net": nn.Sequential(nn.Linear(width, 4 * width), nn.ReLU(),
                                                        nn.Linear(4 * width, width))}),
            "ln1": nn.LayerNorm(width), "ln2": nn.LayerNorm(width)}) for _ in range(draw.randint(1, 2)))
        self.ln_f, self.lm_head = nn.LayerNorm(width), nn.Linear(width, self.symbols)
        self.conditions, self.pooling, self.answers = 0, "", {"activation": "relu"}
        self.open = {"purpose", "vocabulary", "activation"}

    def forward(self, ids: Tensor, condition: Tensor | None) -> Tensor:
        x = self.token_embedding_table(ids) + self.position_embedding_table(torch.arange(ids.shape[1]))
        for block in self.blocks:
            ln = block["ln1"](x)
            heads = [F.scaled_dot_product_attention(head["query"](ln), head["key"](ln), head["value"](ln),
                                                    is_causal=True) for head in block["sa"]["heads"]]
            x = x + block["sa"]["proj"](torch.cat(heads, -1))
            x = x + block["ffwd"]["net"](block["ln2"](x))
        return self.lm_head(self.ln_f(x))


class SelfAttention(nn.Module):
    """Layers of nn.MultiheadAttention between codes and a linear layer, looking back alone."""

    def __init__(self, draw: Random) -> None:
        super().__init__()
        heads, bias, self.symbols = draw.choice([1, 2, 3]), draw.random() < 0.5, draw.randint(4, 9)
        width = heads * draw.choice([2, 3])
        self.embedding = nn.Embedding(self.symbols, width)
        self.pos_embedding = nn.Embedding(9, width) if draw.random() < 0.5 else None
        self.attention = nn.ModuleList(nn.MultiheadAttention(width, heads, bias=bias, batch_first=True)
                                       for _ in range(draw.randint(1, 3)))
        self.fc = nn.Linear(width, self.symbols)
        self.conditions, self.pooling, self.answers = 0, "", {"heads": str(heads)}
        self.open = {"purpose", "vocabulary", "heads", "causal", "positions", "scale"}

    def forward(self, ids: Tensor, condition: Tensor | None) -> Tensor:
        x = self.embedding(ids)
        if self.pos_embedding is not None:
            x = x + self.pos_embedding(torch.arange(ids.shape[1]))
        for layer in self.attention:
            x, _ = layer(x, x, x, need_weights=False, is_causal=True,
                         attn_mask=nn.Transformer.generate_square_subsequent_mask(ids.shape[1]))
        return self.fc(x)


class Tutorial(nn.Module):
    """The tutorials' layer over the input and the state side by side."""

    def __init__(self, draw: Random) -> None:
        super().__init__()
        self.hidden, self.symbols = draw.randint(3, 6), draw.randint(4, 9)
        self.i2h, self.h2o = nn.Linear(self.symbols + self.hidden, self.hidden), nn.Linear(self.hidden, 3)
        self.conditions, self.pooling, self.answers = 0, "", {"purpose": "other"}
        self.open = {"purpose", "vocabulary", "activation", "conditions", "labels", "pooling"}

    def forward(self, ids: Tensor, condition: Tensor | None) -> Tensor:
        h, outputs = torch.zeros(len(ids), self.hidden), []
        for x in F.one_hot(ids, self.symbols).to(h.dtype).unbind(1):
            h = self.i2h(torch.cat((x, h), 1)).tanh()
            outputs.append(self.h2o(h))
        return torch.stack(outputs, 1)


KINDS: tuple[Callable[[Random], Any], ...] = (Recurrent, Recurrent, Cells, Scratch, GPT, Encoder, Lecture, Tutorial,
                                            SelfAttention)


def wrapped(state: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return OrderedDict((prefix + name, part) for name, part in state.items())


# The ways of saving: what the file is called, and what is written into it.
SAVED: dict[str, tuple[str, Callable[[Mapping[str, Tensor]], Any]]] = {
    "state dict": ("a.pt", dict),
    "with its optimiser": ("a.tar", lambda state: {
        "epoch": 3, "model_state_dict": state, "loss": torch.tensor(1.5),
        "optimizer_state_dict": {"state": {0: {"exp_avg": torch.ones(3, 2)}}}}),
    "lightning": ("a.ckpt", lambda state: {"state_dict": wrapped(state, "model."), "global_step": 7,
                                           "callbacks": {}, "lr_schedulers": []}),
    "data parallel": ("a.pth", lambda state: wrapped(state, "module.")),
    "compiled": ("a.bin", lambda state: {"model": wrapped(state, "_orig_mod."), "iter_num": 2}),
    "safetensors": ("a.safetensors", lambda state: state),
    "npz": ("a.npz", lambda state: state),
    "before zip files": ("a.pkl", lambda state: {"net": state}),
}


def save(state: Mapping[str, Tensor], way: str, folder: Path) -> Path:
    """Write weights as people do."""
    name, wrap = SAVED[way]
    state = {key: part.detach().clone() for key, part in state.items()}
    if name.endswith(".npz"):
        np.savez(folder / name, **{key: part.numpy() for key, part in state.items()})
    elif name.endswith(".safetensors"):
        save_file(state, folder / name)
    else:
        torch.save(wrap(state), folder / name, _use_new_zipfile_serialization=not name.endswith(".pkl"))
    return folder / name


@dataclass
class Trial:
    """An owner's network with an input for it, and what it answers."""

    number: int
    module: Any = field(init=False)

    def __post_init__(self) -> None:
        draw = Random(self.number)
        torch.manual_seed(self.number)
        self.module = KINDS[self.number % len(KINDS)](draw)
        self.ids = torch.randint(self.module.symbols, (2, 7))
        self.condition = torch.tensor([0, 2]) if self.module.conditions else None
        for part in self.module.parameters():
            nn.init.normal_(part, 0, 0.5)

    def gradients(self, targets: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """Logits, and dL/d of every parameter by the names of the state dict, for the mean cross-entropy."""
        logits = self.module(self.ids, self.condition)
        F.cross_entropy(logits.flatten(0, 1), targets.flatten()).backward()
        state = self.module.state_dict(keep_vars=True)
        return logits.detach(), {name: part.grad for name, part in state.items()}
