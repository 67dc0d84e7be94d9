"""Closing a process on Linux: after it, the kernel refuses files, network, processes, threads and everything of others.

A seccomp filter lets through the system calls with which a process computes in its own memory, writes to what is open
and ends; every other call fails with EPERM. It needs no rights, holds for root as well, and cannot be taken away. No
package for it is kept well (the bindings of libseccomp are of 2021 or need the library's headers), and the filter is
forty numbers, so it is made here.
"""

import ctypes
import os
import platform
import struct
import sys
from collections.abc import Callable
from typing import NamedTuple

# Numbers of the system calls that are let through, on x86-64 and on ARM64.
_ALLOWED = {
    "write": (1, 64), "close": (3, 57), "munmap": (11, 215), "brk": (12, 214), "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139), "sched_yield": (24, 124), "mremap": (25, 216), "madvise": (28, 233),
    "nanosleep": (35, 101), "getpid": (39, 172), "exit": (60, 93), "gettimeofday": (96, 169), "getrusage": (98, 165),
    "times": (100, 153), "sigaltstack": (131, 132), "gettid": (186, 178), "futex": (202, 98),
    "restart_syscall": (219, 128), "clock_gettime": (228, 113), "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115), "exit_group": (231, 94), "getrandom": (318, 278),
}
_MMAP, _MPROTECT, _TGKILL = (9, 222), (10, 226), (234, 131)


class _Machine(NamedTuple):
    """What differs between processors: the column in the tables, the kernel's name, the number of ``seccomp``."""

    column: int
    audit: int
    seccomp: int


_MACHINES = {"x86_64": _Machine(0, 0xC000003E, 317), "aarch64": _Machine(1, 0xC00000B7, 277)}
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000 | 1  # the last: the call fails with EPERM
_NUMBER, _ARCHITECTURE, _X32 = 0, 4, 0x40000000
_EXECUTABLE, _NO_FILE = 4, 0xFFFFFFFF
_INSTRUCTION = struct.Struct("<HBBI")
_NO_NEW_PRIVILEGES, _SET_FILTER, _ALL_THREADS = 38, 1, 1


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def sealing() -> Callable[[], bool]:
    """Prepare to close this process; the returned function closes it and says whether the system could.

    It is prepared apart from its use because, with the guard's hook in place, nothing of the system is loaded any more.
    """
    machine = _MACHINES.get(platform.machine()) if sys.platform == "linux" and struct.calcsize("P") == 8 else None
    if machine is None or sys.byteorder != "little":
        return lambda: False
    libc = ctypes.CDLL(None)
    instructions = _filter(machine, os.getpid())
    program = _Program(len(instructions) // 8, instructions)
    prctl, call, pointer = libc.prctl, libc.syscall, ctypes.byref(program)

    def seal() -> bool:
        return not prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) and not call(
            machine.seccomp, _SET_FILTER, _ALL_THREADS, pointer)
    return seal


def _filter(machine: _Machine, pid: int) -> bytes:
    """The filter as the kernel reads it: eight bytes an instruction."""
    column = machine.column
    parts = [_instruction(_LOAD, _ARCHITECTURE), _instruction(_EQUAL, machine.audit, 1, 0),
             _instruction(_RETURN, _KILL), _instruction(_LOAD, _NUMBER),
             _instruction(_AT_LEAST, _X32, 0, 1), _instruction(_RETURN, _REFUSE)]
    for numbers in _ALLOWED.values():
        parts += [_instruction(_EQUAL, numbers[column], 0, 1), _instruction(_RETURN, _ALLOW)]
    for number, checks in ((_MMAP, [(2, _ANY_BIT, _EXECUTABLE, False), (4, _EQUAL, _NO_FILE, True)]),
                           (_MPROTECT, [(2, _ANY_BIT, _EXECUTABLE, False)]), (_TGKILL, [(0, _EQUAL, pid, True)])):
        parts += _checked(number[column], checks)
    return b"".join([*parts, _instruction(_RETURN, _REFUSE)])


def _checked(number: int, checks: list[tuple[int, int, int, bool]]) -> list[bytes]:
    """Let a call through where each check of an argument holds (or, with False, does not hold)."""
    body = list[bytes]()
    for argument, test, value, wanted in checks:
        body += [_instruction(_LOAD, 16 + 8 * argument), _instruction(test, value, int(wanted), int(not wanted)),
                 _instruction(_RETURN, _REFUSE)]
    return [_instruction(_EQUAL, number, 0, len(body) + 1), *body, _instruction(_RETURN, _ALLOW)]


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    """One instruction: what it does, with which number, and how many to skip."""
    return _INSTRUCTION.pack(code, if_true, if_false, value)
