"""A living torch module: its tensors, and what a file of them would not say. Torch is imported here alone."""

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812

from seqlab.adopt.parts import STATED, Contents
from seqlab.adopt.proposal import Corrections, Proposal, propose

_HEADS = ("num_heads", "n_head", "n_heads", "nhead", "heads", "num_attention_heads")
_ALPHABETS = ("chars", "itos", "stoi", "vocab", "vocabulary", "idx_to_token", "token_to_idx")
_SAYS = "the module says so"
_FLOATS = (torch.float16, torch.bfloat16, torch.float32, torch.float64)


def from_module(module: nn.Module, corrections: Corrections | None = None) -> Proposal:
    """Recognise a module's network; raises Fault where it is none that seqlab knows.

    What its layers say of themselves is decided: the function of nn.RNN, heads, norm_first, activations.
    """
    return propose(contents_of(module), corrections or {})


def contents_of(module: nn.Module) -> Contents:
    """Give a module's tensors as NumPy arrays, buffers that are not saved among them, and its facts."""
    tensors = dict(module.named_buffers()) | dict(module.state_dict())
    arrays = {name: _array(part) for name, part in tensors.items()
              if isinstance(part, torch.Tensor) and part.dtype in _FLOATS and part.ndim}
    return Contents(arrays, facts(module))


def facts(module: nn.Module) -> dict[str, Any]:
    """Say what a module's layers know of themselves that no tensor shows, and its alphabet where it keeps one."""
    stated: dict[str, list[str]] = {}
    for key, answers in (("activation", _activations(module)), ("heads", _heads(module)), ("norm", _norms(module))):
        different = list(dict.fromkeys(answers))
        if len(different) == 1:
            stated[key] = [different[0], _SAYS]
    known = {name: getattr(module, name) for name in _ALPHABETS
             if isinstance(getattr(module, name, None), str | list | tuple | dict)}
    return {STATED: stated, **known}


def _array(part: torch.Tensor) -> Any:
    wide = part.detach() if part.dtype == torch.float64 else part.detach().float()
    return wide.cpu().contiguous().numpy().copy()


def _activations(module: nn.Module) -> Iterator[str]:
    """The functions that its layers apply, under the names of the answers."""
    for part in module.modules():
        if isinstance(part, nn.RNN | nn.RNNCell):
            yield str(part.nonlinearity)
        elif isinstance(part, nn.TransformerEncoderLayer | nn.TransformerDecoderLayer):
            yield _named(part.activation)
        elif isinstance(part, nn.ReLU | nn.GELU):
            yield _named(part)


def _named(function: Callable[..., torch.Tensor]) -> str:
    if isinstance(function, nn.GELU):
        return "gelu" if function.approximate == "none" else "gelu-tanh"
    return "gelu" if function is F.gelu else "relu" if function is F.relu or isinstance(function, nn.ReLU) else "other"


def _heads(module: nn.Module) -> Iterator[str]:
    for part in module.modules():
        for name in _HEADS:
            count = getattr(part, name, None)
            if isinstance(count, int) and not isinstance(count, bool):
                yield str(count)


def _norms(module: nn.Module) -> Iterator[str]:
    for part in module.modules():
        if isinstance(part, nn.TransformerEncoderLayer):
            yield "first" if part.norm_first else "last"
