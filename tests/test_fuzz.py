"""A few broken inputs at every door; ``python -m tests.fuzz 20000`` feeds more."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.fuzz.doors import DOORS, feed

EACH = 40


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_what_is_broken_comes_in_or_is_a_fault(door: Callable[[Random, Path], None], tmp_path: Path,
                                                   monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEQLAB_CACHE", str(tmp_path))
    came = [feed(door, seed) for seed in range(max(1, EACH * DOORS[door] // 24))]
    assert set(came) <= {"in", "fault"}
    assert "fault" in came or door.__name__ in ("code", "folders", "texts")
