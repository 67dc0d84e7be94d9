"""The network as ONNX, for programs and devices without Python; written by torch, and read again before it leaves."""

import io
import warnings
from contextlib import redirect_stdout
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from seqlab.errors import Fault
from seqlab.export.exports import Export, Leaving
from seqlab.training.run import Run

if TYPE_CHECKING:
    from torch import nn

CLOSE = 1e-4  # in float32, of 1 + the largest logit
_LONGER = "torch cannot write this network as ONNX for inputs of every length; take the PyTorch or the NumPy file."


def content(leaving: Leaving) -> bytes:
    """Write it, with the numbers of sequences and times left open; raises Fault where it would answer otherwise."""
    from seqlab.export.pytorch import module

    network = module(leaving).float()
    written = _written(network, leaving)
    for times in (1, 2):  # the input once, and twice: a loop that was unrolled has one length only
        ids = np.tile(leaving.given.ids, (2, times))[:, :leaving.run.config.network.reach]
        if not _agree(network, written, ids, leaving.given.condition):
            raise Fault(_LONGER)
    return written


def _written(network: "nn.Module", leaving: Leaving) -> bytes:
    import torch

    given = {"ids": torch.from_numpy(leaving.given.ids)}
    if leaving.given.condition is not None:
        given["condition"] = torch.tensor([leaving.given.condition])
    axes = {"ids": {0: "batch", 1: "time"}, "condition": {0: "batch"}, "logits": {0: "batch", 1: "time"}}
    with TemporaryDirectory() as folder, warnings.catch_warnings(), redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")  # of a tracer that speaks of every number that it takes for fixed
        file = Path(folder) / "network.onnx"
        try:
            torch.onnx.export(network, tuple(given.values()), file, input_names=list(given), output_names=["logits"],
                              dynamic_axes={name: axes[name] for name in (*given, "logits")}, dynamo=False)
        except (RuntimeError, ValueError, TypeError) as error:  # torch's own, of an operator that ONNX has not got
            raise Fault(_LONGER) from error
        return file.read_bytes()


def _agree(network: "nn.Module", written: bytes, ids: np.ndarray, condition: int | None) -> bool:
    """Whether ONNX's own reference gives what torch gives."""
    import onnx
    import torch
    from onnx.reference import ReferenceEvaluator

    beside = None if condition is None else np.full(len(ids), condition)
    with torch.no_grad():
        expected = network(torch.from_numpy(ids), None if beside is None else torch.from_numpy(beside)).numpy()
    given = {"ids": ids} | ({} if beside is None else {"condition": beside})
    try:
        answers = ReferenceEvaluator(onnx.load_from_string(written)).run(None, given)
        answer = np.asarray(next(iter(answers)))
    except (ValueError, RuntimeError, TypeError, IndexError):
        return False
    return answer.shape == expected.shape and bool(
        np.abs(answer - expected).max() <= CLOSE * (1 + np.abs(expected).max()))


def _why_not(run: Run) -> str:
    return "" if find_spec("onnx") else "For ONNX the package onnx is needed: pip install onnx."


EXPORT = Export("onnx", "ONNX", "For programs and devices without Python.", ".onnx", content, _why_not)
