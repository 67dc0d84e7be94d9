"""Hostile and broken pastes: each ends in time with one plain sentence, and leaves no folder or process behind."""

import contextlib
import os
import re
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from seqlab.checking import sandbox
from seqlab.checking.check import run_check
from seqlab.checking.exercises import EXERCISES
from seqlab.checking.sandbox import Execution, Limits, Returned
from seqlab.errors import Fault

QUICK, IDLE = Limits(cpu=1, wall=12.0), Limits(cpu=1, wall=1.0)
AMPLE = Limits(cpu=20, wall=60.0)  # for what another limit stops: a slow machine must not stop it first
LIMITS = {"endless loop": QUICK, "deep recursion": QUICK, "sleep": IDLE}
CASES = [(np.arange(3.0),), (np.ones(2),)]


def paste(body: str) -> str:
    return f"import numpy as np\n\n\ndef rnn(wt_h, wt_x, bias, init_state, input_data):\n    {body}\n"


def run(body: str, limits: Limits = AMPLE, cases: list[tuple[np.ndarray, ...]] = CASES) -> Execution:
    return sandbox.run(f"import numpy as np\ndef f(x):\n    {body}\n", "f", cases, limits=limits)


def only(returned: Returned) -> np.ndarray:
    part, = returned.parts
    return part


def descendants() -> set[int]:
    """Processes whose parent is this one, or that were handed to the first process."""
    me, pids = os.getpid(), set()
    for place in Path("/proc").glob("[0-9]*"):
        try:
            fields = (place / "stat").read_text().rpartition(")")[2].split()
            words = (place / "cmdline").read_bytes()
        except OSError:
            continue
        if b"seqlab.checking.child" in words and (int(fields[1]) in {me, 1}):
            pids.add(int(place.name))
    return pids


def pipes() -> set[str]:
    """Pipes that this process holds."""
    held = set()
    for number in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):  # the folder's own
            held.add(os.readlink(f"/proc/self/fd/{number}"))
    return {name for name in held if name.startswith("pipe:")}


@pytest.fixture(autouse=True)
def nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    made, pipe, me = set[str](), os.pipe, threading.get_ident()

    def recorded() -> tuple[int, int]:
        """Open a pipe; those of other threads belong to other tests' workers, which come and go."""
        ends = pipe()
        if threading.get_ident() == me:
            made.add(os.readlink(f"/proc/self/fd/{ends[0]}"))
        return ends

    monkeypatch.setattr(os, "pipe", recorded)
    yield
    assert not list(tmp_path.iterdir())
    assert not descendants()
    assert not made & pipes()


def test_a_function_is_called_with_each_case_and_prints() -> None:
    report = run("print('hello', x.shape); return 2 * x")
    assert {case: only(returned).tolist() for case, returned in report.results.items()} == {0: [0, 2, 4], 1: [2, 2]}
    assert report.printed == "hello (3,)\nhello (2,)\n"
    assert (report.errors, report.failed, report.stopped) == ({}, None, "")


def test_numpys_own_parts_and_pythons_mathematics_are_there() -> None:
    body = ("import math, functools, dataclasses, numpy.polynomial\n    from numpy.lib.stride_tricks import "
            "sliding_window_view\n    np.testing.assert_allclose(np.fft.ifft(np.fft.fft(x)).real, x, atol=1e-12)\n"
            "    return np.linalg.norm(x) + 0 * np.random.default_rng(0).normal() + math.sqrt(4)")
    report = run(body)
    assert not report.errors
    assert only(report.results[1]) == pytest.approx(np.sqrt(2) + 2)


SHOWN = """import copy, dataclasses, pprint
    @dataclasses.dataclass
    class Pair:
        one: np.ndarray
        count: int
    print(x, repr(x), Pair(x, 2))
    pprint.pprint([x, {'x': copy.deepcopy(x)}])
    return copy.deepcopy([x, x])"""


def test_arrays_are_printed_and_copied() -> None:
    report = run(SHOWN)
    assert not report.errors
    assert "[0. 1. 2.] array([0., 1., 2.]) " in report.printed
    assert "Pair(one=array([0., 1., 2.]), count=2)" in report.printed
    assert only(report.results[1]).tolist() == [[1, 1], [1, 1]]


def test_scipys_special_functions_are_there_and_no_others() -> None:
    body = ("from scipy.special import expit, softmax, logsumexp, log_softmax, erf\n    "
            "import scipy.special as special, scipy\n    "
            "assert special.expit is expit and scipy.special is special\n    "
            "return expit(x) + softmax(x) + logsumexp(x) + log_softmax(x) + erf(x)")
    report = run(body)
    assert not report.errors
    assert len(only(report.results[1])) == 2
    for module in ("scipy.io", "scipy.stats", "scipy.optimize"):
        refused = run(f"from scipy.special import expit\n    import {module}\n    return x").errors[0]
        assert (refused["refused"], refused["text"]) == (True, f"the module {module}")
    lazily = run("import scipy\n    return scipy.io.loadmat(x)").errors[0]
    assert lazily["refused"]


TORCH = {
    "import torch\n    return torch.tanh(x)": "torch.tanh",
    "import torch.nn.functional as F\n    return F.softmax(x)": "torch.nn.functional.softmax",
    "from torch import nn\n    class Net(nn.Module): pass": "torch.nn.Module",
    "from torch.nn import Linear\n    return Linear(3, 4)": "torch.nn.Linear",
    "from torch.nn import Module\n    class Net(Module): pass": "torch.nn.Module",
    "import torch\n    return x.astype(torch.float32)": "torch.float32",
    "import torch\n    return np.asarray(torch)": "torch",
    "from torch import *": "everything of torch",
    "import matplotlib.pyplot as plt\n    plt.plot(x)": "matplotlib.pyplot.plot",
}


@pytest.mark.parametrize("body", TORCH)
def test_torch_can_be_imported_and_not_used(body: str) -> None:
    error = run(body).errors.get(0) or sandbox.run(body, "f", CASES).failed
    assert error is not None
    assert (error["refused"], error["text"]) == (True, TORCH[body])


def test_torch_that_is_not_used_harms_nothing() -> None:
    source = ("import torch, torch.nn as nn\nfrom torch.utils.data import DataLoader\n"
              "def f(x: torch.Tensor, net: nn.Module = None) -> torch.Tensor:\n    return x\n")
    report = sandbox.run(source, "f", CASES, limits=AMPLE)
    assert (report.errors, report.failed) == ({}, None)


def test_numbers_and_whole_arrays_come_as_what_they_are() -> None:
    source = ("def f(n, share, ids, lists):\n    assert type(n) is int and type(share) is float\n"
              "    return list(range(n))[ids[0]] + share, lists[0], [2, 3]\n")
    report = sandbox.run(source, "f", [(3, 0.5, np.array([1, 2]), [np.ones(2)])], limits=AMPLE)
    assert not report.errors
    assert report.results[0].kinds == ["float64", "float64", "int64"]
    assert [part.tolist() for part in report.results[0].parts] == [1.5, [1, 1], [2, 3]]


HOSTILE = {
    "endless loop": ("while True: pass", r"computed for more than 1 seconds .* loop that never ends"),
    "sleep": ("import time; time.sleep(60)", "more than 1 seconds and was stopped"),
    "10 GB": ("return np.ones((10, 10**9 // 8))[:, :2]", r"Line 5.*more memory than it may have"),
    "memory by and by": ("a = []\n    while True: a.append(bytearray(10**7))", r"Line 6.*more memory"),
    "fork bomb": ("import os\n    while True: os.fork()", r"Line 5: the module os cannot be used here"),
    "fork bomb by a back door": ("import sys\n    while True: sys.modules['os'].fork()", r"Line 6: other processes"),
    "print flood": ("while True: print('x' * 1000)", "printed more than 1 MB"),
    "exit at once": ("import sys; sys.modules['os']._exit(3)", r"ended the process itself \(exit code 3\)"),
    "exit": ("raise SystemExit(0)", "Line 5.* ends the program"),
    "recursion": ("return rnn(wt_h, wt_x, bias, init_state, input_data)", "Line 5.*RecursionError: maximum recursion"),
    "deep recursion": ("import sys; sys.setrecursionlimit(10**9)\n    f = lambda x: max([x], key=f)\n    return f(1)",
                       "crashed Python|computed for more|more memory"),
    "crash": ("import faulthandler; faulthandler._sigsegv()", r"crashed Python \(SIGSEGV\)"),
    "exception": ("raise KeyError('nope')", r"Line 5, with B 1, T 3, D 2, H 4: KeyError: 'nope'\."),
    "exception that cannot speak": ("class E(Exception):\n        def __str__(self): raise E\n    raise E",
                                    r"Line 7.*: E\."),
    "a name that is not there": ("return nothing_of_that_name", "NameError: name 'nothing_of_that_name'"),
    "reads a file": ("return open('/etc/passwd').read()", "Line 5: files cannot be used here"),
    "reads by NumPy": ("return np.fromfile('/etc/hostname')", "Line 5: files cannot"),
    "reads past the library": ("open(np.__path__[0] + '/../../../../../../pyproject.toml')", "files cannot"),
    "writes a file": ("np.save('answer.npy', bias)", "Line 5: files cannot"),
    "removes a file": ("import sys; sys.modules['os'].remove('/tmp/x')", "Line 5: files cannot"),
    "network": ("import socket", "Line 5: the module socket cannot"),
    "network by a back door": ("import sys; sys.modules['socket'].socket()", "the network"),
    "a program": ("import subprocess", "the module subprocess cannot"),
    "a program by a back door": ("import sys; sys.modules['subprocess'].run(['ls'])", "other processes cannot"),
    "foreign functions": ("import sys; sys.modules['ctypes'].CDLL(None)", "foreign functions cannot"),
    "torch": ("import torch; return torch.stack([bias])", "Line 5: torch.stack cannot be used here.*take np.stack"),
    "more of torch": ("from torch import nn; nn.RNN(3, 4)", r"Line 5: torch\.nn\.RNN cannot.*the import of torch may"),
    "our own reference": ("from seqlab.reference import course", "the module seqlab cannot"),
    "the keyboard": ("return input()", "Line 5: the keyboard cannot"),
    "raises its own limits": ("import sys; sys.modules['resource'].setrlimit(0, (9, 9))", "its own limits|KeyError"),
    "nothing": ("init_state @ wt_h", r"rnn returned nothing: is there a return\?"),
    "a word": ("return 'h'", r"something of type <U1; expected an array of numbers, \[B, T, H\]"),
    "objects": ("return [object()]", "something of type list"),
    "complex": ("return bias * 1j", "something of type complex128"),
    "ragged": ("return [[1.0], [1.0, 2.0]]", "lists of different lengths"),
    "too much": ("return np.zeros((3000, 1000))", r"shape \(3000, 1000\), which is too large"),
    "wrong shape": ("return input_data", r"returned the shape \[1, 3, 2\]; expected \[1, 3, 4\], which is \[B, T, H\]"),
    "NaN": ("return np.full((len(input_data), input_data.shape[1], len(bias)), np.nan)", "t = 0, unit 0: yours nan"),
    "talks into the channel": ("import sys\n    for d in range(3, 4096):\n        try: sys.modules['os'].write(d, "
                               "b'x' * 100)\n        except OSError: pass\n    return 1", "wrote into the channel"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_a_bad_paste_is_answered_with_one_sentence(name: str) -> None:
    body, message = HOSTILE[name]
    start = time.monotonic()
    result = run_check(EXERCISES["rnn"], paste(body), limits=(limits := LIMITS.get(name, AMPLE)))
    assert time.monotonic() - start < limits.wall + 20
    assert not result.agrees
    assert re.search(message, result.message), result.message
    assert "\n" not in result.message
    assert not re.search(r"Traceback|/work|/home|/usr|/tmp|\.py\b", result.message)


@pytest.mark.parametrize(("source", "message", "line"), [
    ("import numpy as np\ndef rnn(:\n    pass", r"Line 2: this is not Python \(", 2),
    ("def rnn(a):\nreturn a", r"Line 2: this is not Python \(expected an indented block", 2),
    ("def rnn(a):\n\treturn a\n        return a", r"Line 3: this is not Python", 3),
    ("x = 1", r"no function rnn in the code; it must begin with def rnn\(wt_h, wt_x, bias, init_state, input_data\):",
     None),
    ("rnn = 3", "no function rnn", None), ("x = 1 / 0\ndef rnn(): pass", "Line 1: ZeroDivisionError", 1),
    ("def rnn(a, b):\n    return a", r"TypeError: rnn\(\) takes 2 positional arguments but 5 were given", None),
    ("import scipy.stats", r"Line 1: the module scipy\.stats cannot be used", 1),
    ("a = '\ud800'", "surrogates not allowed", None),
])
def test_code_that_does_not_begin(source: str, message: str, line: int | None) -> None:
    result = run_check(EXERCISES["rnn"], source, limits=AMPLE)
    assert re.search(message, result.message), result.message
    assert result.line == line


def test_what_was_printed_is_cut_and_holds_no_path() -> None:
    report = run("print('y' * 50_000); return x")
    assert report.printed == 10_000 * "y" + "\n… (there was more)"
    warned = run("import warnings; warnings.warn(np.__file__)\n    return x")
    assert "numpy" in warned.printed
    assert str(sandbox.ROOT) not in warned.printed


def test_an_error_in_one_case_does_not_hide_the_next() -> None:
    report = run("return x if len(x) == 2 else 1 / 0")
    assert list(report.results) == [1]
    assert report.errors[0]["error"] == "ZeroDivisionError"


def test_a_student_cannot_change_the_question() -> None:
    array = np.ones(2)
    run("x[:] = 9; return x", cases=[(array,), (array,)])
    assert (array == 1).all()


def test_progress_is_told() -> None:
    progress: list[int] = []
    sandbox.run("def f(x): return x", "f", CASES, progress=progress.append)
    assert progress[-1] == 2


def test_a_page_that_is_left_takes_the_process_with_it() -> None:
    class LeftError(Exception):
        pass

    def leave(done: int) -> None:
        raise LeftError

    with pytest.raises(LeftError):
        sandbox.run("def f(x):\n    while True: pass", "f", CASES, progress=leave)


def test_the_process_knows_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_OURS", "1")
    body = ("import sys; o = sys.modules['os']; print(sorted(o.environ), sys.argv); print(o.environ['HOME']); "
            "print(any('seqlab' in p for p in sys.path), [n for n in sys.modules if 'seqlab' in n]); return x")
    printed = run(body).printed
    assert "SECRET" not in printed
    assert "seqlab-code-" in printed
    assert "False []" in printed


def test_code_that_is_too_long_is_not_run() -> None:
    with pytest.raises(Fault, match="longer than 64 KB"):
        sandbox.run("#" * 70_000, "f", CASES)


def test_a_machine_without_processes_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox.sys, "executable", "/nowhere/python")
    with pytest.raises(Fault, match=r"No process could be started for the code \(No such file"):
        run("return x")


def test_a_whole_class_presses_at_once_and_each_has_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    inside, most, alone = 0, 0, threading.Lock()
    process, answers = sandbox._process, list[float]()

    @contextlib.contextmanager
    def counted(question: bytes) -> Iterator[object]:
        nonlocal inside, most
        with alone:
            inside += 1
            most = max(most, inside)
        with process(question) as started:
            yield started
        with alone:
            inside -= 1

    def press(number: int) -> None:
        answers.append(float(sandbox.run("def f(x):\n    return x + 1", "f", [(number,)]).results[0].parts[0]))

    monkeypatch.setattr(sandbox, "_process", counted)
    monkeypatch.setattr(sandbox, "_TURNS", threading.BoundedSemaphore(2))
    pupils = [threading.Thread(target=press, args=(number,)) for number in range(5)]
    for pupil in pupils:
        pupil.start()
    for pupil in pupils:
        pupil.join(60)
    assert sorted(answers) == [1, 2, 3, 4, 5]
    assert most <= 2


def test_the_system_holds_code_where_it_is_linux() -> None:
    assert sandbox.seals() is (sys.platform == "linux")
