"""Which steps of a run to keep: about sixty over a run of any length, dense where the network changes fastest."""

import time
from collections.abc import Iterable
from functools import lru_cache
from math import sqrt
from pathlib import Path

from seqlab import remote

KEEP = 60
SECONDS = 2.0
SETTLED_NS = 2 * 10**9  # of quiet in a folder; clocks of some network file systems tick once a second

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
    there = remote.steps(folder, part)
    return sorted({*_steps_here(folder / part), *_numbers(there)}) if there else list(_steps_here(folder / part))


def _steps_here(folder: Path) -> tuple[int, ...]:
    try:
        changed = folder.stat().st_mtime_ns
    except OSError:
        return ()
    # A folder that changed a moment ago may change once more without another time: clocks of file systems tick slowly.
    look = _steps_listed if time.time_ns() - changed > SETTLED_NS else _steps_listed.__wrapped__
    return look(folder, changed)


@lru_cache(maxsize=4096)
def _steps_listed(folder: Path, changed: int) -> tuple[int, ...]:
    """List a folder once for as long as it is the same; a page asks for it eight times."""
    return tuple(sorted(_numbers(path.name for path in folder.glob("step-*.safetensors"))))


def _numbers(names: Iterable[str]) -> set[int]:
    steps = (Path(name).stem.removeprefix("step-") for name in names)
    return {int(step) for step in steps if step.isdecimal()}
