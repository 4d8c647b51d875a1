"""POSIX threads as the C library gives them, through ctypes: create, join, and the attributes one can set and read.

Everything here is a real call: pthread_create(3), pthread_join(3), pthread_attr_init(3), pthread_getattr_np(3),
pthread_setname_np(3), sched_getcpu(3), gettid(2). Each call releases the GIL while it is in C.
"""

from __future__ import annotations

import ctypes
import itertools
import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from errno import errorcode

from labkit.errors import LabError

libc = ctypes.CDLL(None)
START = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_size_t)
ATTR_BYTES = 128
"""Room for a pthread_attr_t: it has 56 bytes on x86_64 and 64 on aarch64 (glibc 2.36, pthreadtypes-arch.h)."""
CPU_SET_BYTES = 128
"""sizeof(cpu_set_t): 1,024 bits, CPU_SET(3)."""
NAME_MAX = 15
"""A thread's name holds 15 bytes and a NUL: pthread_setname_np(3)."""
DETACHED = 1 if sys.platform == "linux" else 2
"""PTHREAD_CREATE_DETACHED in glibc's and in Apple's <pthread.h>."""

_numbers = itertools.count(1)
_bodies: dict[int, Callable[[], None]] = {}


@START  # type: ignore[untyped-decorator]
def _start_routine(number: int) -> None:
    """The C entry of every pthread.

    # Why: one callback for all threads, alive as long as the module. A ctypes callback of a thread's own would have to
    # outlive its last return instruction, which nobody can observe; freed early, it crashes the process now and then.
    """
    body = _bodies.pop(number)
    try:
        body()
    except BaseException:  # nothing may fly into C
        traceback.print_exc()


@dataclass(frozen=True)
class Attributes:
    """What a pthread was created with, or what it really got. None: the C library's default, or unknown here."""

    stack_bytes: int | None = None
    guard_bytes: int | None = None
    cpus: frozenset[int] | None = None
    detached: bool = False
    name: str = ""
    stack_address: int | None = None


def create(body: Callable[[], None], wish: Attributes) -> int:
    """Start a pthread that calls body(); returns its pthread_t.

    Raises:
        LabError: the C library refuses an attribute, or this system does not know it.
    """
    attr = ctypes.create_string_buffer(ATTR_BYTES)
    _call("pthread_attr_init", attr)
    number = next(_numbers)
    try:
        if wish.stack_bytes is not None:
            _call("pthread_attr_setstacksize", attr, ctypes.c_size_t(wish.stack_bytes), why=f"stack_bytes={wish.stack_bytes}")
        if wish.guard_bytes is not None:
            _call("pthread_attr_setguardsize", attr, ctypes.c_size_t(wish.guard_bytes), why=f"guard_bytes={wish.guard_bytes}")
        if wish.cpus is not None:
            mask = _cpu_set(wish.cpus)
            _call("pthread_attr_setaffinity_np", attr, ctypes.c_size_t(CPU_SET_BYTES), mask, why=f"cpus={sorted(wish.cpus)}")
        if wish.detached:
            _call("pthread_attr_setdetachstate", attr, ctypes.c_int(DETACHED))
        handle = ctypes.c_size_t()
        _bodies[number] = body
        _call("pthread_create", ctypes.byref(handle), attr, _start_routine, ctypes.c_size_t(number), why=_words(wish))
    except LabError:
        _bodies.pop(number, None)
        raise
    finally:
        _call("pthread_attr_destroy", attr)
    return handle.value


def join(handle: int) -> None:
    """pthread_join: wait until the pthread is gone. Exactly once for each that is not detached."""
    _call("pthread_join", ctypes.c_size_t(handle), None)


def yield_processor() -> None:
    """sched_yield(2), with the GIL released around it."""
    libc.sched_yield()


def tid() -> int:
    """The OS's number of the calling thread: gettid(2) on Linux."""
    return threading.get_native_id()


def cpu() -> int:
    """The CPU on which the calling thread runs now; 0 where the system does not tell."""
    return int(libc.sched_getcpu()) if _has_getcpu else 0


_has_getcpu = hasattr(libc, "sched_getcpu")


def set_name(name: str) -> None:
    """Name the calling thread, as ps -L and /proc/<pid>/task/<tid>/comm show it; cut to 15 bytes."""
    short = name.encode(errors="replace")[:NAME_MAX]
    if sys.platform == "darwin":
        _call("pthread_setname_np", ctypes.c_char_p(short))
    else:
        _call("pthread_setname_np", _self(), ctypes.c_char_p(short))


def read() -> Attributes:
    """The attributes the calling thread really has."""
    if not hasattr(libc, "pthread_getattr_np"):  # macOS
        return Attributes(stack_bytes=int(_size("pthread_get_stacksize_np", _self())))
    attr = ctypes.create_string_buffer(ATTR_BYTES)
    _call("pthread_getattr_np", _self(), attr)
    try:
        address, stack, guard, state = ctypes.c_size_t(), ctypes.c_size_t(), ctypes.c_size_t(), ctypes.c_int()
        _call("pthread_attr_getstack", attr, ctypes.byref(address), ctypes.byref(stack))
        _call("pthread_attr_getguardsize", attr, ctypes.byref(guard))
        _call("pthread_attr_getdetachstate", attr, ctypes.byref(state))
    finally:
        _call("pthread_attr_destroy", attr)
    name = ctypes.create_string_buffer(NAME_MAX + 1)
    _call("pthread_getname_np", _self(), name, ctypes.c_size_t(NAME_MAX + 1))
    cpus = frozenset(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
    return Attributes(stack.value, guard.value, cpus, state.value == DETACHED, name.value.decode(errors="replace"), address.value)


def raise_in(ident: int, error: type[BaseException]) -> None:
    """Make another Python thread raise error at its next bytecode (PyThreadState_SetAsyncExc)."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(error))


def _words(wish: Attributes) -> str:
    """What was asked for, and what this machine has."""
    asked = [f"stack_bytes={wish.stack_bytes}"] if wish.stack_bytes is not None else []
    asked += [f"guard_bytes={wish.guard_bytes}"] if wish.guard_bytes is not None else []
    if wish.cpus is not None:
        asked.append(f"cpus={sorted(wish.cpus)} (this process may use CPUs {sorted(os.sched_getaffinity(0))})")
    return "a thread with " + ", ".join(asked)


def _self() -> ctypes.c_size_t:
    return ctypes.c_size_t(_size("pthread_self"))


def _size(function: str, *args: object) -> int:
    """Call a C function that returns a size_t or a pthread_t."""
    call = getattr(libc, function)
    call.restype = ctypes.c_size_t
    return int(call(*args))


def _cpu_set(cpus: Iterable[int]) -> ctypes.Array[ctypes.c_char]:
    mask = bytearray(CPU_SET_BYTES)
    for n in cpus:
        if not (isinstance(n, int) and 0 <= n < CPU_SET_BYTES * 8):
            raise LabError(f"cpus: there is no CPU {n!r}")
        mask[n // 8] |= 1 << n % 8
    return (ctypes.c_char * CPU_SET_BYTES).from_buffer(mask)


def _call(function: str, *args: object, why: str = "") -> None:
    """Call a pthread function that returns 0 or an error number."""
    if not hasattr(libc, function):
        raise LabError(f"{why or function}: this system ({sys.platform}) has no {function}; leave it out here, or use Linux")
    error = getattr(libc, function)(*args)
    if error:
        name = errorcode.get(error, str(error))
        raise LabError(f"{function} refused {why or 'the call'}: {name}, {os.strerror(error)}")
