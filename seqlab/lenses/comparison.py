"""Torch's side of a comparison: two passes, how far their answers are apart, and which units follow one another."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn.functional import kl_div

from seqlab.lenses import opened
from seqlab.training.question import Question
from seqlab.training.run import Run

Conditions = Int[np.ndarray, " sequence"] | None
LONGEST = 40  # time steps of a drawn sequence


@torch.inference_mode()
def in_precisions(a: Question, b: Question, temperatures: tuple[float, float], alike: bool,
                  dtypes: Sequence[str]) -> dict[str, dict[str, np.ndarray]]:
    """Run both passes in several precisions: every quantity as ``A h.0``, the answers at a temperature as ``A answer``.

    ``alike``: both answer in the same symbols, and ``KL`` is the divergence of the answers at every time, in nats.
    """
    return {dtype: _compared(a, b, temperatures, alike, dtype) for dtype in dtypes}


def _compared(a: Question, b: Question, temperatures: tuple[float, float], alike: bool,
              dtype: str) -> dict[str, np.ndarray]:
    values, answers = dict[str, np.ndarray](), list[Tensor]()
    for side, question, temperature in zip("AB", (a, b), temperatures, strict=True):
        trace = _trace(question, dtype)
        answers.append((trace["logits"][0].double() / temperature).log_softmax(-1))
        values |= {f"{side} {name}": value.numpy() for name, value in trace.items()}
        values[f"{side} answer"] = answers[-1].exp().numpy()
    if alike:
        values["KL"] = kl_div(answers[1], answers[0], reduction="none", log_target=True).sum(-1).numpy()
    return values


def _trace(question: Question, dtype: str) -> Mapping[str, Tensor]:
    ids, condition = question.batch
    given = None if condition is None else torch.from_numpy(condition)
    network = opened.network(question.path, question.step, dtype)
    return network.trace(torch.from_numpy(ids), given, changes=question.changes)


def drawn(path: str, count: int, seed: int = 0) -> tuple[Int[np.ndarray, "sequence time"], Conditions]:
    """Draw sequences as those that a run was trained on, cut to the shortest; raises Fault where there are no data."""
    config = Run(Path(path)).config
    batch = config.task_spec.batch(config.task_config, count, torch.Generator().manual_seed(seed), 0)
    time = batch.inputs.shape[1] if batch.lengths is None else int(batch.lengths.min())
    ids = batch.inputs[:count, :max(1, min(time, LONGEST))].numpy()
    return ids, None if batch.condition is None else batch.condition[:count].numpy()


@torch.inference_mode()
def correlations(a: tuple[str, int], b: tuple[str, int], ids: tuple[np.ndarray, np.ndarray],
                 conditions: tuple[Conditions, Conditions], layers: tuple[int, int],
                 dtype: str = "float64") -> Float[np.ndarray, "first second"]:
    """Correlate the hidden units of two snapshots over the same sequences, those at even places, by torch.

    A unit that does not change has no correlation: 0.
    """
    first, second = (_hidden(*each, dtype)[::2] for each in zip((a, b), ids, conditions, layers, strict=True))
    together = torch.corrcoef(torch.cat((first, second), 1).T)[:first.shape[1], first.shape[1]:]
    return together.nan_to_num().numpy()


def _hidden(snapshot: tuple[str, int], ids: np.ndarray, condition: Conditions, layer: int, dtype: str) -> Tensor:
    given = None if condition is None else torch.from_numpy(np.array(condition))
    states = opened.network(*snapshot, dtype).trace(torch.from_numpy(np.array(ids)), given)[f"h.{layer}"]
    return states.flatten(0, 1)
