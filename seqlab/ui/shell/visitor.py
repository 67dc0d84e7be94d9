"""Who sits in front of a page: the person of this session's cookie, or anyone where the server has no class."""

from collections.abc import Mapping

import streamlit as st

from seqlab.classroom import room
from seqlab.classroom.person import ANYONE, Person
from seqlab.errors import Fault


class NotInClass(Fault):
    """The session's cookie is gone, or belongs to nobody here any more."""

    def __init__(self) -> None:
        super().__init__("You are not in this class any more: the class was started again, or you were taken out. "
                         "Nothing of yours is lost; join again with the class's code, or your return code.")


def cookies() -> Mapping[str, str]:
    """The cookies with which the browser opened this session."""
    return st.context.cookies


def visitor() -> Person:
    """The person of this session, whose cookie is verified at every call; raises NotInClass where it is none.

    It is ``ANYONE``, who may do everything, where the server has no class.
    """
    here = room.current()
    if here is None:
        return ANYONE
    person = here.person_of(cookies())
    if person is None:
        raise NotInClass
    return person
