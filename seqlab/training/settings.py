"""What a person may choose about all runs together: a small file among the runs, under what the environment says."""

import os
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from seqlab.errors import Fault
from seqlab.files import refusal, write_aside

FILE = ".settings.json"
NAMES = {"resume": "SEQLAB_RESUME", "quota_gb": "SEQLAB_QUOTA_GB", "keep_days": "SEQLAB_KEEP_DAYS"}
LEAST_GB, LEAST_DAYS = 0.001, 0.01
EXPECTED = {"resume": "yes or no", "quota_gb": "a number of gigabytes from 0.001",
            "keep_days": "a number of days from 0.01"}


class Settings(BaseModel):
    """``resume``: a server trains on what the one before left.

    ``quota_gb`` and ``keep_days`` bound what runs take of the disk and how long they stay; None: no bound.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    resume: bool = True
    quota_gb: float | None = Field(None, ge=LEAST_GB, le=1e6, allow_inf_nan=False)
    keep_days: float | None = Field(None, ge=LEAST_DAYS, le=1e5, allow_inf_nan=False)


def read(root: Path) -> Settings:
    """Read the settings of a folder of runs; what the environment names stands above the file. Raises Fault."""
    try:
        return Settings.model_validate(_stored(root).model_dump() | fixed())
    except ValidationError as error:
        key = str(error.errors()[0]["loc"][0])
        raise Fault(f"{NAMES[key]} must be {EXPECTED[key]}, not {os.environ.get(NAMES[key], '')[:40]!r}.") from None


def _stored(root: Path) -> Settings:
    try:
        return Settings.model_validate_json((root / FILE).read_bytes())
    except OSError:
        return Settings()
    except ValidationError:
        raise Fault(f"The settings in {FILE} among the runs cannot be read; delete that file to begin anew.") from None


def fixed() -> dict[str, str]:
    """What the environment names, which no page can change."""
    return {key: os.environ[name] for key, name in NAMES.items() if os.environ.get(name)}


def write(root: Path, settings: Settings) -> None:
    """Keep the settings of a folder of runs, but for those that the environment names now; raises Fault."""
    before = _stored(root)
    kept = settings.model_copy(update={key: getattr(before, key) for key in fixed()})
    try:
        root.mkdir(parents=True, exist_ok=True)
        write_aside(root / FILE, kept.model_dump_json(indent=1).encode())
    except OSError as error:
        raise Fault(f"The settings cannot be written: {refusal(error)}.") from None
