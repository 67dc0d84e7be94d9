"""What a person may choose about all runs together: a small file among the runs, under what the environment says."""

import os
from pathlib import Path

from pydantic import ConfigDict, Field, ValidationError

from seqlab.described import Described
from seqlab.errors import Fault
from seqlab.files import refusal, write_aside

FILE = ".settings.json"
NAMES = {"resume": "SEQLAB_RESUME", "quota_gb": "SEQLAB_QUOTA_GB", "keep_days": "SEQLAB_KEEP_DAYS"}
LEAST_GB, LEAST_DAYS = 0.001, 0.01
EXPECTED = {"resume": "yes or no", "quota_gb": "a number of gigabytes from 0.001",
            "keep_days": "a number of days from 0.01"}


class Settings(Described):
    """What a server does with the runs of its folder."""

    model_config = ConfigDict(extra="ignore")

    resume: bool = True
    """A server that starts again trains on what the one before left."""
    quota_gb: float | None = Field(None, ge=LEAST_GB, le=1e6, allow_inf_nan=False)
    """Gigabytes that all runs together may take of the disk; beyond it the oldest that is not pinned goes."""
    keep_days: float | None = Field(None, ge=LEAST_DAYS, le=1e5, allow_inf_nan=False)
    """Days after which a run that is not pinned goes."""


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
