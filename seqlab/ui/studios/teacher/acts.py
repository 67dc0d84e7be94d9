"""What a teacher does with the people of a class and with their networks; what can be undone is remembered."""

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

import streamlit as st

from seqlab.classroom import room
from seqlab.classroom.board import Address, Board
from seqlab.classroom.room import Room
from seqlab.errors import Fault
from seqlab.numerals import counted
from seqlab.training.run import Run
from seqlab.ui.shell import acting, follow
from seqlab.ui.shell.faults import attempt
from seqlab.ui.shell.foreign import literal
from seqlab.ui.shell.navigation import lab_of
from seqlab.ui.shell.services import engine, library
from seqlab.ui.studios.teacher.people import Attendance

STOPPED = ("stopped", "interrupted")  # what can go on as it was
MOST_UNDONE, MOST_NAME = 20, 40
MOMENT = 2.0  # seconds that going on waits for runs that are just being stopped
_DONE = "class-done"


@dataclass(frozen=True)
class Done:
    """Something that can be undone: what its button says (a nickname in it is foreign text), and what it does."""

    label: str
    undo: Callable[[], object]


def teaching() -> tuple[Room, Board]:
    """The class and its board, for its teacher alone; raises Fault."""
    acting.require_teacher()
    here, board = room.current(), follow.board()
    if here is None or board is None:
        raise Fault("This server has no class any more.")
    return here, board


def stop(runs: Sequence[Run], whose: str = "") -> None:
    """Stop runs that train or wait, several of which are somebody's; they can go on from there."""
    stopped = _each(runs, lambda run: acting.steer(run, "stop"))
    _remember(stopped, f"let {_words(stopped, whose)} go on", partial(go_on, stopped))


def go_on(runs: Iterable[Run]) -> None:
    """Let runs go on that were stopped; those that came to their end meanwhile stay as they are."""
    end = time.monotonic() + MOMENT
    _each(runs, lambda run: _go_on(run, end))


def clear(runs: Sequence[Run], whose: str = "") -> None:
    """Put runs that have ended in the trash, several of which are somebody's."""
    words = _words(runs, whose)
    gone = _each(runs, lambda run: library().delete(run))
    _remember(gone, f"bring back {words}", partial(_each, gone, lambda run: library().restore(run.id)))


def share(run: Run, shared: bool) -> None:
    """Let the class read a run, or no longer."""
    attempt(lambda: acting.share(run, shared))


def send(run: Run) -> None:
    """Take all who follow to a run in its lab; the class may read it from then on."""
    def do() -> None:
        _, board = teaching()
        place = Address(page=lab_of(run.config.task["name"]).name, query=urlencode({"run": run.id}))
        board.show(follow.checked_place(place))
        st.toast(f"All who follow you are taken to {literal(run.name)}.", icon=":material/send:")

    attempt(do)


def remove(one: Attendance) -> None:
    """Take a person out of the class, and stop what they train; their networks stay."""
    def do() -> None:
        here, _ = teaching()
        here.roster.remove(one.member.person)
        _remember([one], f"take {one.nickname} back in", lambda: here.roster.restore(one.member))
        _each(one.going, lambda run: acting.steer(run, "stop"))

    attempt(do)


def undo_button() -> None:
    """Draw what takes back the last thing that was done here; nothing where there is none."""
    done = _done()
    if done:
        st.button(f"Undo: {literal(done[-1].label)}", icon=":material/undo:", key="class-undo", on_click=_undo)


def _undo() -> None:
    done = _done()
    if done:
        attempt(done.pop().undo)


def _go_on(run: Run, end: float) -> None:
    """Let a run go on, once its worker has let go of it, for which it waits until a time."""
    while (run.status.active or run.id in engine().running()) and time.monotonic() < end:
        time.sleep(0.02)
    if run.status.active:
        raise Fault(f"{run.name} is {run.status.state} still, or again; it was left as it is.")
    if run.status.state in STOPPED:
        acting.resume(run)


def _words(runs: Sequence[Run], whose: str) -> str:
    with suppress(Fault):  # the only one is gone
        return runs[0].name[:MOST_NAME] if len(runs) == 1 else f"{counted(len(runs), 'network')} of {whose}"
    return runs[0].id


def _each(runs: Iterable[Run], do: Callable[[Run], object]) -> list[Run]:
    """Do something with each of some runs; a toast says why one cannot be done, and the others are."""
    def one(run: Run) -> None:
        do(run)
        done.append(run)

    done: list[Run] = []
    for run in runs:
        attempt(partial(one, run))
    return done


def _remember(what: Sequence[object], label: str, undo: Callable[[], object]) -> None:
    if what:
        st.session_state[_DONE] = [*_done(), Done(label, undo)][-MOST_UNDONE:]


def _done() -> list[Done]:
    done: list[Done] = st.session_state.setdefault(_DONE, [])
    return done
