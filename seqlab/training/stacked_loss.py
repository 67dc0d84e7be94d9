"""The loss of many networks at once, decoders included; each loss and each gradient is that of ``loss`` for one."""

from typing import Any

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.autograd.function import once_differentiable

from seqlab.training.loss import AT_ONCE, FEWEST


class StackedCrossEntropy(torch.autograd.Function):
    """Σ w · ce of softmax(W read + b), or of softmax(read) without W, of each model, and which answers are right."""

    @staticmethod
    def forward(ctx: Any, read: Float[Tensor, "model place width"], W: Tensor | None, b: Tensor | None,
                targets: Int[Tensor, "model place"],
                weight: Float[Tensor, "model place"]) -> tuple[Float[Tensor, " model"], Bool[Tensor, "model place"]]:
        """Loss of each model, and for each place whether it is right; the gradients are worked out on the way."""
        models, places, width = read.shape
        classes = width if W is None else W.shape[1]
        size = max(FEWEST, AT_ONCE // (classes * models)) if read.is_cpu else places
        loss, right = read.new_zeros(models), torch.empty_like(targets, dtype=torch.bool)
        d_read, *d_parts = (None if part is None else torch.zeros_like(part, memory_format=torch.contiguous_format)
                            for part in (read, W, b))
        assert d_read is not None
        for start in range(0, places, size):
            part = slice(start, start + size)
            rows, to = read[:, part], targets[:, None, part]
            y = rows.mT if W is None or b is None else torch.baddbmm(b[..., None], W, rows.mT)
            log_p = torch.log_softmax(y, 1)
            at = log_p.gather(1, to)
            torch.gt(at[:, 0], log_p.scatter_(1, to, -torch.inf).amax(1), out=right[:, part])
            loss -= (at[:, 0] * weight[:, part]).sum(1)
            sent = torch.zeros_like(log_p).scatter_(1, to, -weight[:, None, part])
            d_y = torch.ops.aten._log_softmax_backward_data(sent, log_p.scatter_(1, to, at), 1, log_p.dtype)
            _back(d_y, rows, W, d_read[:, part], *d_parts)
        ctx.save_for_backward(d_read, *d_parts)
        ctx.mark_non_differentiable(right)
        return loss, right

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Float[Tensor, " model"], _: Tensor) -> tuple[Tensor | None, ...]:
        """Hand the gradients on; those of the sum of all losses (``gradient`` 1) as they are."""
        gradients = ctx.saved_tensors
        if gradient.is_cpu and bool((gradient == 1).all()):
            return *gradients, None, None
        return *(None if part is None else part * gradient.view(-1, *[1] * (part.ndim - 1)) for part in gradients), \
            None, None


def _back(d_y: Float[Tensor, "model classes place"], rows: Tensor, W: Tensor | None, d_rows: Tensor,
          d_W: Tensor | None, d_b: Tensor | None) -> None:
    """From the logits back through the decoders: into ``d_rows`` their share, onto ``d_W`` and ``d_b`` theirs."""
    if W is None or d_W is None or d_b is None:
        d_rows.copy_(d_y.mT)
        return
    d_rows.copy_(torch.bmm(d_y.mT, W))
    d_W.baddbmm_(d_y, rows)
    d_b += d_y.sum(2)
