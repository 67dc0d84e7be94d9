"""What one person of a class may use, so that there is enough for all; each limit is one plain sentence when it is met.

The teacher, and whoever uses a server without a class, has no limit.
"""

from collections.abc import Sequence
from math import prod
from time import time

from pydantic import BaseModel, ConfigDict, Field

from seqlab.classroom.person import Person
from seqlab.errors import Fault
from seqlab.numerals import counted
from seqlab.training.config import RunConfig
from seqlab.training.run import Run, network_shapes
from seqlab.training.storage import DAY, is_pinned, size


class Limits(BaseModel):
    """The limits of a class, for one person each."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    training: int = Field(1, ge=1, le=1000, description="Runs that are trained at once.")
    waiting: int = Field(3, ge=0, le=1000, description="Runs that wait beside those.")
    steps: int = Field(50_000, ge=1, le=10_000_000, description="Steps of a run.")
    parameters: int = Field(2_000_000, ge=1, le=10**9, description="Weights of a network.")
    text_kb: int = Field(2_000, ge=1, le=10**6, description="Kilobytes of a text of one's own.")
    disk_mb: int = Field(300, ge=1, le=10**7, description="Megabytes that all runs of a person take.")
    days: float = Field(30.0, gt=0, le=1e5, allow_inf_nan=False, description="Days after which a run goes.")


def require_room(person: Person, limits: Limits, own: Sequence[Run], more: int = 1) -> None:
    """Refuse ``more`` new runs to a person who has ``own`` ones, where that is too much at once; raises Fault."""
    if person.teaches:
        return
    active, most = sum(run.status.active for run in own), limits.training + limits.waiting
    if active + more > most:
        raise Fault(f"You have {counted(active, 'network')} in training or waiting, and a person has at most {most} "
                    "here; stop one, or wait until one is done.")
    taken = sum(size(run.path) for run in own)
    if taken > limits.disk_mb * 1e6:
        raise Fault(f"Your networks take {taken / 1e6:.0f} MB, and a person has {limits.disk_mb} MB here; delete some "
                    "on the Runs page.")


def require_few_steps(person: Person, limits: Limits, config: RunConfig) -> None:
    """Refuse a training that is too long for a class; raises Fault."""
    if not person.teaches and config.steps > limits.steps:
        raise Fault(f"{config.steps:,} steps are too many here: a network is trained for at most {limits.steps:,} in "
                    "this class; choose fewer.")


def require_small(person: Person, limits: Limits, config: RunConfig) -> None:
    """Refuse a network that is too large for a class; raises Fault."""
    if person.teaches:
        return
    count = sum(prod(shape) for shape in network_shapes(config).values())
    if count > limits.parameters:
        raise Fault(f"This network has {count:,} weights, and one has at most {limits.parameters:,} in this class; "
                    "choose fewer units or layers.")


def require_short(person: Person, limits: Limits, count: int) -> None:
    """Refuse a text of ``count`` bytes that is too long for a class; raises Fault."""
    if not person.teaches and count > limits.text_kb * 1000:
        raise Fault(f"This text has {count / 1000:,.0f} kB, and one has at most {limits.text_kb:,} kB in this class; "
                    "take a part of it.")


def outlived(limits: Limits, own: Sequence[Run], now: float | None = None) -> list[Run]:
    """Runs of pupils that are older than they may become, and neither pinned nor at work."""
    now = time() if now is None else now
    return [run for run in own if not run.status.active and not is_pinned(run)
            and now - run.status.updated > limits.days * DAY]
