"""Several runs of one shape from where their folders stand to their ends, in one program; each is an ordinary run."""

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from operator import is_
from pathlib import Path
from typing import NoReturn

from seqlab.errors import Fault
from seqlab.training import groups, owner
from seqlab.training.batched import Group
from seqlab.training.control import Journal
from seqlab.training.failure import Ended
from seqlab.training.recorder import heartbeat, held, write_passport
from seqlab.training.run import Run
from seqlab.training.session import PAUSE_SECONDS, Listener, Session, train
from seqlab.training.turns import TURNS, Turn

log = logging.getLogger("seqlab")


def train_together(paths: Sequence[Path], listen: Listener | None = None, worker: str = "this process") -> None:
    """Train the runs of some folders to their ends; what each comes to stands in its status.

    They must be one owner's. Those of another shape than most, or that cannot train together, are trained one by one
    first; those that another process has are left to it, and so is a folder that cannot be used.
    """
    hear = listen or (lambda status: None)
    together, others = _sorted([Path(path) for path in paths])
    for path in others:
        try:
            train(path, hear, worker)
        except Fault as fault:
            log.warning("%s", fault)
    if together:
        journals = {path: Journal(path) for path in together}
        with TURNS.enter(owner.of(together[0]).id, lambda: any(one.pending() for one in journals.values())) as turn:
            members = [Member(path, journal, hear, worker, turn) for path, journal in journals.items()]
            try:
                _go_on([member for member in members if member.begins(len(members))], turn)
            finally:
                for member in members:
                    member.close()


def _sorted(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """Those that can train together, of the shape that most have, and the others."""
    shapes: dict[object, list[Path]] = {}
    others: list[Path] = []
    for path in paths:
        try:
            config = Run(path).config
            why = groups.refusal(config)
        except Fault:
            why = "It cannot be read."
        if why:
            log.info("run %s trains alone: %s", path.name, why)
            others.append(path)
        else:
            shapes.setdefault(groups.shape(config), []).append(path)
    most = max(shapes.values(), key=len, default=[])
    return most, others + [path for part in shapes.values() if part is not most for path in part]


class Member:
    """One run of a group: its session, and its folder, which it holds until it ends."""

    def __init__(self, path: Path, journal: Journal, listen: Listener, worker: str, turn: Turn) -> None:
        self._open = ExitStack()
        self._make = partial(Session, path, listen, worker, journal, turn)
        self._path = path
        self.session: Session
        self.single: bool | None = False  # whether its next update is a single step; None: there is to be none
        self.over = False

    def begins(self, together: int) -> bool:
        """Take the folder and make the learner, one of so many; returns whether the run is to be trained."""
        try:
            self._open.enter_context(held(self._path))
            self._open.enter_context(heartbeat(self._path))
            self.session = self._make()
        except (Fault, OSError) as error:
            log.warning("run %s is left: %s", self._path.name, error)
            return self.close()
        if self.session.recorder.status.state in ("stopped", "finished"):
            return self.close()
        return self.lives(partial(self._begin, together))

    def _begin(self, together: int) -> None:
        self.session.begin()
        write_passport(self._path, together=together)

    def lives(self, work: Callable[[], object]) -> bool:
        """Do a part of its session; returns whether the run goes on."""
        return self.session.attempt(work) is None or self.close()

    def heeds(self) -> bool:
        """Carry out its commands; returns whether the run goes on. ``single`` is None where it pauses."""
        return self.lives(self._heed)

    def _heed(self) -> None:
        self.single = self.session.heed()
        if self.session.learner.step >= self.session.learner.config.steps:
            raise Ended("finished", f"All {self.session.learner.config.steps} steps are done.")

    def note(self, passes_on: bool) -> None:
        """Note its part of an update."""
        self.session.after(self.session.learner.step, bool(self.single), passes_on)

    def close(self) -> bool:
        """Let go of the folder; returns False."""
        self.over = True
        self._open.close()
        return False


def _go_on(members: list[Member], turn: Turn) -> None:
    """Train until all have ended: whoever pauses, or ends, is left out, and the others are a new group."""
    group: Group | None = None
    while members := [member for member in members if not member.over and member.heeds()]:
        going = [member for member in members if member.single is not None]
        if not going:
            group = None
            turn.rest()
            time.sleep(PAUSE_SECONDS)
            continue
        turn.take()
        try:
            group = _group(group, going)
            group.update()
        except Exception as error:
            for member in going:
                member.lives(partial(_raise, error))
            continue
        passes_on = turn.over
        for member in going:
            member.lives(partial(member.note, passes_on))
        if passes_on:
            _pass_on([member.session for member in going if not member.over], turn)


def _group(group: Group | None, members: Sequence[Member]) -> Group:
    """Give the group that these make: the one there is, where it is theirs."""
    learners = [member.session.learner for member in members]
    same = group is not None and len(learners) == len(group.learners) and all(map(is_, learners, group.learners))
    return group if group is not None and same else Group(learners)


def _pass_on(sessions: Sequence[Session], turn: Turn) -> None:
    for session in sessions:
        session.pace.clock.hold()
    turn.pass_on()
    for session in sessions:
        session.pace.clock.go()


def _raise(error: Exception) -> NoReturn:
    raise error
