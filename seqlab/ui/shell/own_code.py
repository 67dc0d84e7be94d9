"""Code that a pupil writes, kept by the server of the class, so that it is there on any device."""

from contextlib import suppress
from pathlib import Path

from seqlab.checking.sandbox import LONGEST_CODE
from seqlab.files import write_aside
from seqlab.ui.shell.own_texts import own_place
from seqlab.ui.shell.visitor import visitor

FOLDER = "code"  # of a person


def browser_name(name: str) -> str:
    """Under what name the browser keeps a text: two people of a class who share a computer have one each."""
    person = visitor()
    return f"{person.id}/{name}" if person.in_class else name


def recall(exercise: str) -> str | None:
    """The code that a pupil has written for an exercise; None where there is none, or no pupil."""
    with suppress(OSError, UnicodeDecodeError):
        return _file(exercise).read_text(encoding="utf-8") if visitor().role == "pupil" else None
    return None


def remember(exercise: str, code: str) -> None:
    """Keep the code of a pupil; where the disk refuses, the session has it still."""
    content = code.encode(errors="replace")
    if visitor().role == "pupil" and len(content) <= LONGEST_CODE and code != recall(exercise):
        with suppress(OSError):
            _file(exercise).parent.mkdir(parents=True, exist_ok=True)
            write_aside(_file(exercise), content)


def _file(exercise: str) -> Path:
    return own_place() / FOLDER / f"{exercise}.py"
