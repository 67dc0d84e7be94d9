"""A run of a crowded worker moves to one that became free: it is saved to the bit, and goes on there."""

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from operator import itemgetter

from seqlab.errors import Fault
from seqlab.training import control
from seqlab.training.ending import Assigned

LEAST = 5.0  # seconds that a run must still take for a move to be worth a new process


class Spreading:
    """Evens out how many runs the workers of one machine have, one run at a time.

    Between machines none is moved: on another processor, or another device, a run would come to other last bits.
    """

    def __init__(self) -> None:
        self._asked: Assigned | None = None

    def look(self, training: Collection[Assigned], slots: Iterable[str],
             remaining: Callable[[str], float | None]) -> None:
        """Have one run let go of its worker where another one has at least two fewer."""
        if self._asked in training:
            return  # it is being saved, or it ends before that
        self._asked = choose(training, dict.fromkeys(slots, 0), remaining)
        if self._asked:
            with suppress(Fault):
                control.send(self._asked.run, "move")


def choose(training: Collection[Assigned], empty: Mapping[str, int],
           remaining: Callable[[str], float | None]) -> Assigned | None:
    """The run of the most crowded worker that takes longest; None where nothing is gained. Groups stay together."""
    jobs: dict[str, list[Assigned]] = {}
    for one in training:
        jobs.setdefault(one.future.key, []).append(one)
    crowds = {slot: [job for job in jobs.values() if job[0].slot == slot] for slot in empty}
    if not crowds or len(crowded := max(crowds.values(), key=len)) - min(map(len, crowds.values())) < 2:
        return None
    alone = [(remaining(job[0].run.id) or 0.0, job[0]) for job in crowded if len(job) == 1]
    seconds, longest = max(alone, key=itemgetter(0), default=(0.0, None))
    return longest if seconds >= LEAST else None
