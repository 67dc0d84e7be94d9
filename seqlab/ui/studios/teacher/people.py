"""Who is in the class, where their pages are, and what each of them trains."""

import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from seqlab.classroom.board import Board, Present
from seqlab.classroom.ownership import is_shipped, owner_of
from seqlab.classroom.room import Room
from seqlab.classroom.roster import Member
from seqlab.errors import Fault
from seqlab.figures.pupils import MOST_CURVES, Pupil, RunCourse
from seqlab.numerals import duration
from seqlab.training.run import Run
from seqlab.ui.runs.following import goes_on
from seqlab.ui.shell.navigation import pages
from seqlab.ui.shell.services import library

JUST = 90.0  # seconds: who was seen that lately has just left


@dataclass(frozen=True)
class Attendance:
    """A person of the class, where they are if they have a page open, and their networks.

    ``going`` are those that train, and then those that wait; ``over`` the others, the newest first.
    """

    member: Member
    present: Present | None
    going: tuple[Run, ...]
    over: tuple[Run, ...]

    @property
    def id(self) -> str:
        """The person's id."""
        return self.member.person.id

    @property
    def nickname(self) -> str:
        """The person's nickname, which is foreign text."""
        return self.member.person.nickname

    @property
    def runs(self) -> tuple[Run, ...]:
        """All their networks, those that train first."""
        return self.going + self.over

    @property
    def where(self) -> str:
        """Where they are, in a few words."""
        if self.present is None:
            away = time.time() - self.member.seen
            return f"away for {duration(away)}" if away > JUST else "has just left"
        at = self.present.at
        return pages()[at.page].title if at and at.page in pages() else "here"


def attendances(here: Room, board: Board) -> list[Attendance]:
    """Everybody who has joined, in the order in which they did; points of sweeps, which may be hundreds, are left out.

    It costs a look at the status of every run, whose text is read again only where it has changed.
    """
    present, of = board.present(), _by_owner(library().runs())
    return [Attendance(member, present.get(member.person.id), *of.get(member.person.id, ((), ())))
            for member in here.roster.members()]


def shown(people: Iterable[Attendance], *, away: bool) -> list[Attendance]:
    """Those who are here or train; with ``away``, or where there would be nobody, all."""
    everybody = list(people)
    near = everybody if away else [one for one in everybody if one.present or one.going]
    return near or everybody


def pupil(one: Attendance) -> Pupil:
    """What a person's card shows."""
    drawn = one.runs[:MOST_CURVES]
    courses = filter(None, (_course(run, going=run in one.going) for run in drawn))
    return Pupil(one.id, one.nickname, one.where, one.present is not None, tuple(courses), len(one.runs) - len(drawn))


def _by_owner(runs: Iterable[Run]) -> dict[str, tuple[tuple[Run, ...], tuple[Run, ...]]]:
    """The runs of each person: those that go on, what trains before what waits, and the others."""
    of: dict[str, tuple[tuple[Run, ...], tuple[Run, ...]]] = {}
    for run in runs:
        with suppress(Fault):  # it was deleted at this moment
            if is_shipped(run):
                continue
            going, over = of.get(owner_of(run), ((), ()))
            if not goes_on(run):
                of[owner_of(run)] = (going, (*over, run))
            elif run.status.state == "queued":
                of[owner_of(run)] = ((*going, run), over)
            else:
                of[owner_of(run)] = ((run, *going), over)
    return of


def _course(run: Run, *, going: bool) -> RunCourse | None:
    """How far a run has come; None where it was deleted at this moment. Only rows that are new are read."""
    try:
        status, columns = run.status, run.metrics()
        return RunCourse(run.name, status.state, going, status.step, max(status.steps, status.step),
                         columns["step"], columns["accuracy"])
    except Fault:
        return None
