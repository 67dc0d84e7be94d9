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
