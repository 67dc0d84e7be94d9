"""Torch's side of a sample: the same text read again, and the same random numbers put to it."""

from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from seqlab.lenses import opened
from seqlab.models.network import SequenceNetwork
from seqlab.reference.intervention import Intervention
from seqlab.reference.sampling import ROUNDING, Choice, SampledAgain
from seqlab.reference.window import windows
from seqlab.training.run import Run
from seqlab.training.sampling import reach

Number = float | int
Dials = tuple[Number, Number, int, Number, bool]  # a Choice as a tuple


@torch.inference_mode()
def again(path: str, step: int, prompt: Sequence[int], ids: Int[np.ndarray, "row count"],
          choices: Sequence[Dials], draws: Float[np.ndarray, " count"], masked: Collection[int] = (),
          end: int | None = None, start: Sequence[int] = (), dtype: str = "float64",
          changes: tuple[Intervention, ...] = ()) -> SampledAgain:
    """Read a sample in one go, each time what stands there already, and draw again with the same numbers.

    ``choices`` are those of each row as tuples, ``dataclasses.astuple(choice)``. A transformer sees what it saw while
    the text was drawn: its run's longest sequence, and where its window moved on, the same windows. ``changes``
    are made at every time.
    """
    given = [*start, *prompt]
    rows = torch.cat((torch.tensor(given).expand(len(ids), -1), torch.from_numpy(np.array(ids, np.int64))[:, :-1]), 1)
    network = opened.network(path, step, dtype)
    read = teacher_forced(network, rows, reach(Run(Path(path))), changes)
    logits = read[:, len(given) - 1:].clone()
    p, redrawn = torch.zeros_like(logits, dtype=torch.float64), torch.full(ids.shape, 0 if end is None else end)
    for row, choice in enumerate(choices):
        length = _length(ids[row], end)
        logits[row, length:] = 0
        p[row, :length] = shaped(logits[row, :length].double(), Choice(*choice), masked)
        redrawn[row, :length] = drawn(p[row, :length], torch.from_numpy(np.array(draws[:length])))
    return SampledAgain(logits.numpy(), p.numpy(), redrawn.numpy(), read[0, :len(given)].numpy())


def teacher_forced(network: SequenceNetwork, ids: Int[Tensor, "row time"],
                   reach: int | None, changes: tuple[Intervention, ...] = ()) -> Float[Tensor, "row time vocab"]:
    """Logits after every symbol of given rows; a core that looks back sees at most ``reach`` of them."""
    def logits(part: Int[Tensor, "row time"]) -> Float[Tensor, "row time vocab"]:
        read: Tensor = network.trace(part, changes=changes)["logits"] if changes else network(part)
        return read

    parts = [logits(ids[:, start:end])[:, first - start:] for start, first, end in windows(ids.shape[1], reach)]
    return torch.cat(parts, 1)


def shaped(logits: Float[Tensor, "time vocab"], choice: Choice, masked: Collection[int]) -> Float[Tensor, "time vocab"]:
    """Probabilities from logits as a choice says, by torch."""
    logits = logits.clone()
    logits[:, list(masked)] = -torch.inf
    ranked = logits.sort(dim=-1, descending=True, stable=True).indices
    if choice.temperature == 0:
        return torch.zeros_like(logits).scatter_(-1, ranked[:, :1], 1.0)
    sharp = choice.alpha if choice.divide_probabilities else choice.alpha / choice.temperature
    scores = (logits - logits.amax(-1, keepdim=True)).mul(sharp).masked_fill(logits == -torch.inf, -torch.inf)
    if choice.top_k:
        scores.scatter_(-1, ranked[:, choice.top_k:], -torch.inf)
    if choice.top_p < 1:
        mass = scores.softmax(-1).gather(-1, ranked)
        enough = mass.cumsum(-1) - mass >= choice.top_p - ROUNDING
        scores.masked_fill_(torch.zeros_like(enough).scatter_(-1, ranked, enough), -torch.inf)
    p = scores.softmax(-1)
    if not choice.divide_probabilities:
        return p
    divided = p.div(choice.temperature)
    return divided / divided.sum(-1, keepdim=True)


def drawn(p: Float[Tensor, "time vocab"], draws: Float[Tensor, " time"]) -> Int[Tensor, " time"]:
    """The smallest id whose cumulative probability exceeds each draw."""
    first = torch.searchsorted(p.cumsum(-1), draws[:, None], right=True)[:, 0]
    ids = torch.arange(p.shape[-1])
    return torch.minimum(first, torch.where(p > 0, ids, 0).amax(-1))


def _length(ids: Int[np.ndarray, " count"], end: int | None) -> int:
    """How many ids of a row were drawn: up to the first END and with it."""
    ends = [] if end is None else np.flatnonzero(ids == end).tolist()
    return ends[0] + 1 if ends else len(ids)
