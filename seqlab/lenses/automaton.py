"""The automaton that a network of the grammar lab learned, read out of it bit by bit, beside its grammar's.

The network is asked in NumPy, and torch is asked for the same decisions. A study lives on in the worker between two
calls, each of which works for a moment; where another worker is asked next, it begins anew.
"""

from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from seqlab.agreement import compare
from seqlab.lenses import opened
from seqlab.lenses.automaton_study import Study, drawn, teacher
from seqlab.reference.activations import softmax
from seqlab.reference.automata import Word
from seqlab.reference.clustering import Clustered, clustered
from seqlab.trace import Trace
from seqlab.training import snapshots
from seqlab.training.answers import ConfirmedDecisions, LearnedAutomaton
from seqlab.training.run import Run
from seqlab.training.weights import stamp

HELD = 3  # studies that live on
FITTED, FRESH, LONGEST = 400, 200, 100  # strings whose states are clustered, those that are predicted; their tokens
PROVED = 64  # words that torch is asked about

_Key = tuple[str, int, float, float, tuple[int, int]]
_studies: OrderedDict[_Key, Study] = OrderedDict()


def advance(path: str, step: int, threshold: float, seconds: float, moment: float) -> LearnedAutomaton:
    """Work on a study for a ``moment``, and say how it stands; it learns for ``seconds`` in all.

    A symbol is possible for the network from a probability of ``threshold`` on. Raises Fault where the network gives
    no finite numbers, or its grammar is too ambiguous.
    """
    run = Run(Path(path))
    key = (path, step, threshold, seconds, stamp(snapshots.file(run.path, "weights", step)))
    study = _studies.pop(key, None) or Study(run, step, threshold, seconds)
    study.work(moment)
    _studies[key] = study
    while len(_studies) > HELD:
        _studies.popitem(last=False)
    return study.stands()


def clusters(path: str, step: int, threshold: float) -> Clustered:
    """Put the hidden states of a snapshot on drawn strings into clusters, and make an automaton of them."""
    run = Run(Path(path))
    asked, rng = teacher(run, step, threshold), np.random.default_rng((run.config.task_config.seed, 10))
    fitted, fresh = (asked.passages(drawn(run, rng, count, LONGEST)) for count in (FITTED, FRESH))
    return clustered(fitted, fresh, threshold)


def confirmed(path: str, step: int, threshold: float, words: Sequence[Word]) -> ConfirmedDecisions:
    """Ask torch about words on which an automaton stands: whether it agrees, and holds the same possible."""
    words, agreements, otherwise = list(words)[:PROVED], {}, 0
    for dtype in ("float32", "float64"):
        run, network = Run(Path(path)), opened.network(path, step, dtype)
        asked = teacher(run, step, threshold, dtype)
        ids, last = asked.padded(words), (np.arange(len(words)), [len(word) for word in words])
        by_numpy, by_torch = asked.trace(ids), {name: value.numpy() for name, value in
                                                network.trace(torch.from_numpy(ids)).items()}
        agreements[dtype] = compare(by_numpy, Trace(by_torch))
        mine, others = (softmax(values["logits"][last].astype(np.float64))[:, asked.ids] >= threshold
                        for values in (by_numpy, by_torch))
        otherwise = max(otherwise, int((mine != others).any(axis=1).sum()))
    return ConfirmedDecisions(agreement=agreements, words=len(words), otherwise=otherwise)
