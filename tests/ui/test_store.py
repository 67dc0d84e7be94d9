"""The stores of what was computed: once for all, bounded, and never a failure."""

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pytest

from seqlab.errors import Fault
from seqlab.trace import Trace
from seqlab.ui.proof.store import MB, PART, Store, size_of


def test_what_is_there_is_not_computed_again() -> None:
    store, asked = Store(MB), []

    @store.cached
    def double(number: int, *, twice: bool = False) -> int | None:
        asked.append(number)
        return None if number == 0 else number * (4 if twice else 2)

    assert [double(3), double(3), double(3, twice=True), double(0), double(0)] == [6, 6, 12, None, None]
    assert asked == [3, 3, 0]
    assert double.known(3) == 6
    assert double.known(4) is None
    double.forget(3)
    assert double(3) == 6
    assert asked == [3, 3, 0, 3]


def test_those_nobody_asked_for_longest_go_first() -> None:
    store = Store(3 * 8000 + 3 * PART + 10)
    array = store.cached(lambda number: np.full(1000, float(number)))
    first = array(1)
    for number in (2, 3):
        array(number)
    assert array(1) is first
    array(4)
    assert array.known(2) is None
    assert array(1) is first
    assert len(store) == 3
    assert store.bytes <= store.most_bytes


def test_a_value_larger_than_all_room_is_given_and_stands_alone() -> None:
    store = Store(100)
    array = store.cached(np.zeros)
    assert array(1000).size == 1000
    array(1001)
    assert len(store) == 1
    store.clear()
    assert (len(store), store.bytes) == (0, 0)


def test_what_failed_is_tried_again() -> None:
    store, outcomes = Store(MB), [Fault("The worker is gone."), 5]

    @store.cached
    def unsure() -> object:
        outcome = outcomes.pop(0)
        if isinstance(outcome, Fault):
            raise outcome
        return outcome

    with pytest.raises(Fault, match="gone"):
        unsure()
    assert unsure() == 5


def test_sessions_that_ask_at_once_wait_for_one_of_them() -> None:
    store, computed, begun = Store(MB), [], threading.Event()

    @store.cached
    def slow(number: int) -> np.ndarray:
        begun.set()
        computed.append(number)
        time.sleep(0.1)
        return np.arange(number)

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(slow, 7)
        begun.wait(5)
        others = [pool.submit(slow, 7) for _ in range(3)]
        assert all(other.result(5) is first.result(5) for other in others)
    assert computed == [7]


@dataclass(frozen=True)
class Holder:
    array: np.ndarray
    name: str


def test_bytes_are_counted_however_deep_they_lie() -> None:
    array = np.zeros((2, 1, 500))
    for value in (array, [array], {"a": (array,)}, Holder(array, "x"), Trace({"h.0": array})):
        assert array.nbytes <= size_of(value) < array.nbytes + 1000
    assert size_of(Future()) == MB // 4
