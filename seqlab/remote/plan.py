"""What is to be done with one file, so that both sides have the same."""

from typing import Literal

from seqlab.remote.known import Both
from seqlab.remote.layout import JOURNAL, STATUS, Local
from seqlab.remote.store import Entry

Step = Literal["", "pull", "push", "merge", "remove", "drop", "forget"]


def step(name: str, here: Local | None, there: Entry | None, both: Both | None, *, held: bool, may_go: bool) -> Step:
    """Say what is to be done; an empty text where nothing is.

    ``both`` is how it was when both sides had the same. Where both have changed, whoever has the run ``held`` is right,
    else the address is; a journal keeps the lines of both. ``may_go``: one that is missing here was deleted here, and
    has not just been left there until somebody asks for it.
    """
    changed_here = here is not None and (both is None or here.stamp != both.stamp)
    changed_there = there is not None and (both is None or there.token != both.token)
    if changed_there and here is not None and name == JOURNAL:
        return "merge"
    if changed_here:
        return "pull" if changed_there and not held else "push"
    if there is None:
        return _gone(here, held)
    if here is None and both is not None and both.stamp:
        return "remove" if may_go and (held or not changed_there) else "pull"
    if changed_there:
        return "push" if held and name == STATUS and here is not None else "pull"
    return ""


def _gone(here: Local | None, held: bool) -> Step:
    """What to do with a file that is no longer at the address and has not changed here."""
    return "forget" if here is None else "push" if held else "drop"
