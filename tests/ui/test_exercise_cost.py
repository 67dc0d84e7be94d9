"""What an exercise costs here: how many measured paces are kept for all sessions."""

import pytest

from seqlab.errors import Fault
from seqlab.ui.proof.waiting import Ready
from seqlab.ui.studios.exercises import cost


class Refused(Ready[float]):
    """An answer that cannot be given."""

    def result(self) -> float:
        raise Fault("no worker")


def test_the_paces_that_were_measured_last_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = dict[str, float | None]()
    monkeypatch.setattr(cost, "_MEASURED", kept)
    monkeypatch.setattr(cost, "MOST_MEASURED", 2)
    for seconds in (1.0, 2.0, 3.0):
        cost._note(f"config {seconds:.0f}", Ready(seconds))
    assert kept == {"config 2": 2.0, "config 3": 3.0}
    cost._note("config 4", Refused(0.0))
    assert kept == {"config 3": 3.0, "config 4": None}
