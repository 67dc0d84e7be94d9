"""What drawing text from a run's network needs to know of its task and of what it can see."""

from typing import TypedDict

from seqlab.data.vocabulary import Vocabulary
from seqlab.errors import Fault
from seqlab.training.run import Run


class SampleOptions(TypedDict):
    """What ``reference.sampling.sample`` takes beside the choices."""

    masked: list[int]
    end: int | None
    start: tuple[int, ...]
    reach: int | None


def alphabet(run: Run) -> Vocabulary:
    """Give the symbols that a run's network both reads and predicts; raises Fault for one that has none."""
    known = run.alphabet
    if known is None or not run.predicts_next:
        raise Fault(f"The network of {run.id} does not predict its own next input, so no text can be drawn from it.")
    return known


def options(run: Run) -> SampleOptions:
    """What depends on task and network: what is masked, how a text begins and ends, how far back it sees."""
    known = alphabet(run)
    start = () if known.begin is None else (known.begin,)
    return {"masked": sorted(known.masked), "end": known.end, "start": start, "reach": reach(run)}


def reach(run: Run) -> int | None:
    """Most inputs that a run's network may see; None where it does not attend to them."""
    if not run.core.heads:
        return None
    return min((limit for limit in (run.sizes.longest, run.config.network.reach) if limit), default=None)
