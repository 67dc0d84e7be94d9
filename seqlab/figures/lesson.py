"""A lesson: the whole training of a tiny network on one word pair, every weight at every epoch, for the browser.

The bytes are laid out as in ``figures.film``; every array is float32, with its shape in the header: a weight
``epoch …``, a quantity of the pass ``epoch time unit``, under the names of the weights and of the trace.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TypedDict

import numpy as np

from seqlab import notation
from seqlab.figures.film import PackedArray, pack
from seqlab.files import npz
from seqlab.reference.core import Core, span
from seqlab.reference.loss import cross_entropy
from seqlab.tasks.hello import HelloConfig
from seqlab.trace import Trace

Weights = Sequence[Mapping[str, np.ndarray]]
MOST_WEIGHTS = 6000  # beyond, a drawing of every weight would show nothing
_STATES = ("q", "c", "h")  # symbols of a cell that have no weights of their own


class CellQuantity(TypedDict):
    """A quantity of a unit: its symbol, label, and colours over ``span``."""

    key: str
    label: str
    span: tuple[float, float]
    colour: str


class LessonHeader(TypedDict):
    """Header of a lesson; ``said`` (outputs) and ``losses`` are by epoch; ``drawn``: the weights are packed too."""

    channel: str
    model: str
    label: str
    steps: list[int]
    word: str
    target: str
    alphabet: str | tuple[str, ...]
    said: list[str]
    losses: list[float | None]
    summed: bool
    published: float | None
    autoplay: bool
    drawn: bool
    layers: int
    onehot: bool
    gates: list[str]
    cells: list[CellQuantity]


def losses(traces: Sequence[Trace], config: HelloConfig, reduction: str) -> list[float]:
    """Loss of every epoch in nats: the mean over the letters, or with ``sum`` their sum."""
    letters = len(config.word) if reduction == "sum" else 1
    return [letters * cross_entropy(trace["logits"], config.targets) for trace in traces]


def predicted(traces: Sequence[Trace], config: HelloConfig) -> list[str]:
    """The network's output at every epoch: the most probable letter of each time."""
    return [config.alphabet.decode(trace["p"][0].argmax(-1)) for trace in traces]


def lesson(traces: Sequence[Trace], weights: Weights, *, core: Core, config: HelloConfig, steps: Sequence[int],
           reduction: str, channel: str, published: float | None = None, autoplay: bool = False) -> bytes:
    """Pack one trace and the weights of each epoch, in the order of training.

    A core that is not recurrent, or has more than ``MOST_WEIGHTS`` weights, comes without them and is not drawn.
    Raises ValueError when traces, weights and steps differ in number, or there are none.
    """
    if not len(traces) == len(weights) == len(steps) > 0:
        raise ValueError(f"got {len(traces)} traces, {len(weights)} sets of weights and {len(steps)} steps")
    drawn = drawable(core, weights[0])
    header: LessonHeader = {
        "channel": channel, "model": core.name, "label": core.label, "steps": list(steps), "word": config.word,
        "target": config.target, "alphabet": config.alphabet.symbols, "said": predicted(traces, config),
        "losses": [loss if isfinite(loss) else None for loss in losses(traces, config, reduction)],
        "summed": reduction == "sum", "published": published, "autoplay": autoplay, "drawn": drawn,
        "layers": traces[0].layers if drawn else 0, "onehot": _is_one_hot(weights[0]),
        "gates": [key for key in core.symbols if key not in _STATES] if drawn else [],
        "cells": [_cell(core, key) for key in core.symbols if key != "q"] if drawn else [],
    }
    parts = [_part(name, [trace[name][0] for trace in traces]) for name in (traces[0] if drawn else ("logits", "p"))]
    parts += [_part(name, [part[name] for part in weights]) for name in (weights[0] if drawn else ())]
    return pack(header, parts)


def drawable(core: Core, weights: Mapping[str, np.ndarray]) -> bool:
    """Whether every weight of a network can be drawn: recurrent, and few enough."""
    return bool(core.state) and sum(part.size for part in weights.values()) <= MOST_WEIGHTS


def lesson_npz(traces: Sequence[Trace], weights: Weights, steps: Sequence[int], config: HelloConfig) -> bytes:
    """Pack weights and traces as ``numpy.savez`` does, for ``numpy.load``.

    Arrays are epoch × …, weights under torch's names, quantities under the trace's with ``trace.`` before them.
    """
    arrays = {name: np.stack([part[name] for part in weights]) for name in weights[0]}
    arrays |= {f"trace.{name}": np.stack([trace[name][0] for trace in traces]) for name in traces[0]}
    arrays |= {"epochs": np.asarray(steps), "word": np.array(config.word), "target": np.array(config.target),
               "alphabet": np.array(config.alphabet.symbols)}
    return npz(arrays)


def epochs_csv(traces: Sequence[Trace], steps: Sequence[int], config: HelloConfig, reduction: str) -> str:
    """Write the output after each epoch, the share of right letters, and the loss in nats."""
    file = io.StringIO()
    out = csv.writer(file, lineterminator="\n")
    out.writerow(("epoch", "said", "accuracy", "loss"))
    for step, word, loss in zip(steps, predicted(traces, config), losses(traces, config, reduction), strict=True):
        right = sum(one == other for one, other in zip(word, config.target, strict=True))
        out.writerow((step, word, f"{right / len(word):.4g}", f"{loss:.7g}"))
    return file.getvalue()


def _is_one_hot(weights: Mapping[str, np.ndarray]) -> bool:
    codes = weights["encoder.symbol.weight"]
    return np.array_equal(codes, np.eye(*codes.shape))


def _cell(core: Core, key: str) -> CellQuantity:
    """Label and colours of a quantity: those of a gate where it is never negative."""
    symbol, limits = notation.symbol(key), span(core, key)
    return {"key": key, "label": symbol.name, "span": limits,
            "colour": "sequential" if limits[0] >= 0 else symbol.colour}


def _part(name: str, arrays: list[np.ndarray]) -> PackedArray:
    stacked = np.stack(arrays).astype(np.float32)
    return {"name": name, "shape": stacked.shape}, stacked
