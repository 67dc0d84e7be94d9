"""Which steps of a run to keep: about sixty over a run of any length, dense where the network changes fastest."""

from math import sqrt
from pathlib import Path

from seqlab import remote

KEEP = 60
SECONDS = 2.0

# Very large networks keep fewer snapshots rather than fill the disk.
BUDGET_BYTES = 2 * 2**30


def due(step: int, last: int, seconds: float) -> bool:
    """Whether a step deserves a snapshot when the last one was at step ``last``, ``seconds`` ago."""
    return step >= last + max(1, last // 30) or (step > last and seconds >= SECONDS)


def surplus(steps: list[int], keep: int = KEEP) -> list[int]:
    """Say which of the ascending steps to delete so that ``keep`` stay, evenly spaced in √step.

    The first and the last always stay; deleted in turn is the one whose removal leaves the smallest gap.
    """
    kept, deleted = list(steps), []
    while len(kept) > max(2, keep):
        gaps = [sqrt(after) - sqrt(before) for before, after in zip(kept, kept[2:], strict=False)]
        deleted.append(kept.pop(1 + gaps.index(min(gaps))))
    return deleted


def affordable(size: int) -> int:
    """How many snapshots of ``size`` bytes to keep: 60, fewer where they would fill the budget, never under 3."""
    return max(3, min(KEEP, BUDGET_BYTES // max(1, size)))


def file(folder: Path, part: str, step: int) -> Path:
    """Where a part (``weights`` or ``optimiser``) of a snapshot lies; it is fetched if it is at an address yet."""
    return remote.fetched(folder, f"{part}/step-{step:08d}.safetensors")


def steps_in(folder: Path, part: str = "weights") -> list[int]:
    """Steps of the snapshots of a run folder, ascending; none where the folder is missing."""
    here = (path.name for path in (folder / part).glob("step-*.safetensors"))
    names = {Path(name).stem.removeprefix("step-") for name in (*here, *remote.steps(folder, part))}
    return sorted(int(name) for name in names if name.isdecimal())
