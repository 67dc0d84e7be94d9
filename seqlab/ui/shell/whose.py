"""Whose a run is, in words: a nickname is foreign text, and where there is no class nothing is said."""

from seqlab.classroom import ownership, room
from seqlab.training.run import Run
from seqlab.ui.shell.services import everything
from seqlab.ui.shell.visitor import visitor


def whose(run: Run) -> str:
    """The nickname of the person to whom a run belongs; an empty text for the visitor's own and for shipped ones."""
    here, person = room.current(), visitor()
    owner = ownership.owner_of(run)
    if here is None or owner == person.id or everything().is_shipped(run):
        return ""
    known = here.roster.get(owner)
    return known.nickname if known else "somebody who has left"


def is_near(run: Run) -> bool:
    """Whether a list offers a run: to the teacher, who may read all, only own, shared and shipped ones."""
    return not visitor().in_class or not whose(run) or ownership.is_shared(run)
