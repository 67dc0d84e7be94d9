"""Questions that are on their way to a worker which dies: another one answers, or a sentence says that nobody does."""

import os
import signal
import subprocess
import sys
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

ROOT = Path(__file__).parents[2]
REFUSED = """
import sys
from pathlib import Path
from seqlab.errors import Fault
from seqlab.training import status
from seqlab.training.config import RunConfig
from seqlab.training.engine import Engine
from seqlab.training.run import create
from tests.support.runs import small_config
from tests.support.waiting import wait_for

engine = Engine(root := Path(sys.argv[1]), workers=1)
gone = engine.start(RunConfig(task={"name": "text", "corpus": "text-0123456789abcdef"}))
try:
    engine.ask("seqlab.lenses.windows:drawn", str(gone.path)).result(60)
except Fault as fault:
    print(fault)
blocked = create(root, small_config())
status.write(blocked.path, blocked.status, state="stopped")
(blocked.path / "optimiser").rmdir()
(blocked.path / "optimiser").write_text("a file where a folder belongs")
for run in (gone, engine.resume(blocked)):
    wait_for(lambda: run.status.state == "failed")
    print(run.status.message)
engine.close()
"""


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

    def result(self, timeout: float) -> tuple[str, str]:
        assert self.done(), "it is fetched before it is there"
        if timeout < 5:
            raise TimeoutError
        if self._lost:
            raise self._lost
        return "an answer", ""


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


def test_what_a_worker_refuses_is_a_sentence_for_who_asked_and_nothing_for_the_log(tmp_path: Path) -> None:
    """A question about a text that is gone, training on it, and a run whose folder cannot be used."""
    done = subprocess.run([sys.executable, "-c", REFUSED, str(tmp_path / "runs")], cwd=ROOT, text=True, check=False,
                          capture_output=True, timeout=120,
                          env=os.environ | {"SEQLAB_CACHE": str(tmp_path), "PYTHONPATH": str(ROOT)})
    assert done.stderr == ""
    asked, trained, blocked = done.stdout.splitlines()
    assert asked == trained
    assert asked == "This text is no longer here; add the file again."
    assert "cannot be written" in blocked
