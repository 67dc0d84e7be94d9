"""Waiting, for a worker's answer or for a picture to leave, in a way that a moved widget can interrupt."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Generic, Protocol, TypeVar, runtime_checkable

import streamlit as st

R_co = TypeVar("R_co", covariant=True)
R = TypeVar("R")
S = TypeVar("S")

_MEANWHILE: ContextVar[Callable[[], object]] = ContextVar("meanwhile", default=lambda: None)
PATIENCE = 30.0  # seconds; a fresh server imports torch in its workers first
PAUSE = 0.06  # seconds, in which what was drawn reaches the browser


@runtime_checkable
class Pending(Protocol[R_co]):
    """An answer that is on its way."""

    def done(self) -> bool:
        """Whether it is there, or will never be."""
        ...

    def result(self) -> R_co:
        """Return it; raises Fault where it cannot be given."""
        ...


def wait_for(answer: Pending[R]) -> R:
    """Return what a worker answers; raises TimeoutError where none does, Fault where it cannot be answered."""
    end = time.monotonic() + PATIENCE
    while not answer.done():
        if time.monotonic() > end:
            raise TimeoutError
        let_go_if_moved()
    return answer.result()


def let_picture_leave() -> None:
    """Let what was drawn so far leave for the browser, before this process is busy with what comes below it."""
    end = time.monotonic() + PAUSE
    while time.monotonic() < end:
        let_go_if_moved()


@contextmanager
def meanwhile(act: Callable[[], object]) -> Iterator[None]:
    """Have something done again and again whenever what is inside waits."""
    token = _MEANWHILE.set(act)
    try:
        yield
    finally:
        _MEANWHILE.reset(token)


def let_go_if_moved() -> None:
    """Pause for a moment; touching the session's state lets Streamlit end this run where a widget was moved."""
    _MEANWHILE.get()()
    st.session_state.get("word")
    time.sleep(0.004)


class Ready(Generic[R]):
    """An answer that is there already."""

    def __init__(self, value: R) -> None:
        self._value = value

    def done(self) -> bool:
        """Say that it is."""
        return True

    def result(self) -> R:
        """Return it."""
        return self._value


class Together(Generic[R, S]):
    """Two answers that are waited for as one."""

    def __init__(self, first: Pending[R], second: Pending[S]) -> None:
        self._parts = first, second

    def done(self) -> bool:
        """Whether both are there, or one will never be."""
        return all(part.done() for part in self._parts)

    def result(self) -> tuple[R, S]:
        """Return both; raises Fault where one cannot be given."""
        first, second = self._parts
        return first.result(), second.result()
