"""The loss that trains: cross-entropy, its gradient and the right answers in one pass, decoder included.

The classes stand along the first axis, so that a CPU works on many places at once, and a few thousand places are taken
at a time, so that all steps of the computation find them in its cache; the logits of a whole batch are never laid out.
"""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

from seqlab.data.batching import Batch
from seqlab.reference.loss import Reduction

# Logits that are worked on at once: 230 kB in single precision, of which a few copies fit into a core's cache.
AT_ONCE, FEWEST = 57_344, 256


def loss_and_correct(read: Float[Tensor, "batch time width"], decoder: nn.Module, batch: Batch,
           reduction: Reduction = "mean") -> tuple[Float[Tensor, ""], Float[Tensor, ""]]:
    """Loss in nats of what the decoder makes of ``read``, and how many of the scored answers are right.

    Cross-entropy is averaged over the positions that count, Σ w · ce / Σ w, and is 0 where none counts; with ``sum`` it
    is added up over each sequence and averaged over the batch: Σ w · ce / batch. With ``positions`` it is averaged over
    all of them, those that do not count as zeros: Σ w · ce / (batch · time). An answer is right where its logit is the
    largest of all, alone.
    """
    rows, parts = _laid(read, batch.targets, batch.weight.to(read.dtype), batch.scored)
    targets, weight, scored = parts
    sizes = {"sum": len(read), "positions": weight.numel()}
    weight = weight / (weight.sum().clamp(min=1) if reduction == "mean" else sizes[reduction])
    W, b = (getattr(decoder, name, None) for name in ("weight", "bias"))  # none where what it reads are the logits
    loss, right = CrossEntropy.apply(rows, W, b, targets, weight)
    return loss, (right * scored).sum()


def weighted_loss(logits: Float[Tensor, "batch time classes"], batch: Batch,
                  reduction: Reduction = "mean") -> Float[Tensor, ""]:
    """The loss of ``loss_and_correct`` where the logits are known."""
    return loss_and_correct(logits, nn.Identity(), batch, reduction)[0]


def _laid(read: Tensor, *parts: Tensor) -> tuple[Tensor, list[Tensor]]:
    """Lay batch and time out as one axis, whichever of them comes first in memory, so that nothing is copied."""
    if read.transpose(0, 1).is_contiguous():
        read, parts = read.transpose(0, 1), tuple(part.T for part in parts)
    return read.reshape(-1, read.shape[-1]), [part.reshape(-1) for part in parts]


class CrossEntropy(torch.autograd.Function):
    """Σ w · ce of softmax(W read + b), or of softmax(read) without W, and which answers are right.

    With p = softmax(y), dL/dy = w (p - 1 at the target); it is taken back to ``read``, W and b at once.
    """

    @staticmethod
    def forward(ctx: Any, read: Float[Tensor, "places width"], W: Tensor | None, b: Tensor | None, targets: Tensor,
                weight: Float[Tensor, " places"]) -> tuple[Tensor, Tensor]:
        """Loss, and for each place whether it is right; the gradients are worked out on the way."""
        learns = any(ctx.needs_input_grad)
        classes = read.shape[1] if W is None else len(W)
        size = max(FEWEST, AT_ONCE // classes) if read.is_cpu else max(1, len(read))
        loss, right = read.new_zeros(()), torch.empty_like(targets, dtype=torch.bool)
        d_read = torch.empty_like(read) if learns else None
        d_W, d_b = (torch.zeros_like(part) if learns and part is not None else None for part in (W, b))
        for start in range(0, len(read), size):
            part = slice(start, start + size)
            y = read[part].T if W is None or b is None else torch.addmm(b[:, None], W, read[part].T)
            log_p, at = _answered(y, targets[None, part], right[part])
            loss -= at[0] @ weight[part]
            if d_read is not None:
                d_y = _wrong(log_p, targets[None, part], weight[None, part])
                _back(d_y, read[part], W, d_read[part], d_W, d_b)
        ctx.save_for_backward(d_read, d_W, d_b)
        ctx.mark_non_differentiable(right)
        return loss, right

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor, _: Tensor) -> tuple[Tensor | None, ...]:
        """Hand the gradients on; those of the loss itself (``gradient`` 1) as they are."""
        gradients = ctx.saved_tensors
        if gradient.is_cpu and gradient == 1:
            return *gradients, None, None
        return *(None if part is None else part * gradient for part in gradients), None, None


def _answered(y: Float[Tensor, "classes places"], targets: Tensor, right: Tensor) -> tuple[Tensor, Tensor]:
    """Log p of all classes, and of the targets; ``right`` is filled in: a target larger than all other classes."""
    log_p = torch.log_softmax(y, 0)
    at = log_p.gather(0, targets)
    torch.gt(at[0], log_p.scatter_(0, targets, -torch.inf).amax(0), out=right)
    return log_p.scatter_(0, targets, at), at


def _wrong(log_p: Tensor, targets: Tensor, weight: Tensor) -> Float[Tensor, "classes places"]:
    """dL/dy = w (p - 1 at the target), by torch's own step back through the log-softmax."""
    sent = torch.zeros_like(log_p).scatter_(0, targets, -weight)
    gradient: Tensor = torch.ops.aten._log_softmax_backward_data(sent, log_p, 0, log_p.dtype)
    return gradient


def _back(d_y: Float[Tensor, "classes places"], read: Tensor, W: Tensor | None, d_read: Tensor, d_W: Tensor | None,
          d_b: Tensor | None) -> None:
    """From the logits back through the decoder: into ``d_read`` its share, onto ``d_W`` and ``d_b`` theirs."""
    if W is None or d_W is None or d_b is None:
        d_read.copy_(d_y.T)
        return
    torch.mm(d_y.T, W, out=d_read)
    d_W.addmm_(d_y, read)
    d_b += d_y.sum(1)
