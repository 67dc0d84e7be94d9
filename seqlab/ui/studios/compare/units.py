"""Which unit of B does what a unit of A does: matched over sequences drawn as those that A was trained on."""

from dataclasses import dataclass

import numpy as np

from seqlab.errors import Fault
from seqlab.figures.rounding import largest_weight
from seqlab.reference.matching import Matching, correlations, match
from seqlab.reference.network import network
from seqlab.training.question import Question
from seqlab.training.task_input import read
from seqlab.ui.proof import client
from seqlab.ui.proof.proof import Proof
from seqlab.ui.proof.snapshot import Snapshot
from seqlab.ui.proof.store import ANSWERS, PICTURES
from seqlab.ui.proof.waiting import wait_for

SEQUENCES = 64
Ids = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Units:
    """Units of a layer of two snapshots, both over the same sequences; ``conditions`` beside them, empty for none."""

    a: Snapshot
    b: Snapshot
    layer: int
    ids: tuple[Ids, Ids]
    conditions: tuple[tuple[int, ...], tuple[int, ...]]

    @property
    def arrays(self) -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray | None, np.ndarray | None]]:
        """Ids and conditions of both sides, as the networks read them."""
        first, second = (np.array(ids) for ids in self.ids)
        given, other = (np.array(condition) if condition else None for condition in self.conditions)
        return (first, second), (given, other)

    def states(self, side: int) -> np.ndarray:
        """Hidden states of one side, a row for each time of each sequence, in float64. Raises Fault."""
        snapshot, (ids, conditions) = (self.a, self.b)[side], self.arrays
        run = snapshot.run
        trace = network(run.core, ids[side], snapshot.weights("float64"), condition=conditions[side],
                        pooling=run.config.network.pooling)
        states = trace[f"h.{self.layer}"]
        return states.reshape(-1, states.shape[-1])


@ANSWERS.cached
def sequences(path: str) -> tuple[np.ndarray, np.ndarray | None]:
    """Sequences as a run was trained on. Raises Fault without its data, TimeoutError where no worker answers."""
    return wait_for(client.drawn_sequences(path, SEQUENCES))


def units(a: Question, b: Question, layer: int) -> Units:
    """Say what is matched: the sequences that A was trained on, read by B too. Raises Fault where it cannot be."""
    ids, condition = sequences(a.path)
    first, second = a.run, b.run
    others, given = [], list[int]()
    for row, sequence in enumerate(ids):
        beside = None if condition is None else int(condition[row])
        if beside is None and second.sizes.conditions:
            beside = first.config.task_spec.repeats(first.config.task_config, None)
        one = read(second, [first.symbols[place] for place in sequence.tolist()],
                   beside if second.sizes.conditions else None)
        others.append(tuple(one.ids[0].tolist()))
        given += [] if one.condition is None else [one.condition]
    return Units(Snapshot.of(first, a.step), Snapshot.of(second, b.step), layer,
                 (tuple(tuple(row) for row in ids.tolist()), tuple(others)),
                 (() if condition is None else tuple(condition.tolist()), tuple(given)))


@PICTURES.cached
def matching(question: Units) -> Matching:
    """Match them, once for all sessions. Raises Fault where the numbers are not finite."""
    first, second = question.states(0), question.states(1)
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        raise Fault("One of the two gives no numbers any more (NaN or ∞), so its units cannot be matched.")
    return match(first, second)


MATCHED = Proof[Units, np.ndarray](
    name="units matched", precisions=("float64",),
    remote=lambda question: client.unit_correlations(
        (question.a.path, question.a.step), (question.b.path, question.b.step), *question.arrays,
        (question.layer, question.layer)),
    reference=lambda question, precision: [{"correlation": correlations(question.states(0)[::2],
                                                                        question.states(1)[::2])}],
    torch=lambda question, answer, precision: [{"correlation": answer}],
    weights=lambda question, frame: max(largest_weight(side.weights()) for side in (question.a, question.b)),
    compares="The badge compares the correlations of all units of A with all units of B, by which they are matched.")
