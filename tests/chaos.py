"""Kill workers, the process they are forked from, servers and command lines in mid-run, and see what is lost.

    python -m tests.chaos [kills=200] [seed=1] [minutes=30]

A real server trains runs of one config, and a terminal one more; now and then a process is killed. In the end every run
must be finished, with the weights of a run that nobody disturbed, an evaluation at every step that has one, no row
twice, no file that cannot be read and none that is left over. Exit status 0 where that is so.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import psutil  # type: ignore[import-untyped]  # Dask brings it
from safetensors import SafetensorError, safe_open

from seqlab.errors import Fault
from seqlab.training import snapshots, status
from seqlab.training.recorder import is_held
from seqlab.training.run import Run, create
from seqlab.training.session import train
from seqlab.training.terminal import one_thread
from tests.support.data import ROOT
from tests.support.runs import small_config

STEPS, EVERY, AT_ONCE = 400, 25, 3
CONFIG = small_config(task={"name": "echo", "form": "variable", "delay": 4, "length": 12}, steps=STEPS,
                      evaluate_every=EVERY, network={"model": "gru", "hidden": 24, "embedding": 8},
                      optimiser={"lr": 0.003, "decay": "linear"}, name="chaos")
TERMINAL = ("import sys; from contextlib import nullcontext; from pathlib import Path; "
            "from seqlab.training.run import Run; from seqlab.training.terminal import train_here; "
            "train_here(Run(Path(sys.argv[1])), nullcontext())")
SHARES = {"worker": 60, "terminal": 15, "server": 12, "fork server": 8, "all workers": 5}


class Chaos:
    """A folder of runs, a server over it and a terminal, and what was killed so far."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root, self.random, self.kills = root, random.Random(seed), Counter[str]()
        self.log = (root.parent / "log.txt").open("ab")
        self.server = self._start("-m", "seqlab", "serve", "--port", str(20_000 + os.getpid() % 20_000))
        self.terminal: tuple[subprocess.Popen[bytes], Run] | None = None

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        environment = os.environ | {"SEQLAB_RUNS": str(self.root), "PYTHONPATH": str(ROOT)}
        return subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL,
                                stdout=self.log, stderr=self.log)

    def runs(self) -> Iterator[tuple[Run, status.Status]]:
        """All runs and how they stand."""
        for folder in sorted(self.root.glob("chaos-*")):
            with suppress(Fault):
                yield Run(folder), status.read(folder)

    def feed(self) -> None:
        """Have enough runs, which the server must adopt, for nobody queues them, and one that a terminal trains."""
        active = sum(now.active for _, now in self.runs())
        for _ in range(AT_ONCE - active):
            create(self.root, CONFIG)
        if active <= AT_ONCE and (self.terminal is None or self.terminal[0].poll() is not None):
            run = create(self.root, CONFIG)
            self.terminal = self._start("-c", TERMINAL, str(run.path)), run

    def kill(self) -> str:
        """Kill something that is in mid-run; returns what it was, an empty text where there is nothing now."""
        mid = [now.pid for run, now in self.runs() if now.state == "running" and 0 < now.step < STEPS
               and is_held(run.path) and psutil.pid_exists(now.pid)]
        terminal = self.terminal[0] if self.terminal else None
        workers = [pid for pid in mid if terminal is None or pid != terminal.pid]
        fork = [child.pid for child in psutil.Process(self.server.pid).children() if _is_fork_server(child)]
        victims = {"worker": workers[:1], "all workers": workers + fork, "fork server": fork,
                   "server": [self.server.pid]} if workers else {}
        victims |= {"terminal": [terminal.pid]} if terminal and terminal.pid in mid else {}
        offered = [kind for kind in SHARES if victims.get(kind)]
        if not offered:
            return ""
        kind = self.random.choices(offered, [SHARES[name] for name in offered])[0]
        for pid in victims[kind]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if kind == "server":
            self.server.wait()
            self.server = self._start(*self.server.args[1:])  # type: ignore[index]  # it was given a list
        self.kills[kind] += 1
        return kind

    def close(self) -> None:
        """End what still runs."""
        for process in (self.server, *((self.terminal[0],) if self.terminal else ())):
            process.terminate()
            process.wait(30)


def _is_fork_server(process: psutil.Process) -> bool:
    try:
        return "forkserver" in " ".join(process.cmdline())
    except psutil.Error:  # it ended in this moment
        return False


def faults(run: Run, reference: dict[str, np.ndarray]) -> list[str]:
    """What is wrong with a run and its files."""
    now, table = run.status, run.metrics()
    wrong = [] if now.state == "finished" else [f"lost: {now.state} at {now.step}: {now.message}"]
    lines = (run.path / "metrics.jsonl").read_bytes().splitlines() if now.step else []
    if len(lines) != len(table["step"]):
        wrong.append("metric rows that cannot be read")
    if np.any(np.diff(table["step"]) <= 0):
        wrong.append("metric rows doubled or out of order")
    missing = {*range(EVERY, now.step + 1, EVERY)} - {*table["step"][np.isfinite(table["evaluation"])].astype(int)}
    if missing:
        wrong.append(f"evaluations missing at {sorted(missing)}")
    for step in run.snapshots():
        with safe_open(snapshots.file(run.path, "weights", step), "numpy"):
            run.weights(step)
    for file in run.path.glob("optimiser/*.safetensors"):
        with safe_open(file, "numpy"):
            pass
    wrong += [f"left over: {file.name}" for file in run.path.rglob("*.tmp")]
    if now.state == "finished" and any(not np.array_equal(run.weights()[name], array)
                                       for name, array in reference.items()):
        wrong.append("other weights than an undisturbed run")
    return wrong + ([] if run.passport and run.config == CONFIG else ["another config or no passport"])


def main(kills: int = 200, seed: int = 1, minutes: int = 30) -> int:
    """Kill so many times, or for so long; returns the exit status."""
    place = Path(tempfile.mkdtemp(prefix="seqlab-chaos-"))
    one_thread()
    undisturbed = create(place / "undisturbed", CONFIG)
    train(undisturbed.path)
    reference, began = dict(undisturbed.weights()), time.monotonic()
    (place / "runs").mkdir()
    chaos = Chaos(place / "runs", seed)
    try:
        while sum(chaos.kills.values()) < kills and time.monotonic() - began < 60 * minutes:
            chaos.feed()
            time.sleep(chaos.random.random() * 1.5)
            if kind := chaos.kill():
                print(f"{time.monotonic() - began:5.0f} s  kill {sum(chaos.kills.values())}: {kind}", flush=True)
        end = time.monotonic() + 600
        while any(now.active for _, now in chaos.runs()) and time.monotonic() < end:
            time.sleep(1)
    finally:
        chaos.close()
    return report(chaos, reference, time.monotonic() - began)


def report(chaos: Chaos, reference: dict[str, np.ndarray], seconds: float) -> int:
    """Print what became of the runs; returns the exit status."""
    bad, runs = 0, [run for run, _ in chaos.runs()]
    for run in runs:
        try:
            wrong = faults(run, reference)
        except (Fault, OSError, SafetensorError) as problem:
            wrong = [f"broken: {problem}"]
        bad += len(wrong)
        if wrong:
            print(f"{run.path}: {', '.join(wrong)}")
    resumed = sum(now.resumed for _, now in chaos.runs())
    print(f"{sum(chaos.kills.values())} kills ({dict(chaos.kills)}), {len(runs)} runs resumed {resumed} times, "
          f"{bad} faults, {seconds:.0f} s; {chaos.root}")
    return int(bad > 0 or not chaos.kills)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
