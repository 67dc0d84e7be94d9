"""The product's files as they are here, or as they were at a commit."""

import ast
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from tests.support.data import ROOT

PLACES = ("seqlab", "pages", "app.py")


@contextmanager
def tree_at(revision: str) -> Iterator[Path]:
    """The product's files at a commit, in a folder that goes with the block."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as packed:
        subprocess.run(["git", "archive", revision, *PLACES], cwd=ROOT, stdout=packed, check=True)
        packed.seek(0)
        with tarfile.open(fileobj=packed) as archive:
            archive.extractall(folder, filter="data")
        yield Path(folder)


@cache
def files(root: Path, suffix: str) -> tuple[Path, ...]:
    """Every file of the product with a suffix, in order."""
    places = [root / place for place in PLACES]
    inside = (path for place in places for path in ([place] if place.is_file() else place.rglob(f"*{suffix}")))
    return tuple(sorted(path for path in inside if path.suffix == suffix))


@cache
def text(path: Path) -> str:
    """What a file says."""
    return path.read_text(encoding="utf-8")


@cache
def parsed(path: Path) -> ast.Module:
    """A file's syntax."""
    return ast.parse(text(path))
