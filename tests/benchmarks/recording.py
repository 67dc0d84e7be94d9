"""Two loops of a person's own, with and without ``seqlab.record``: steps per second.

    python -m tests.benchmarks.recording
"""

import contextlib
import io
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator

import torch
from torch import nn

from seqlab.recording.begin import record
from tests.benchmarks.table import Row, show

SECONDS, ROUNDS, LEAST = 4.0, 9, 0.97
SYMBOLS, TIME, BATCH, WIDTH, HEADS, LAYERS = 65, 64, 12, 128, 4, 4  # nanoGPT's own settings for a CPU
HIDDEN, CODE, STACKED = 256, 64, 2


class Attention(nn.Module):
    """Causal attention, as such small transformers are written everywhere."""

    def __init__(self) -> None:
        super().__init__()
        self.n_head = HEADS
        self.c_attn = nn.Linear(WIDTH, 3 * WIDTH, bias=False)
        self.c_proj = nn.Linear(WIDTH, WIDTH, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Mix the times."""
        query, key, value = (part.unflatten(-1, (HEADS, -1)).transpose(1, 2) for part in self.c_attn(x).chunk(3, -1))
        mixed = nn.functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        return self.c_proj(mixed.transpose(1, 2).flatten(2))


class FeedForward(nn.Module):
    """The layer between two attentions."""

    def __init__(self) -> None:
        super().__init__()
        self.c_fc, self.gelu = nn.Linear(WIDTH, 4 * WIDTH, bias=False), nn.GELU()
        self.c_proj = nn.Linear(4 * WIDTH, WIDTH, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Widen, activate, narrow."""
        return self.c_proj(self.gelu(self.c_fc(x)))


class Block(nn.Module):
    """Attention and feed-forward, each after a norm."""

    def __init__(self) -> None:
        super().__init__()
        self.ln_1, self.ln_2 = nn.LayerNorm(WIDTH, bias=False), nn.LayerNorm(WIDTH, bias=False)
        self.attn, self.mlp = Attention(), FeedForward()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Add what both give."""
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class Gpt(nn.Module):
    """A small GPT with tied embeddings and no biases."""

    def __init__(self) -> None:
        super().__init__()
        self.transformer = nn.ModuleDict({
            "wte": nn.Embedding(SYMBOLS, WIDTH), "wpe": nn.Embedding(TIME, WIDTH),
            "h": nn.ModuleList(Block() for _ in range(LAYERS)), "ln_f": nn.LayerNorm(WIDTH, bias=False)})
        self.lm_head = nn.Linear(WIDTH, SYMBOLS, bias=False)
        self.lm_head.weight = self.transformer["wte"].weight

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Logits at every time."""
        x = self.transformer["wte"](ids) + self.transformer["wpe"](torch.arange(ids.shape[1]))
        for block in self.transformer["h"]:
            x = block(x)
        return self.lm_head(self.transformer["ln_f"](x))


class Lstm(nn.Module):
    """A character LSTM."""

    def __init__(self) -> None:
        super().__init__()
        self.embed, self.head = nn.Embedding(SYMBOLS, CODE), nn.Linear(HIDDEN, SYMBOLS)
        self.lstm = nn.LSTM(CODE, HIDDEN, STACKED, batch_first=True)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Logits at every time."""
        return self.head(self.lstm(self.embed(ids))[0])


class Small(Lstm):
    """An LSTM so small that a step takes a millisecond: there everything that is not the loop shows most."""

    def __init__(self) -> None:
        super().__init__()
        self.head, self.lstm = nn.Linear(32, SYMBOLS), nn.LSTM(CODE, 32, batch_first=True)


class Loop:
    """A loop that anybody would write, which can be gone on with."""

    def __init__(self, kind: Callable[[], nn.Module]) -> None:
        torch.manual_seed(0)
        self.model = kind()
        self.adam = torch.optim.AdamW(self.model.parameters(), lr=1e-3)
        self.text = torch.randint(SYMBOLS, (100_000,))

    def update(self) -> torch.Tensor:
        """Do one update; returns the loss."""
        places = torch.randint(len(self.text) - TIME - 1, (BATCH,)).tolist()
        x = torch.stack([self.text[place:place + TIME] for place in places])
        y = torch.stack([self.text[place + 1:place + 1 + TIME] for place in places])
        loss = nn.functional.cross_entropy(self.model(x).flatten(0, 1), y.flatten())
        self.adam.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.adam.step()
        return loss

    def bare(self, steps: int) -> float:
        """Steps per second of the loop alone."""
        began = time.perf_counter()
        for _ in range(steps):
            self.update()
        return steps / (time.perf_counter() - began)

    def recorded(self, steps: int, root: str) -> float:
        """Steps per second of the same loop while it is recorded, from its first step to its last."""
        with contextlib.redirect_stderr(io.StringIO()), record(self.model, runs=root) as log:
            began = time.perf_counter()
            for _ in range(steps):
                if not log.step(loss=self.update(), lr=1e-3):
                    break
            return steps / (time.perf_counter() - began)


def rows() -> Iterator[Row]:
    """Measure on one thread; the two loops take turns, and the one that begins changes each round."""
    torch.set_num_threads(int(os.environ.get("THREADS", "1")))
    for name, kind in (("nanoGPT-like", Gpt), ("nn.LSTM 2 × 256", Lstm), ("nn.LSTM 32", Small)):
        loop, pairs = Loop(kind), list[tuple[float, float]]()
        with tempfile.TemporaryDirectory() as root:
            steps = max(10, round(SECONDS * loop.bare(10)))
            loop.recorded(10, root)
            for turn in range(ROUNDS):
                if turn % 2:
                    recorded, bare = loop.recorded(steps, root), loop.bare(steps)
                else:
                    bare, recorded = loop.bare(steps), loop.recorded(steps, root)
                pairs.append((recorded, bare))
        ratio = statistics.median(recorded / bare for recorded, bare in pairs)
        recorded, bare = (statistics.median(speeds) for speeds in zip(*pairs, strict=True))
        yield Row(f"a loop that is recorded / the same loop bare, {name}", ratio, LEAST, "at least", "×",
                  f"{recorded:.0f} / {bare:.0f} steps/s")


if __name__ == "__main__":
    raise SystemExit(not show(list(rows())))
