"""The course's functions computed by torch's modules: the proof of the reference that checks a person's code."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor, nn

Argument = np.ndarray | Sequence[np.ndarray] | Sequence[Sequence[np.ndarray]]  # an array, heads, or gates of parts
Nested = Tensor | list["Nested"]


def answers(key: str, cases: Sequence[tuple[Argument, ...]]) -> list[np.ndarray]:
    """What torch's modules return for the arguments of every case: key is rnn, gru, mha or causal."""
    compute: dict[str, Callable[..., Tensor]] = {"rnn": _rnn, "gru": _gru, "mha": _mha, "causal": _causal}
    with torch.inference_mode():
        return [compute[key](*map(_tensors, case)).numpy() for case in cases]


def _rnn(wt_h: Tensor, wt_x: Tensor, bias: Tensor, init: Tensor, x: Tensor) -> Tensor:
    return _states(nn.RNN, (wt_x.T, wt_h.T, bias, torch.zeros_like(bias)), init, x)


def _gru(r: Sequence[Tensor], z: Sequence[Tensor], n: Sequence[Tensor], init: Tensor, x: Tensor) -> Tensor:
    W_i, b_i, W_h, b_h = (torch.cat([gate[part].T for gate in (r, z, n)]) if part % 2 == 0 else
                          torch.cat([gate[part] for gate in (r, z, n)]) for part in range(4))
    return _states(nn.GRU, (W_i, W_h, b_i, b_h), init, x)


def _states(kind: type[nn.RNN] | type[nn.GRU], weights: tuple[Tensor, ...], init: Tensor, x: Tensor) -> Tensor:
    module = kind(x.shape[-1], init.shape[-1], batch_first=True, dtype=x.dtype)
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    module.load_state_dict(dict(zip(names, weights, strict=True)))
    return module(x, init[None])[0]


def _mha(Wq: list[Tensor], Wk: list[Tensor], Wv: list[Tensor], Wo: Tensor, x: Tensor,
         mask: Tensor | None = None) -> Tensor:
    module = nn.MultiheadAttention(x.shape[-1], len(Wq), bias=False, batch_first=True, dtype=x.dtype)
    module.load_state_dict({"in_proj_weight": torch.cat([W.T for part in (Wq, Wk, Wv) for W in part]),
                            "out_proj.weight": Wo.T})
    return module(x, x, x, need_weights=False, attn_mask=mask)[0]


def _causal(Wq: list[Tensor], Wk: list[Tensor], Wv: list[Tensor], Wo: Tensor, x: Tensor) -> Tensor:
    return _mha(Wq, Wk, Wv, Wo, x, torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu(1))


def _tensors(value: Argument) -> "Nested":
    """Make tensors of the arrays in nested lists and tuples."""
    if isinstance(value, np.ndarray):
        return torch.from_numpy(np.array(value))
    return [_tensors(part) for part in value]
