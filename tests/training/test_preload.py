"""Workers are forked from a process that knows torch: what that process must not do, and what it gives."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from seqlab.training import control, fork_server
from seqlab.training.engine import Engine
from tests.support.runs import small_config
from tests.support.waiting import wait_for

ROOT = Path(__file__).parents[2]
forked = pytest.mark.skipif(not fork_server.available(), reason="workers are spawned here")


def in_a_fresh_process(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, text=True, check=False, capture_output=True,
                          timeout=120, env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"})
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@forked
def test_nothing_is_begun_before_the_fork() -> None:
    """A thread would be missing in the worker, a CUDA context broken, and what is imported later not shared."""
    out = in_a_fresh_process("""
import gc, os, sys, threading
import seqlab.training.preload
import torch
print(len(os.listdir("/proc/self/task")), threading.active_count(), torch.cuda.is_initialized(), gc.get_freeze_count())
print(*sorted({"seqlab.models.gru", "seqlab.tasks.text", "seqlab.lenses.proof"} - set(sys.modules)))
print(*sorted({"streamlit", "plotly", "pandas", "torch._dynamo"} & set(sys.modules)))
""")
    first, missing, needless = out.split("\n")[:3]
    assert first.split()[:3] == ["1", "1", "False"]
    assert int(first.split()[3]) > 100_000
    assert (missing, needless) == ("", "")


@forked
def test_a_forked_worker_leaves_the_servers_script_alone(tmp_path: Path) -> None:
    """Streamlit's script is the main module while a page is drawn, and multiprocessing would run it in each worker."""
    script = tmp_path / "script.py"
    script.write_text("from pathlib import Path\n"
                      "Path(__file__).with_suffix(f'.{__name__}').touch()\n"
                      "if __name__ == '__main__':\n"
                      "    from seqlab.training.engine import Engine\n"
                      "    engine = Engine(Path(__file__).with_name('runs'), workers=1)\n"
                      "    print(engine.devices().result()[-1])\n"
                      "    engine.close()\n")
    done = subprocess.run([sys.executable, str(script)], cwd=tmp_path, text=True, check=False, capture_output=True,
                          timeout=120, env=os.environ | {"PYTHONPATH": str(ROOT)})
    assert done.stdout == "cpu\n", done.stderr[-2000:]
    assert [file.name for file in tmp_path.glob("script.__*")] == ["script.__main__"]


@forked
def test_a_worker_that_is_killed_is_back_at_once(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    run = engine.start(small_config(steps=100_000, evaluate_every=100_000))
    wait_for(lambda: run.status.step > 20)
    first = run.status.pid
    began = time.perf_counter()
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: run.status.pid != first and run.status.state == "running")
    seconds = time.perf_counter() - began
    with capsys.disabled():
        print(f"\n[the run of a killed worker trains again after {seconds:.2f} s]")
    control.stop(run)
    wait_for(lambda: not engine.running())
    assert seconds < 20  # 0.3 s on a quiet machine


@forked
def test_workers_share_what_they_were_born_with(tmp_path: Path) -> None:
    before = set(worker_processes())  # of engines that other tests have started in this process
    engine = Engine(tmp_path, workers=1)
    try:
        engine.devices().result()
        wait_for(lambda: engine.ready)
        shares = [shared(pid) for pid in set(worker_processes()) - before]
        assert len(shares) == 2
        assert min(shares) > 0.6
    finally:
        engine.close()


def worker_processes() -> list[int]:
    """Those that were forked from the process that knows torch."""
    from multiprocessing.forkserver import _forkserver

    server = _forkserver._forkserver_pid
    return [int(pid) for pid in Path(f"/proc/{server}/task/{server}/children").read_text().split()]


def shared(pid: int) -> float:
    """How much of a process's memory it has in common with others."""
    sizes = {line.split()[0]: int(line.split()[1]) for line in
             Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]}
    return 1 - (sizes["Private_Dirty:"] + sizes["Private_Clean:"]) / sizes["Rss:"]


@forked
def test_a_worker_that_rests_makes_room_for_a_newborn_one(tmp_path: Path) -> None:
    def hurry() -> None:
        from seqlab.training import worker

        worker.SECONDS_TO_RENEW = 0.3

    engine = Engine(tmp_path, workers=1)
    engine.devices().result()
    wait_for(lambda: engine.ready)
    assert engine._workers._client is not None
    engine._workers._client.run(hurry)
    before = worker_processes()
    assert engine.devices().result()[-1] == "cpu"  # the worker that answers has worked, the other one has not
    wait_for(lambda: len(set(worker_processes()) - set(before)) == 1)
    assert engine.devices().result()[-1] == "cpu"
    engine.close()
