import os
from pathlib import Path

import numpy as np
import pytest

from seqlab.training import snapshots


def simulate(length: int, steps_per_second: int = 200) -> list[int]:
    kept, step = [0], 0
    while step < length:
        last, step = step, step + 1
        # Of a long run, only the steps around the ones that are due.
        step = max(step, min(last + last // 30, last + 2 * steps_per_second) - 1)
        while step < length and not snapshots.due(step, last, (step - last) / steps_per_second):
            step += 1
        step = min(step, length)
        kept.append(step)
        gone = snapshots.surplus(kept)
        kept = [known for known in kept if known not in gone]
    return kept


@pytest.mark.parametrize("length", [1, 10, 100, 3000, 1_000_000])
def test_any_length_keeps_about_sixty_with_both_ends(length: int) -> None:
    kept = simulate(length)
    assert kept[0] == 0
    assert kept[-1] == length
    assert min(length + 1, 55) <= len(kept) <= 60


def test_snapshots_are_evenly_spaced_in_the_root_of_the_step() -> None:
    gaps = np.diff(np.sqrt(simulate(3000)))
    assert gaps.max() < 3.5 * np.sqrt(3000) / 59


def test_two_seconds_make_a_slow_step_due() -> None:
    assert not snapshots.due(1010, 1000, 1.9)
    assert snapshots.due(1010, 1000, 2.0)
    assert not snapshots.due(1000, 1000, 99.0)


def test_surplus_never_takes_the_ends_and_takes_the_smallest_gap() -> None:
    assert snapshots.surplus([0, 1, 100, 101, 10_000], keep=4) == [100]
    assert snapshots.surplus([0, 7], keep=1) == []


def test_large_networks_keep_fewer() -> None:
    assert snapshots.affordable(1_000_000) == 60
    assert snapshots.affordable(10**9) == 3


def test_a_folder_that_rests_is_listed_once_and_each_change_is_seen(tmp_path: Path,
                                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    listed: list[str] = []
    glob = Path.glob
    monkeypatch.setattr(Path, "glob", lambda path, pattern: listed.append(pattern) or glob(path, pattern))
    assert snapshots.steps_in(tmp_path) == []
    weights = tmp_path / "weights"
    weights.mkdir()
    for step in (0, 30, 4):
        snapshots.file(tmp_path, "weights", step).touch()
    (weights / "step-x.safetensors").touch()
    assert [snapshots.steps_in(tmp_path) for _ in range(3)] == [[0, 4, 30]] * 3
    assert len(listed) == 3, "it changed a moment ago, and its clock may not have ticked since"
    os.utime(weights, (1e9, 1e9))
    assert [snapshots.steps_in(tmp_path) for _ in range(3)] == [[0, 4, 30]] * 3
    assert len(listed) == 4
    snapshots.steps_in(tmp_path).clear()  # a caller's list is its own
    snapshots.file(tmp_path, "weights", 4).unlink()
    assert snapshots.steps_in(tmp_path) == [0, 30]
