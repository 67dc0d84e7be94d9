"""Several runs of one shape trained in one program: a forward pass, a loss, a way back and an update for all of them.

Each has its own seed, batches, weights, learning rate, schedule and clip, and learns what it would learn alone, up to
the rounding of single precision: after 100 updates losses of recurrent networks differ by less than 1e-5, in double
precision weights by less than 1e-10 (tests/training/test_batched.py). Longer training amplifies any rounding; how much,
tests/benchmarks/batched.py measures beside it.
"""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from seqlab.data.batching import Batch
from seqlab.models.stacked_network import StackedNetwork
from seqlab.training import groups
from seqlab.training.loop import Learner
from seqlab.training.stacked_loss import StackedCrossEntropy
from seqlab.training.stacked_weights import StackedWeights


class Group:
    """Learners that go on together, one update each at a time; raises Fault where they cannot.

    At any time between two updates each of them is whole: its network, optimiser, step, sums and carried state are
    those of a learner that trains alone. One that leaves goes on alone, or pauses, as it is; the others then make a
    new group, and so does one that comes in.
    """

    def __init__(self, learners: Sequence[Learner]) -> None:
        groups.require([learner.config for learner in learners])
        self.learners = tuple(learners)
        self._network = StackedNetwork(learners[0].network)
        self._weights = StackedWeights(self.learners)
        self._sums = torch.stack([learner.sums for learner in learners])
        for learner, sums in zip(learners, self._sums, strict=True):
            learner.sums = sums

    def update(self) -> None:
        """Make one update of every learner."""
        batches = [learner.config.task_spec.batch(learner.config.task_config, learner.config.batch, learner.generator,
                                                  learner.step) for learner in self.learners]
        (ids, targets, weight, scored), condition = joined(batches)
        read, after = self._network.read(self._weights.named, ids, condition, self._carried(batches))
        places = read.transpose(0, 1).reshape(len(batches), -1, read.shape[3])
        parts = targets, weight.to(read.dtype), scored
        targets, weight, scored = (part.mT.reshape(len(batches), -1) for part in parts)
        loss, right = StackedCrossEntropy.apply(places, *self._network.decoder(self._weights.named), targets,
                                                weight / self._divisors(batches, weight)[:, None])
        loss.sum().backward()
        clips = [learner.config.optimiser.clip for learner in self.learners]
        rates = [learner.rate for learner in self.learners]
        norms = self._weights.update(clips, rates)
        self._add(loss.detach(), norms, (right * scored).sum(1), scored.sum(1), clips)
        for place, (learner, batch) in enumerate(zip(self.learners, batches, strict=True)):
            learner.optimiser.param_groups[0]["lr"] = rates[place]
            learner.carried = () if batch.place is None else tuple(part[place].detach() for part in after)
            learner.step += 1
            learner.updates += 1
            learner.tokens += batch.tokens

    def _carried(self, batches: Sequence[Batch]) -> tuple[Tensor, ...]:
        """States that the batches before left, ``model layer batch hidden``; a learner that starts afresh has zeros."""
        before = [learner.carried if batch.place else () for learner, batch in zip(self.learners, batches, strict=True)]
        like = next((parts for parts in before if parts), ())
        return tuple(torch.stack([parts[key] if parts else torch.zeros_like(part) for parts in before])
                     for key, part in enumerate(like))

    def _divisors(self, batches: Sequence[Batch], weight: Tensor) -> Tensor:
        """What each loss is divided by: see ``loss.loss_and_correct``."""
        reduction = self.learners[0].config.reduction
        if reduction == "mean":
            return weight.sum(1).clamp(min=1)
        sizes = [len(batch.weight) if reduction == "sum" else batch.weight.numel() for batch in batches]
        return torch.tensor(sizes, dtype=weight.dtype, device=weight.device)

    def _add(self, loss: Tensor, norms: Tensor, right: Tensor, scored: Tensor, clips: Sequence[float | None]) -> None:
        most = torch.tensor([clip or torch.inf for clip in clips], device=norms.device)
        self._sums += torch.stack((loss, norms, right, scored, torch.isfinite(loss + norms), norms > most), 1)


def joined(batches: Sequence[Batch]) -> tuple[list[Tensor], Tensor | None]:
    """Lay the batches of several runs one above another; a smaller one is filled up with what counts for nothing.

    Gives ids, targets, weight and scored, ``model batch time`` each, and the condition, ``model batch``, or None.
    """
    fields = [(batch.inputs, batch.targets, batch.weight, batch.scored) for batch in batches]
    rows, times = (max(own[0].shape[axis] for own in fields) for axis in (0, 1))
    parts = [torch.stack([_filled(part, rows, times) for part in same]) for same in zip(*fields, strict=True)]
    given = [F.pad(batch.condition, (0, rows - len(batch.condition))) for batch in batches
             if batch.condition is not None]
    return parts, torch.stack(given) if given else None


def _filled(part: Tensor, rows: int, times: int) -> Tensor:
    missing = times - part.shape[1], rows - part.shape[0]
    return F.pad(part, (0, missing[0], 0, missing[1])) if any(missing) else part
