"""Every known way out of the sandbox is closed: for root, for an ordinary user, and by the kernel alone."""

import inspect
import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from seqlab.checking import guard, sandbox, seal
from tests.checking import ways

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux closes a process")
# An ordinary user must be able to read Python, which may lie in root's own folder: it is mounted again in an open one.
ORDINARY = """set -e
if [ "$1" != / ]; then
  open=$(mktemp -d); mount --bind "$2" "$open"; mount -t tmpfs -o mode=755 none "$1"; mkdir -p "$2"
  mount --bind "$open" "$2"
fi
shift 2; exec setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=/tmp "$@"
"""


@pytest.mark.slow
@LINUX
@pytest.mark.parametrize("layer", [layer for layer in ways.LAYERS if layer != "hook"])
def test_nothing_gets_out(layer: str) -> None:
    report = tried([sys.executable, "-m", "tests.checking.ways", layer])
    assert report["sealed"]
    assert report["tried"] >= (46 if layer == "both" else 40)
    # without the hook, code may watch its own Python; it is closed off all the same
    assert set(report["out"]) <= ({"own_hook", "profile"} if layer == "kernel" else set())


@pytest.mark.slow
@LINUX
@pytest.mark.skipif(os.geteuid() != 0, reason="the test above was the ordinary user's")
def test_nothing_gets_out_for_an_ordinary_user() -> None:
    base = Path(sys.base_prefix)
    closed = next((str(place) for place in reversed(base.parents) if not place.stat().st_mode & 1), "/")
    if shutil.which("setpriv") is None or subprocess.run(["unshare", "-m", "true"], check=False).returncode:
        pytest.skip("this system lends no other user")
    report = tried(["unshare", "-m", "bash", "-c", ORDINARY, "-", closed, str(base), sys.executable, "-B", "-m",
                    "tests.checking.ways"])
    assert report["uid"] == 65534
    assert report["sealed"]
    assert report["out"] == []


def tried(command: list[str]) -> dict[str, Any]:
    done = subprocess.run(command, cwd=sandbox.ROOT, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def test_the_hook_looks_nothing_up() -> None:
    """What it would look up in a module or in builtins, the code that it watches could replace."""
    audit = inspect.unwrap(guard.hook(("/x/",)))
    code = audit.__code__
    assert not code.co_freevars
    assert set(code.co_names) <= {"partition", "startswith"}
    for value in audit.__kwdefaults__.values():
        assert isinstance(value, str | int | tuple | frozenset | type)


def test_what_is_imported_late_or_cannot_be_had_is_said_plainly() -> None:
    source = ("import numpy as np\ndef f(x):\n    import statistics\n    from numpy.polynomial import Polynomial\n"
              "    np.ma.masked_array(x); np.memmap\n    if len(x) == 2: import antigravity2\n"
              "    if len(x) == 1: __import__('zipapp')\n    return statistics.mean(x) + Polynomial([1, 2])(x)\n")
    ran = sandbox.run(source, "f", [([1.0],), ([1.0, 2.0],), ([1.0, 2.0, 3.0],)])
    assert ran.results[2].parts[0].tolist() == [5, 7, 9]
    assert [ran.errors[case]["text"] for case in (0, 1)] == ["the module zipapp", "the module antigravity2"]
    assert ran.sealed == (sys.platform == "linux")


def test_another_machine_is_not_closed_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    assert seal.sealing()() is False


@pytest.mark.parametrize("machine", seal._MACHINES)
def test_a_filter_is_whole(machine: str) -> None:
    """Every jump ends inside, and the last instruction refuses."""
    program = seal._filter(seal._MACHINES[machine], 7)
    steps = [seal._INSTRUCTION.unpack_from(program, at) for at in range(0, len(program), 8)]
    assert all(place + 1 + max(if_true, if_false) < len(steps) for place, (_, if_true, if_false, _) in
               enumerate(steps) if if_true or if_false)
    assert steps[-1][3] == seal._REFUSE
