"""What a person expects of an exercise before it is run, kept beside their runs, and whether they have looked."""

from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from seqlab.errors import Fault
from seqlab.files import checked_id, refusal, write_aside

FOLDER = ".predictions"  # of a person
LONGEST, MOST_BYTES = 2000, 20_000  # characters of an answer, bytes of a file


class Prediction(BaseModel):
    """A person's own answer in words, their number for the exercise's first figure, and whether ours was opened."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

    words: str = Field("", max_length=LONGEST)
    number: float | None = None
    opened: bool = False


def read(place: Path, exercise: str) -> Prediction:
    """Read what a person predicted of an exercise; an empty prediction where there is none, or it cannot be read."""
    file = _file(place, exercise)
    try:
        facts = file.stat()
        return _read(file, facts.st_mtime_ns, facts.st_size)
    except (OSError, ValidationError):
        return Prediction()


def keep(place: Path, exercise: str, **changes: object) -> Prediction:
    """Keep a prediction with some changes; raises Fault where it is too long, no number, or cannot be written."""
    try:
        changed = Prediction.model_validate(read(place, exercise).model_dump() | changes)
    except ValidationError:
        raise Fault(f"A prediction has at most {LONGEST:,} characters, and a number that is finite.") from None
    file = _file(place, exercise)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_aside(file, changed.model_dump_json().encode(errors="replace"))
    except OSError as error:
        raise Fault(f"The prediction cannot be kept: {refusal(error)}.") from None
    return changed


def _file(place: Path, exercise: str) -> Path:
    return place / FOLDER / f"{checked_id(exercise)}.json"


@lru_cache(maxsize=64)
def _read(file: Path, stamp: int, size: int) -> Prediction:
    return Prediction() if size > MOST_BYTES else Prediction.model_validate_json(file.read_bytes())
