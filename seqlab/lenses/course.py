"""The course's functions computed by torch's modules: the proof of the reference that checks a person's code."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

Plain = np.ndarray | int | float
Argument = Plain | Sequence[Plain] | Sequence[Sequence[Plain]]  # an array or number, heads, or gates of parts
Nested = Tensor | int | float | list["Nested"]


def answers(key: str, cases: Sequence[tuple[Argument, ...]]) -> list[list[np.ndarray]]:
    """What torch returns for the arguments of every case, part by part; raises KeyError for an unknown exercise."""
    compute = FUNCTIONS[key]
    return [[part.detach().numpy() for part in _flat(compute(*map(_tensors, case)))] for case in cases]


def _rnn(wt_h: Tensor, wt_x: Tensor, bias: Tensor, init: Tensor, x: Tensor) -> object:
    return _run(nn.RNN, (wt_x.T, wt_h.T, bias, torch.zeros_like(bias)), init, x)


def _gru(r: Sequence[Tensor], z: Sequence[Tensor], n: Sequence[Tensor], init: Tensor, x: Tensor) -> object:
    return _run(nn.GRU, _joined(r, z, n), init, x)


def _lstm(i: Sequence[Tensor], f: Sequence[Tensor], g: Sequence[Tensor], o: Sequence[Tensor],
          init: Sequence[Tensor], x: Tensor) -> object:
    return _run(nn.LSTM, _joined(i, f, g, o), tuple(init), x)


def _joined(*gates: Sequence[Tensor]) -> tuple[Tensor, ...]:
    """Stack the gates as torch's modules hold them: W_ih, W_hh, b_ih, b_hh."""
    W_i, b_i, W_h, b_h = (torch.cat([gate[part].T if part % 2 == 0 else gate[part] for gate in gates])
                          for part in range(4))
    return W_i, W_h, b_i, b_h


def _run(kind: type[nn.RNN] | type[nn.GRU] | type[nn.LSTM], weights: tuple[Tensor, ...],
         init: Tensor | tuple[Tensor, ...], x: Tensor) -> object:
    module = kind(x.shape[-1], weights[1].shape[-1], batch_first=True, device="meta")
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    _load(module, dict(zip(names, weights, strict=True)))
    return module(x, init)


def _load(module: nn.Module, weights: Mapping[str, Tensor]) -> None:
    """Give a module on torch's ``meta`` device, which has drawn no initial weights, its weights."""
    module.load_state_dict({name: part.contiguous() for name, part in weights.items()}, assign=True)


def _mha(Wq: list[Tensor], Wk: list[Tensor], Wv: list[Tensor], Wo: Tensor, x: Tensor,
         mask: Tensor | None = None) -> Tensor:
    module = nn.MultiheadAttention(x.shape[-1], len(Wq), bias=False, batch_first=True, device="meta")
    _load(module, {"in_proj_weight": torch.cat([W.T for part in (Wq, Wk, Wv) for W in part]), "out_proj.weight": Wo.T})
    return module(x, x, x, need_weights=False, attn_mask=mask)[0]


def _causal(Wq: list[Tensor], Wk: list[Tensor], Wv: list[Tensor], Wo: Tensor, x: Tensor) -> Tensor:
    return _mha(Wq, Wk, Wv, Wo, x, torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu(1))


def _gru_as_rnn(wt_h: Tensor, wt_x: Tensor, bias: Tensor, init: Tensor, x: Tensor) -> object:
    """Compute what the special GRU must do: the RNN itself."""
    return _rnn(wt_h, wt_x, bias, init, x)


def _gru_memory(input_size: int, hidden_size: int, init: Tensor, x: Tensor) -> object:
    """Compute what the special GRU must do: a torch GRU whose update gate is driven to 1."""
    module = nn.GRU(input_size, hidden_size, batch_first=True, device="meta")
    weights = {name: torch.zeros(part.shape, dtype=x.dtype) for name, part in module.named_parameters()}
    weights["bias_ih_l0"][hidden_size:2 * hidden_size] = 1e3
    _load(module, weights)
    return module(x, init)


def _cross_entropy(logits: Tensor, targets: Tensor) -> object:
    return functional.softmax(logits, dim=-1), functional.cross_entropy(logits, targets)


def _sample(logits: Tensor, temperature: float, u: Tensor) -> Tensor:
    cumulative = functional.softmax(logits / temperature, dim=-1).cumsum(dim=-1)
    return torch.searchsorted(cumulative, u[:, None], right=True)[:, 0].clamp(max=logits.shape[1] - 1)


def _clip(gradients: Sequence[Tensor], limit: float) -> object:
    weights = [nn.Parameter(torch.zeros_like(gradient)) for gradient in gradients]
    for weight, gradient in zip(weights, gradients, strict=True):
        weight.grad = gradient.clone()
    norm = nn.utils.clip_grad_norm_(weights, limit)
    return [weight.grad for weight in weights], norm


def _backward(d_h: Tensor, h: Tensor, h_prev: Tensor, x: Tensor, wt_h: Tensor, wt_x: Tensor) -> object:
    """Run autograd through one step whose bias is what makes its state ``h``."""
    leaves = [part.requires_grad_() for part in (wt_h, wt_x, h_prev)]
    bias = (torch.atanh(h) - h_prev @ wt_h - x @ wt_x).detach().requires_grad_()
    torch.tanh(h_prev @ wt_h + x @ wt_x + bias).backward(d_h)
    d_wt_h, d_wt_x, d_h_prev = (leaf.grad for leaf in leaves)
    assert bias.grad is not None
    return d_wt_h, d_wt_x, bias.grad.sum(dim=0), d_h_prev


FUNCTIONS: dict[str, Callable[..., object]] = {function.__name__[1:]: function for function in (
    _rnn, _gru, _lstm, _mha, _causal, _gru_as_rnn, _gru_memory, _cross_entropy, _sample, _clip, _backward)}


def _tensors(value: Argument) -> "Nested":
    """Make tensors of the arrays in nested lists and tuples; numbers stay what they are."""
    if isinstance(value, np.ndarray):
        return torch.from_numpy(np.array(value))
    return value if isinstance(value, int | float) else [_tensors(part) for part in value]


def _flat(value: object) -> Iterator[Tensor]:
    """Give the tensors of nested lists and tuples one after another."""
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _flat(part)
