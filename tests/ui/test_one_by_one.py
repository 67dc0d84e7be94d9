"""Pages that are asked for at once are drawn in turn; one that waits for something slow holds nobody up."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from seqlab.ui.shell.one_by_one import OneByOne


def test_at_most_so_many_are_inside_and_the_first_come_are_the_first_let_in() -> None:
    door, inside, most, order = OneByOne(at_once=2, seconds=30.0), set[int](), [0], list[int]()
    lock, asked = threading.Lock(), threading.Semaphore(0)

    def visit(number: int) -> None:
        asked.release()
        with door.turn():
            with lock:
                inside.add(number)
                order.append(number)
                most[0] = max(most[0], len(inside))
            time.sleep(0.005)
            with lock:
                inside.remove(number)

    with ThreadPoolExecutor(12) as threads:
        for number in range(12):
            threads.submit(visit, number)
            asked.acquire()
            time.sleep(0.001)
    assert most == [2]
    assert sorted(order) == list(range(12))
    assert all(abs(place - number) <= 2 for place, number in enumerate(order)), order


def test_one_that_takes_long_does_not_count_any_more() -> None:
    door, slow, over = OneByOne(at_once=1, seconds=0.05), threading.Event(), threading.Event()

    def wait_for_a_worker() -> None:
        with door.turn():
            slow.set()
            over.wait(30.0)

    thread = threading.Thread(target=wait_for_a_worker)
    thread.start()
    slow.wait(30.0)
    began = time.monotonic()
    with door.turn():
        waited = time.monotonic() - began
    over.set()
    thread.join()
    assert 0.02 < waited < 5.0


def test_a_page_that_fails_makes_room() -> None:
    door = OneByOne(at_once=1, seconds=30.0)
    for _ in range(3):
        try:
            with door.turn():
                raise ValueError
        except ValueError:
            pass
    with door.turn():
        pass
