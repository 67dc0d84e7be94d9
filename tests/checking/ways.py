"""What a curious student's code tries in order to get out of the sandbox, and which of it succeeds.

``python -m tests.checking.ways [both|kernel|hook]`` prints the ways that got out, as JSON, with the number
tried. ``kernel`` leaves the audit hook out, ``hook`` the seal of the kernel: what the other one holds alone, of the
ways that do not end the process.
"""

import contextlib
import json
import os
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from seqlab.checking import sandbox
from seqlab.checking.sandbox import Execution, Limits

_HEAD, _FROM, _REST = sandbox.START.partition("from seqlab")
LAYERS = {
    "both": sandbox.START,
    "kernel": f"{_HEAD}from seqlab.checking import guard; guard.hook = lambda readable: (lambda event, args: None); "
              f"{_FROM}{_REST}",
    "hook": f"{_HEAD}from seqlab.checking import child; child.sealing = lambda: (lambda: False); {_FROM}{_REST}",
}
# Each returns something true where it got out; SECRET is a file's text, LEFT a file of its own to remove.
QUIET = """
def open_(): return SECRET in open(FILE).read()
def load(): return np.load(ARRAY).size
def memmap(): return np.memmap(FILE, mode='r').size
def fromfile(): return np.fromfile(FILE, np.uint8).size
def genfromtxt(): return np.genfromtxt(FILE, dtype=str).size
def fileio(): return io.FileIO(FILE).read()
def linecache(): return L.getlines(FILE)
def str_subclass():
    class Path(str):
        def startswith(self, *args): return True
        def __contains__(self, part): return False
    return open(Path(FILE)).read()
def guard_globals():
    space = __import__.__globals__
    for name, value in list(space.items()):
        if isinstance(value, (dict, set, list)) and name != '__builtins__': value.clear()
        elif isinstance(value, (frozenset, tuple)): space[name] = type(value)()
    return open(FILE).read()
def system(): return S['os'].system('cat ' + FILE + ' > /dev/null') == 0
def connect(): return S['socket'].create_connection(('127.0.0.1', PORT), 2) if 'socket' in S else sock()
def sock(): return __import__('builtins').__import__('_socket').socket()
def unlink(): return S['os'].unlink(LEFT) is None
def listdir(): return S['os'].listdir('/')
def kill(): return S['os'].kill(PARENT, 0) is None
def limits(): return B.__import__('resource').setrlimit(7, (64, 64)) is None
def hook_code():
    for one in gc.get_objects():
        if type(one) is type(open_) and one.__name__ == 'audit': one.__code__ = (lambda *a, **k: None).__code__
    return open(FILE).read()
def hook_cell():
    for one in gc.get_objects():
        if type(one) is type(open_) and one.__name__ == 'audit':
            for cell in one.__closure__ or (): cell.cell_contents = ('/',)
            one.__kwdefaults__ = {**(one.__kwdefaults__ or {}), 'readable': ('/',)}
    return open(FILE).read()
def hook_refused():
    try: open(FILE)
    except PermissionError as error:
        trace = error.__traceback__
        while trace:
            frame, trace = trace.tb_frame, trace.tb_next
            if frame.f_code.co_name != 'audit': continue
            for name, value in [*frame.f_locals.items(), *frame.f_globals.items()]:
                if isinstance(value, (dict, set, list)) and not name.startswith('__'): value.clear()
                with contextlib.suppress(Exception): frame.f_locals[name] = ('/',)
    return open(FILE).read()
def own_hook():
    heard = []
    sys.addaudithook(lambda event, args: heard.append(event))
    compile('1', 'x', 'eval')
    return heard
def profile(): return sys.setprofile(lambda *args: None) is None
def frames():
    frame = sys._getframe()
    while frame:
        module = frame.f_globals.get('guard')
        if module:
            for name in ('hook', '_REFUSED', 'FORBIDDEN', '_READING'): setattr(module, name, lambda *args: frozenset())
        frame = frame.f_back
    return open(FILE).read()
def builtins_replaced():
    old = B.isinstance, B.type, B.str
    B.isinstance = lambda *args: True
    B.PermissionError = Exception
    try: return open(FILE).read()
    finally: B.isinstance = old[0]
def os_module(): return S['os'].open(FILE, 0)
def ctypes_(): return B.__import__('ctypes').CDLL(None).system(b'true') == 0
def signal_(): return B.__import__('signal').signal(14, lambda *args: None) is not False
def thread(): return B.__import__('_thread').start_new_thread(lambda: None, ())
def subprocess_():
    return B.__import__('_posixsubprocess').fork_exec([b'/bin/true'], [b'/bin/true'], True, (), None, None,
                                                      *8 * [-1], False, False, -1, None, None, None, -1, None, True)
def fork(): return S['os'].fork() >= 0 and S['os']._exit(0) is None
def session(): return S['os'].setsid()
def bootstrap():
    boot = S.get('importlib._bootstrap_external') or S['_frozen_importlib_external']
    return boot.FileLoader('x', FILE).get_data(FILE)
def stat(): return S['os'].stat(FILE)
def readlink(): return S['os'].readlink('/proc/self/exe')
def working_folder(): return S['os'].getcwd()
def descriptors():
    return [d for d in range(32) if not failed(lambda: S['os'].read(d, 1) or 1 / 0)]
def parent(): return S['os'].getppid() == PARENT
def eval_(): return eval('open(FILE).read()')
def exec_(): exec('print(open(FILE).read())'); return True
def compiled(): return eval(compile('open(FILE).read()', np.__file__, 'eval'))
def breakpoint_(): breakpoint(); return True
def input_(): input(); return True
def library_code():
    code = open_.__code__.replace(co_filename=np.__file__)
    return type(open_)(code, globals())()
def decorated(): return DECORATED
def finaliser():
    class Last:
        def __del__(self): DECORATED.append(open(FILE).read())
    one = Last(); one.me = one; del one
    gc.collect(); return DECORATED
def leaves_a_file(): open(LEFT + '.new', 'w').write('x'); return True
def environment(): return [name for name in S['os'].environ if 'SECRET' in name]
def secret_in_frames():
    seen, frame = [], sys._getframe()
    while frame:
        seen += list(frame.f_locals.values()) + [v for v in frame.f_globals.values() if not isinstance(v, dict)]
        frame = frame.f_back
    return [v for v in seen if getattr(v, '__name__', '') in ('send', 'sign') or isinstance(v, (bytes, map))
            and not isinstance(v, type)] or any('secret' in v for v in seen if type(v) is dict)
"""
HEAD = """
import contextlib, gc, io, sys
import linecache as L, atexit
import numpy as np
S, B, DECORATED = sys.modules, sys.modules['builtins'], []
def failed(way):
    try: way()
    except BaseException: return True
def at_definition(f):
    with contextlib.suppress(BaseException): DECORATED.append(open(FILE).read())
    return f
"""
TAIL = """
@at_definition
def f(x):
    way = WAYS[int(x)]
    try:
        out = 1.0 if way() else 0.0
    except BaseException as error:
        print(way.__name__, type(error).__name__, str(error)[:100]); out = 0.0
    return out
"""
# A run of its own each: how it must end (in ``stopped`` or an error), and not with the forged 77.
FORGE = """
    import json, struct
    def message(header, numbers):
        words, data = json.dumps(header).encode(), struct.pack('<%dd' % len(numbers), *numbers)
        return struct.pack('<IQ', len(words), len(data)) + words + data
    lie = message({'kind': 'case', 'case': 0, 'kinds': ['float64'], 'shapes': [[]]}, [77.0])
    end = message({'kind': 'end', 'shapes': []}, [])
"""
LOUD = {
    "noise": "\n    for d in range(3, 32):\n        with contextlib.suppress(OSError): S['os'].write(d, b'x' * 100)",
    "forged": FORGE + "    for d in range(3, 32):\n        with contextlib.suppress(OSError): "
                      "S['os'].write(d, lie + end)\n    S['os']._exit(0)",
    "forged, with a signature": FORGE + "    for d in range(3, 32):\n        with contextlib.suppress(OSError): "
                                        "S['os'].write(d, b'0' * 32 + lie + b'0' * 32 + end)\n    S['os']._exit(0)",
    "forged by a finaliser in the sender": FORGE + """
    class Late:
        def __del__(self):
            frame = sys._getframe()
            while frame:
                sign = frame.f_locals.get('sign')
                if sign: S['os'].write(frame.f_locals['pipe'], sign(lie))
                frame = frame.f_back
    for place in range(2000):
        one = Late(); one.me = one
    gc.set_threshold(1)""",
    "forged by a patched library": FORGE + """
    class Evil(bytes):
        def __radd__(self, other):
            S['os'].write(sys._getframe(1).f_locals['pipe'], sys._getframe(1).f_locals['sign'](lie)); return other
    frame = sys._getframe()
    while frame:
        if 'wire' in frame.f_globals: frame.f_globals['wire'].pack = lambda *args: Evil(b'')
        frame = frame.f_back""",
    "at exit": "\n    atexit.register(lambda: S['os'].unlink(LEFT))\n    return 1.0",
    "endless loop": "\n    while True: pass",
    "sleep": "\n    import time; time.sleep(600)",
    "print for ever": "\n    while True: print('x' * 10000)",
    "__array__ for ever": "\n    class A:\n        def __array__(self, *a, **k):\n            while True: pass"
                          "\n    return A()",
    "__str__ for ever": "\n    class E(Exception):\n        def __str__(self):\n            while True: pass"
                        "\n    raise E",
    "ignores SIGXCPU": "\n    with contextlib.suppress(BaseException): "
                       "B.__import__('signal').signal(24, B.__import__('signal').SIG_IGN)\n    while True: pass",
    "64 GB": "\n    return np.ones(8 * 2**30)",
    "100 MB for ever": "\n    keep = []\n    while True: keep.append(np.ones(12_500_000))",
    "huge whole numbers": "\n    return 10 ** 10 ** 10",
    "deep recursion": "\n    sys.setrecursionlimit(10**9)\n    g = lambda n: max([n], key=g)\n    return g(1)",
    "fork bomb": "\n    while True: S['os'].fork()",
    "grandchild in a session of its own": "\n    if S['os'].fork() == 0:\n        S['os'].setsid(); "
                                          "import time; time.sleep(100)",
}


@dataclass
class Outside:
    """What the code is to have no way to: a file, an array, a port, a process."""

    folder: Path
    port: int

    def changed(self) -> list[str]:
        """What is there that was not, or the other way round."""
        return sorted({path.name for path in self.folder.iterdir()} ^ {"left", "secret.npy", "secret.txt"})

    def names(self) -> str:
        """The same as lines of Python in front of the code."""
        values = {"FILE": str(self.folder / "secret.txt"), "ARRAY": str(self.folder / "secret.npy"),
                  "LEFT": str(self.folder / "left"), "SECRET": "the secret", "PORT": self.port, "PARENT": os.getpid()}
        return "\n".join(f"{name} = {value!r}" for name, value in values.items())


@contextlib.contextmanager
def outside() -> Iterator[Outside]:
    """Lay out what is to be reached, readable by everyone."""
    with tempfile.TemporaryDirectory() as name, socket.create_server(("127.0.0.1", 0)) as server:
        folder = Path(name)
        (folder / "secret.txt").write_text("the secret")
        (folder / "left").write_text("x")
        np.save(folder / "secret.npy", np.ones(3))
        yield Outside(folder, server.getsockname()[1])


def names() -> list[str]:
    """Every quiet way."""
    return [line[4:].partition("(")[0] for line in QUIET.splitlines() if line.startswith("def ")]


def quiet(there: Outside) -> tuple[list[str], Execution]:
    """Which of the ways that do not end the process got out, all tried in one."""
    ways = names()
    source = f"{HEAD}{there.names()}{QUIET}WAYS = [{', '.join(ways)}]\n{TAIL}"
    ran = sandbox.run(source, "f", [(float(place),) for place in range(len(ways))], limits=Limits(cpu=20, wall=60))
    out = [ways[case] for case, result in ran.results.items() if not result.parts or result.parts[0] != 0]
    return out + [f"{name} ended it" for name in ways[len(ran.results) + len(ran.errors):]], ran


def loud(name: str, there: Outside) -> str:
    """What came of a way with a run of its own: "" where it did not get out."""
    start = time.monotonic()
    source = f"{HEAD}{there.names()}\ndef f(x):{LOUD[name]}\n    return 1.0\n"
    ran = sandbox.run(source, "f", [(0.0,), (1.0,)], limits=Limits(cpu=1, wall=4.0 if name == "sleep" else 10.0))
    values = [float(part) for result in ran.results.values() for part in result.parts if part.size == 1]
    if 77.0 in values and not ran.stopped:
        return "taken as a result"
    if name.startswith(("noise", "forged")) and not ran.stopped and not ran.errors and values != [1.0, 1.0]:
        return f"not noticed: {values}"
    return "too slow" if time.monotonic() - start > 25 else ""


def main(layer: str = "both") -> None:
    """Try them and print which got out."""
    sandbox.START = LAYERS[layer]
    with outside() as there:
        out, ran = quiet(there)
        tried = list(LOUD) if layer == "both" else []
        with ThreadPoolExecutor(4) as pool:
            came = dict(zip(tried, pool.map(lambda name: loud(name, there), tried), strict=True))
        out += [f"{name}: {what}" for name, what in came.items() if what]
        out += [f"changed: {name}" for name in there.changed()]
    print(json.dumps({"uid": os.geteuid(), "sealed": ran.sealed, "tried": len(names()) + len(tried), "out": out}))


if __name__ == "__main__":
    main(*sys.argv[1:])
