"""A person of a class, as pages and runs know them."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["pupil", "teacher"]
TEACHER_NAME = "Teacher"


@dataclass(frozen=True)
class Person:
    """Somebody who is in a class: an id for files, a nickname for people (foreign text), a role."""

    id: str
    nickname: str
    role: Role = "pupil"

    @property
    def teaches(self) -> bool:
        """Whether all may be done: the teacher of a class, or the one person of a server without a class."""
        return self.role == "teacher"

    @property
    def in_class(self) -> bool:
        """Whether this is somebody of a class, and not the one person of a server without one."""
        return bool(self.id)


ANYONE = Person("", "", "teacher")  # the one person of a server without a class
TEACHER = Person("teacher", TEACHER_NAME, "teacher")
