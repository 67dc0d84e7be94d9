"""Questions that are on their way to a worker which dies: another one answers, or a sentence says that nobody does."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from seqlab.errors import Fault
from seqlab.training.answer import Answer
from seqlab.training.engine import Engine
from seqlab.training.workers import Workers
from tests.support.clusters import foreign_cluster, free_port
from tests.support.waiting import wait_for


def _seconds(act: Callable[[], object]) -> float:
    began = time.monotonic()
    act()
    return time.monotonic() - began


def test_a_question_to_a_worker_that_dies_is_answered_by_another_or_ends_in_a_sentence(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each worker stands still when it is asked, so that the question lies with it when it is killed."""
    asked_for = "seqlab.training.device:available"
    with foreign_cluster(port := free_port(), "evaluate=1", "train=1") as (scheduler, answers, trains):
        engine = Engine(tmp_path, f"tcp://127.0.0.1:{port}")
        wait_for(lambda: engine.ready and engine._workers.there == 2)
        assert engine.devices().result()[-1] == "cpu"
        os.kill(answers.pid or 0, signal.SIGSTOP)
        first = engine.ask(asked_for)
        time.sleep(0.3)
        assert not first.done()
        answers.kill()
        by_another = _seconds(lambda: first.result(30.0))
        assert first.result()[-1] == "cpu"

        os.kill(trains.pid or 0, signal.SIGSTOP)
        second, third = engine.ask(asked_for), engine.ask(asked_for)
        time.sleep(0.3)
        assert not second.done()
        trains.kill()
        wait_for(lambda: engine._workers.there == 0)
        nobody = _seconds(lambda: wait_for(second.done))
        with pytest.raises(Fault, match=f"The cluster at tcp://127.0.0.1:{port} has no workers"):
            second.result()
        scheduler.kill()
        gone = _seconds(lambda: wait_for(lambda: engine.away))
        with pytest.raises(Fault, match=r"The scheduler at .* does not answer; everything goes on by itself"):
            third.result()
        engine.close()
    with capsys.disabled():
        print(f"\n[a question to a worker that dies: answered by another after {by_another:.1f} s; where none is left, "
              f"said after {nobody:.1f} s, and where the scheduler dies after {gone:.1f} s]")


class Slow:
    """A future that is there after a moment, and takes longer to be fetched than a glance."""

    status = "finished"

    def __init__(self, lost: Exception | None) -> None:
        self._there, self._lost = time.monotonic() + 0.05, lost

    def done(self) -> bool:
        return time.monotonic() >= self._there

    def result(self, timeout: float) -> str:
        assert self.done(), "it is fetched before it is there"
        if timeout < 5:
            raise TimeoutError
        if self._lost:
            raise self._lost
        return "an answer"


class Asked:
    """Workers that everybody asks at once."""

    deserted = awaited = ""
    answering = None

    def __init__(self, lost: Exception | None = None) -> None:
        self._lost = lost

    def answer(self, *question: object) -> tuple[Slow, None]:
        return Slow(self._lost), None


def test_an_answer_that_is_there_is_fetched_without_haste() -> None:
    answer = Answer(cast(Workers, Asked()), "a question", (), {})
    assert not answer.done()
    assert answer.result(timeout=1) == "an answer"
    with pytest.raises(TimeoutError, match=r"no answer came within 0\.01 s"):
        Answer(cast(Workers, Asked()), "a question", (), {}).result(timeout=0.01)


@pytest.mark.parametrize("lost", [TimeoutError(), UnboundLocalError("result")])
def test_an_answer_that_cannot_be_fetched_is_one_sentence(lost: Exception) -> None:
    answer = Answer(cast(Workers, Asked(lost)), "a question", (), {})
    with pytest.raises(Fault, match="does not come through"):
        answer.result(timeout=1)
