"""What a worker measured of a snapshot against its grammar, kept for all who look at it."""

from typing import Any

from seqlab.ui.proof import client
from seqlab.ui.proof.proof import Proof
from seqlab.ui.proof.snapshot import Snapshot
from seqlab.ui.proof.store import ANSWERS
from seqlab.ui.proof.waiting import Ready, wait_for


@ANSWERS.cached
def measured(snapshot: Snapshot) -> dict[str, Any]:
    """What ``lenses.grammar.truth`` measures of a snapshot; waits for a worker. Raises Fault, TimeoutError."""
    return wait_for(client.grammar_truth(snapshot.path, snapshot.step))


MEASURES = Proof[Snapshot, dict[str, Any]](
    name="grammar measures", remote=lambda snapshot: Ready(measured(snapshot)), symbols=("logits",),
    reported=lambda answer: answer["agreement"],
    compares="All figures come from NumPy in single precision. The badge compares every quantity of a pass over a "
             "dozen held-out strings with torch.")
