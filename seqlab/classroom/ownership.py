"""Whose a run is in a class, and what each person may do with it.

A run without an owner is the teacher's. What was shipped or shared is read by all and changed by its owner and the
teacher alone.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from seqlab import paths
from seqlab.classroom.person import TEACHER, Person
from seqlab.errors import Fault
from seqlab.training import owner as owners
from seqlab.training.owner import Owned, Owner

FOLDER = ".people"  # among the runs: what a pupil has that is no run


@dataclass(frozen=True)
class PersonRights:
    """The rights of a person of a class, as the library of runs asks them."""

    person: Person

    @property
    def owner(self) -> str:
        """To whom a run belongs that they make; whoever has a server to themselves leaves no mark."""
        return self.person.id

    def may_read(self, run: Owned) -> bool:
        """Whether they may see a run."""
        return may_read(self.person, run)

    def may_change(self, run: Owned) -> bool:
        """Whether they may steer, rename, share or delete a run."""
        return may_change(self.person, run)


def owner_of(run: Owned) -> str:
    """The id of the person to whom a run belongs."""
    return owners.of(run.path).id or TEACHER.id


def is_shared(run: Owned) -> bool:
    """Whether the owner of a run shares it with the class."""
    return owners.of(run.path).shared


def is_shipped(run: Owned) -> bool:
    """Whether a run came with seqlab."""
    return _resolved(run.path.parent) == _resolved(paths.checkpoints())


def may_read(person: Person, run: Owned) -> bool:
    """Whether a person may see a run: their own, a shared one, a shipped one; the teacher sees all."""
    if person.teaches:
        return True
    owner = owners.of(run.path)
    return owner.shared or owner.id == person.id or is_shipped(run)


def may_change(person: Person, run: Owned) -> bool:
    """Whether a person may steer, rename, share or delete a run: their own; the teacher every one."""
    return person.teaches or (owner_of(run) == person.id and not is_shipped(run))


def require_change(person: Person, run: Owned, what: str = "change it") -> None:
    """Refuse what only the owner of a run may do; raises Fault."""
    if not may_change(person, run):
        raise Fault(f"Run {run.path.name} is not yours, so you cannot {what}; train one of your own, or go on from it "
                    "as a new run.")


def require_read(person: Person, run: Owned) -> None:
    """Refuse a run that a person may not see; raises Fault."""
    if not may_read(person, run):
        raise Fault(f"Run {run.path.name} belongs to somebody else, who does not share it; ask them to.")


def share(person: Person, run: Owned, shared: bool) -> None:
    """Let the whole class read a run, or no longer; raises Fault where it is somebody else's."""
    require_change(person, run, "share it")
    if is_shipped(run):
        raise Fault(f"Run {run.path.name} came with seqlab, so all can read it already.")
    owners.write(run.path, Owner(owners.of(run.path).id or person.id, shared))


@lru_cache(maxsize=64)
def _resolved(folder: Path) -> Path:
    return folder.resolve()


def place(person: Person, root: Path) -> Path:
    """Where lies what a person has that is no run, such as names of units: the pupil's own folder among the runs."""
    return root if person.teaches else root / FOLDER / person.id
