"""Torch's side of the Reading page, and the scoring of whole books, in NumPy, on a worker."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from seqlab.agreement import Agreement, compare
from seqlab.lenses import opened
from seqlab.models.network import SequenceNetwork
from seqlab.reference.reading import input_matrix, last_predicted, predicted, surprise, windows
from seqlab.training.answers import BookScores, ContextScores
from seqlab.training.run import Run

PRECISIONS = ("float32", "float64")
PROVED = 4096  # symbols of a book on which torch and NumPy are compared


def logits(path: str, step: int, sequences: Sequence[Int[np.ndarray, " _"]],
           reach: int) -> dict[str, Float[np.ndarray, "symbol vocab"]]:
    """Logits of every symbol of sequences but their first, one after another, in both precisions.

    A network without a state reads windows of ``reach``, as ``reference.reading`` says. Raises Fault where the snapshot
    cannot be read.
    """
    reads_on, by_precision = bool(Run(Path(path)).core.state), {}
    for dtype in PRECISIONS:
        network = opened.network(path, step, dtype)
        by_precision[dtype] = np.concatenate([_predicted(network, torch.from_numpy(np.array(ids[:-1])),
                                                         len(ids) if reads_on else reach).numpy() for ids in sequences])
    return by_precision


@torch.inference_mode()
def _predicted(network: SequenceNetwork, ids: Int[Tensor, " time"], reach: int) -> Float[Tensor, "time vocab"]:
    return torch.cat([network(ids[None, first:end])[0, scored - first:] for first, end, scored in
                      windows(len(ids), reach)])


def scored(path: str, step: int, rows: Int[np.ndarray, "row time"], first: int, pad: int | None, unknown: int | None,
           prove: bool) -> BookScores:
    """Score rows of ids from the time ``first`` on, in NumPy, single precision; ``pad`` does not count.

    Returns sums over the targets: ``loss`` in nats, ``right`` guesses, ``count``, and of these those of characters
    ``unknown`` to the network, ``unknown_loss`` and ``unknown``. With ``prove`` also ``agreement`` with torch on the
    first rows, by precision. Raises Fault for numbers that are not finite.
    """
    run, ids = Run(Path(path)), rows.astype(np.int64)
    output = predicted(run.core, ids[:, :-1], run.weights(step), ids.shape[1])[:, first:]
    targets = ids[:, 1 + first:]
    counts = np.ones(targets.shape, bool) if pad is None else targets != pad
    unknowns = counts & (targets == unknown) if unknown is not None else np.zeros(targets.shape, bool)
    loss = surprise(output, targets).astype(np.float64)
    scores: BookScores = {
        "agreement": agreement(path, step, ids[:max(1, PROVED // ids.shape[1]), :-1]) if prove else None,
        "loss": float(loss[counts].sum()), "right": int((output.argmax(-1) == targets)[counts].sum()),
        "count": int(counts.sum()), "unknown_loss": float(loss[unknowns].sum()), "unknown": int(unknowns.sum())}
    return scores


def agreement(path: str, step: int, ids: Int[np.ndarray, "row time"]) -> dict[str, Agreement]:
    """Compare the logits of rows, each read as one window, in both precisions."""
    run, agreements = Run(Path(path)), {}
    for dtype in PRECISIONS:
        reference = predicted(run.core, ids, run.weights(step, dtype), ids.shape[1])
        with torch.inference_mode():
            by_torch = opened.network(path, step, dtype)(torch.from_numpy(ids)).numpy()
        agreements[dtype] = compare({"logits": reference}, {"logits": by_torch})
    return agreements


def contexts(path: str, step: int, rows: Int[np.ndarray, "row time"], lengths: Sequence[int],
             prove: bool) -> ContextScores:
    """Predict the last symbol of each row from so many symbols before it, and nothing earlier, in NumPy.

    Returns ``surprise`` in nats, length × row; with ``prove`` also ``agreement`` with torch by precision, on all of
    these. Raises Fault for numbers that are not finite.
    """
    run, ids = Run(Path(path)), rows.astype(np.int64)
    seen, last = ids[:, :-1], ids[:, -1]

    def by_numpy(dtype: str) -> Float[np.ndarray, "row length vocab"]:
        return np.stack([last_predicted(run.core, seen[:, -length:], run.weights(step, dtype))
                         for length in lengths], axis=1)

    single = by_numpy("float32")
    scores: ContextScores = {"surprise": surprise(single, np.repeat(last[:, None], len(lengths), 1)).T,
                             "agreement": None}
    if prove:
        by_torch = {dtype: _from_lengths(opened.network(path, step, dtype), seen, lengths) for dtype in PRECISIONS}
        reference = {"float32": single, "float64": by_numpy("float64")}
        scores["agreement"] = {dtype: compare({"logits": reference[dtype]}, {"logits": by_torch[dtype]})
                               for dtype in PRECISIONS}
    return scores


@torch.inference_mode()
def _from_lengths(network: SequenceNetwork, ids: Int[np.ndarray, "row time"],
                  lengths: Sequence[int]) -> Float[np.ndarray, "row length vocab"]:
    symbols = torch.from_numpy(ids)
    return torch.stack([network(symbols[:, -length:].contiguous())[:, -1] for length in lengths], 1).numpy()


@torch.inference_mode()
def codes(path: str, step: int) -> dict[str, Float[np.ndarray, "symbols width"]]:
    """Rows of the matrix that stands for the symbols, as torch looks them up, in both precisions."""
    by_precision = {}
    for dtype in PRECISIONS:
        network = opened.network(path, step, dtype)
        name, matrix = input_matrix(Run(Path(path)).weights(step, dtype))
        ids = torch.arange(len(matrix))
        weight = dict(network.named_parameters())[name]
        by_precision[dtype] = (network.encoder.symbol(ids) if name.startswith("encoder") else
                               F.embedding(ids, weight.T)).numpy().copy()
    return by_precision


@torch.inference_mode()
def cosines(rows: Float[np.ndarray, "symbols width"]) -> dict[str, Float[np.ndarray, "symbols symbols"]]:
    """Cosine of every two rows, as torch has it, in both precisions."""
    by_precision = {}
    for dtype in PRECISIONS:
        matrix = torch.from_numpy(rows.astype(dtype))
        by_precision[dtype] = F.cosine_similarity(matrix[:, None], matrix[None], dim=-1).numpy()
    return by_precision
