"""The cells assignment: its formulas in plain NumPy beside torch's modules, as a student hands them in.

Batch 4, 12 steps, 3 inputs, 2 units, attention over 8 steps of width 10 with 5 heads; inputs and initial states from a
standard normal, float32. Every figure is the median over 200 seeds of what the assignment prints once.
"""

from collections.abc import Callable, Mapping
from statistics import median

import numpy as np
import torch
from torch import nn

from seqlab.studies import Report

SEEDS = range(200)
FIGURES: Mapping[str, str] = {
    "rnn": "relative error of outputs plus that of the final state, plain NumPy against nn.RNN",
    "gru": "the same against nn.GRU",
    "special": "the same, nn.GRU with special weights against nn.RNN",
    "memory": "mean |x - y| of the initial state and the last one of nn.GRU with special weights",
    "attention": "mean |x - y| of the outputs, plain NumPy against nn.MultiheadAttention",
}
GATE = 100.0


def run(report: Report) -> Mapping[str, float]:
    """Measure all five."""
    with torch.inference_mode():
        figures = {name: median(_seeded(measure, seed) for seed in SEEDS) for name, measure in MEASURES.items()}
    report(f"medians over {len(SEEDS)} seeds")
    return figures


def _seeded(measure: Callable[[], float], seed: int) -> float:
    torch.manual_seed(seed)
    return measure()


def _drawn() -> tuple[torch.Tensor, torch.Tensor]:
    first = torch.randn(1, 4, 2)
    return first, torch.randn(4, 12, 3)


def _error(x: np.ndarray, y: np.ndarray) -> float:
    def relative(x: np.ndarray, y: np.ndarray) -> float:
        return float(np.max(np.abs(x - y) / np.maximum(1e-8, np.abs(x) + np.abs(y))))
    return relative(x, y) + relative(x[:, -1], y[:, -1])


def _weights(module: nn.RNNBase) -> list[np.ndarray]:
    return [part.numpy() for part in module.parameters()]  # W_ih, W_hh, b_ih, b_hh


def _rnn() -> float:
    module, (first, x) = nn.RNN(3, 2, batch_first=True), _drawn()
    W, U, b, c = _weights(module)
    h, outputs = first[0].numpy(), []
    for t in range(x.shape[1]):
        h = np.tanh(h @ U.T + x[:, t].numpy() @ W.T + (b + c))
        outputs.append(h)
    return _error(np.stack(outputs, 1), module(x, first)[0].numpy())


def _gru() -> float:
    module, (first, x) = nn.GRU(3, 2, batch_first=True), _drawn()
    (W_r, W_z, W_n), (U_r, U_z, U_n), (b_r, b_z, b_n), (c_r, c_z, c_n) = (np.split(w, 3) for w in _weights(module))
    h, outputs = first[0].numpy(), []
    for t in range(x.shape[1]):
        x_t = x[:, t].numpy()
        r = 1 / (1 + np.exp(-(x_t @ W_r.T + b_r + h @ U_r.T + c_r)))
        z = 1 / (1 + np.exp(-(x_t @ W_z.T + b_z + h @ U_z.T + c_z)))
        n = np.tanh(x_t @ W_n.T + b_n + r * (h @ U_n.T + c_n))
        h = (1 - z) * n + z * h
        outputs.append(h)
    return _error(np.stack(outputs, 1), module(x, first)[0].numpy())


def _gated(reset: float, update: float, like: nn.RNN | None = None) -> nn.GRU:
    """A GRU whose gates stand still; its candidate is that of an RNN, or 0."""
    gru = nn.GRU(3, 2, batch_first=True)
    for name, part in gru.named_parameters():
        part.zero_()
        if like is not None:
            part[4:] = getattr(like, name)
        if name == "bias_ih_l0":
            part[:2], part[2:4] = reset, update
    return gru


def _special() -> float:
    rnn, (first, x) = nn.RNN(3, 2, batch_first=True), _drawn()
    return _error(_gated(GATE, -GATE, rnn)(x, first)[0].numpy(), rnn(x, first)[0].numpy())


def _memory() -> float:
    first, x = _drawn()
    return float((_gated(0.0, GATE)(x, first)[0][:, -1] - first[0]).abs().mean())


def _attention() -> float:
    module, x = nn.MultiheadAttention(10, 5, bias=False, batch_first=True), torch.randn(4, 8, 10)
    heads = []
    for W_q, W_k, W_v in module.in_proj_weight.numpy().reshape(3, 5, 2, 10).swapaxes(0, 1):
        q, k, v = (x.numpy() @ W.T for W in (W_q, W_k, W_v))
        scores = np.exp(q @ k.swapaxes(1, 2) / np.sqrt(np.float32(2)))
        heads.append(scores / scores.sum(-1, keepdims=True) @ v)
    outputs = np.concatenate(heads, -1) @ module.out_proj.weight.numpy().T
    return float(np.abs(outputs - module(x, x, x)[0].numpy()).mean())


MEASURES: Mapping[str, Callable[[], float]] = {
    "rnn": _rnn, "gru": _gru, "special": _special, "memory": _memory, "attention": _attention}
