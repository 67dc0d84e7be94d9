"""The checkout, and the books and reviews that may lie beside it; tests that read them skip where they do not."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("SEQLAB_DATA") or ROOT.parent / "shared" / "data")


def missing(*files: str) -> list[str]:
    """Those of the files that are not here."""
    return [file for file in files if not (SHARED / file).exists()]


def need(*files: str) -> None:
    """Skip the test, or all that ask its fixture, where one of the files is not here."""
    if missing(*files):
        pytest.skip(f"not in SEQLAB_DATA, and tests use no network: {', '.join(missing(*files))}")


def needs(*files: str) -> pytest.MarkDecorator:
    """Mark a test that skips where one of the files is not here."""
    return pytest.mark.skipif(bool(missing(*files)), reason=f"not in SEQLAB_DATA: {', '.join(missing(*files))}")
