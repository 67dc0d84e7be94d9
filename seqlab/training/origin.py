"""Where an opened network came from: its file, what each tensor was taken for, what was asked, and its owner's word."""

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from seqlab.errors import Fault
from seqlab.files import write_aside

FILE = "origin.json"
MOST_BYTES = 8 * 2**20
Name = Annotated[str, Field(max_length=500)]
Text = Annotated[str, Field(max_length=2000)]


class TensorOrigin(BaseModel):
    """A tensor of the file, the name that it has in seqlab, and why it was taken for that."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    shape: Annotated[tuple[int, ...], Field(max_length=8)]
    role: Name
    reason: Text


class Answered(BaseModel):
    """A question about the file with its answer, which a person gave, the file decided, or was guessed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Name
    text: Text
    answer: Annotated[str, Field(max_length=2_000_000)]
    how: Literal["asked", "guessed", "decided"]
    why: Text = ""


class Origin(BaseModel):
    """What is known of an opened network.

    ``file`` is the name of its file, with its SHA-256 and size (empty: it came from a program); ``left_over`` names
    tensors without a use, ``missing`` what such a network may have and this one has not. ``expected`` is what its
    owner's program answered, as the owner gave it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: Name = ""
    sha256: Annotated[str, Field(max_length=64)] = ""
    bytes: Annotated[int, Field(ge=0, le=2**53)] = 0
    opened: Annotated[str, Field(max_length=40)] = ""
    network: Name = ""
    questions: Annotated[tuple[Answered, ...], Field(max_length=100)] = ()
    tensors: Annotated[tuple[TensorOrigin, ...], Field(max_length=20_000)] = ()
    left_over: Annotated[tuple[Name, ...], Field(max_length=20_000)] = ()
    missing: Annotated[tuple[Name, ...], Field(max_length=100)] = ()
    expected: dict[str, Any] = {}

    def answer(self, key: str) -> str:
        """The answer to a question; empty where it was not asked."""
        return next((question.answer for question in self.questions if question.key == key), "")


def read(folder: Path) -> Origin | None:
    """Give the origin of a run; None for one that was trained here. Raises Fault for a file that is not whole."""
    file = folder / FILE
    try:
        facts = file.stat()
    except OSError:
        return None
    return _read(file, facts.st_mtime_ns, facts.st_size)


@lru_cache(maxsize=64)
def _read(file: Path, stamp: int, size: int) -> Origin:
    try:
        if size > MOST_BYTES:
            raise ValueError
        return Origin.model_validate_json(file.read_bytes())
    except (OSError, ValueError, ValidationError):
        raise Fault(f"{FILE} of run {file.parent.name} is not whole.") from None


def write(folder: Path, origin: Origin) -> None:
    """Write the origin of a run; raises OSError."""
    write_aside(folder / FILE, origin.model_dump_json(indent=1).encode())
