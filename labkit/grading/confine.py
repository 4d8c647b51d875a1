"""What a process may no longer do, and never again: files by Landlock, system calls by seccomp, resources by limits.

Three doors of the kernel, each opened here with ctypes or the standard library. A process confines itself after fork and
before the first line of a student's code; whatever it starts is confined too. What this kernel cannot do is reported by
`missing()`, and the command refuses to grade without it unless it is told otherwise.

Sources: landlock(7) and landlock_create_ruleset(2) (ABI up to 6), seccomp(2), capabilities(7), setrlimit(2).
"""

from __future__ import annotations

import ctypes
import os
import resource
import struct
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from labkit.errors import LabError
from labkit.grading.seccomp import childs_filter, parents_filter, programs_filter, whole_filter

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
"""System calls of Landlock: the same numbers on every architecture that came after Linux 5.0."""
PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, PR_SET_DUMPABLE, PR_CAPBSET_DROP = 22, 38, 4, 24
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER, KILL = 1, 36, 9
SECCOMP_MODE_FILTER: Final = 2
CAP_LAST: Final = 40
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, TRUNCATE, IOCTL_DEV = 1, 2, 4, 8, 1 << 14, 1 << 15
ON_FILES: Final = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
LANDLOCK_LEAST: Final = 1

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Confinement:
    """What one confined process may use.

    Attributes:
        read: folders and files that it may read (and execute from, if `start` is set).
        write: folders and files that it may write.
        cpu_s: processor time, after which the kernel ends it.
        memory_mb: address space.
        file_mb: size of any file that it writes, its output included.
        files: open files.
        start: may it start other programs? A compiler does.
        own_tasks: may it read /proc/self/task, its own threads?
    """

    read: tuple[str, ...]
    write: tuple[str, ...] = ("/dev/null",)
    cpu_s: int = 10
    memory_mb: int = 1536
    file_mb: int = 1
    files: int = 256
    start: bool = False
    own_tasks: bool = False


def missing() -> list[str]:
    """What this machine lacks for grading hostile work; one sentence each, with the cure."""
    if sys.platform != "linux":
        return [f"{sys.platform} has neither Landlock nor seccomp: grade on Linux, or in a container"]
    lacks = []
    if landlock_abi() < LANDLOCK_LEAST:
        lacks.append("Landlock: a student's code could read every file that you can. Linux 5.13 or later has it (lsm=landlock)")
    if parents_filter() is None:
        lacks.append(f"a seccomp filter for {os.uname().machine}: a student's code could start programs and use the network")
    return lacks


def landlock_abi() -> int:
    """Version of Landlock in this kernel; 0 if there is none."""
    return max(0, int(_libc.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), 1)))


def confine(what: Confinement) -> None:
    """Confine this process for good. It must have one thread.

    Raises:
        LabError: the kernel refuses one of the three.
    """
    _limit(what)
    _restrict_files(what)
    _filter_calls(whole_filter(os.getpid(), what.start))


def confine_parent(what: Confinement) -> None:
    """Confine a process that forks others: what is the same for all of them is done once."""
    _restrict_files(what)
    _filter_calls(parents_filter())


def confine_child(what: Confinement) -> None:
    """Confine the child of a confined parent: limits, and what depends on its own pid."""
    _limit(what)
    _restrict_writing(what.write)
    _filter_calls(childs_filter(os.getpid()))


def confine_program(what: Confinement) -> None:
    """Confine a process that is about to become a program, inside one that may start some: it starts nothing more."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (what.files, what.files))
    end_with_parent()
    _restrict_files(what, again=True)
    _filter_calls(programs_filter(os.getpid()))


def adopt_orphans() -> None:
    """From now on a descendant whose parent ends becomes a child of this process."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


def end_with_parent() -> None:
    """The kernel ends this process when its parent ends."""
    _prctl(PR_SET_PDEATHSIG, KILL)


def _limit(what: Confinement) -> None:
    for name, value in (
        (resource.RLIMIT_CPU, what.cpu_s), (resource.RLIMIT_AS, what.memory_mb << 20), (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, what.file_mb << 20), (resource.RLIMIT_NOFILE, what.files),
    ):  # fmt: skip
        resource.setrlimit(name, (value, value + (name == resource.RLIMIT_CPU)))


def _filter_calls(program: bytes | None) -> None:
    if program is None:
        return  # missing() tells
    _prctl(PR_SET_NO_NEW_PRIVS, 1)
    buffer = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
    _prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.c_char_p(head))


def _restrict_files(what: Confinement, again: bool = False) -> None:
    if (abi := landlock_abi()) < LANDLOCK_LEAST:
        return  # missing() tells
    if not again:
        _drop_capabilities()
    _prctl(PR_SET_NO_NEW_PRIVS, 1)
    handled = (1 << 13) - 1
    handled |= (1 << 13) * (abi >= 2) | TRUNCATE * (abi >= 3) | IOCTL_DEV * (abi >= 5)
    tcp, scoped = 3 * (abi >= 4), 3 * (abi >= 6)
    size = 8 if abi < 4 else 16 if abi < 6 else 24
    rules = ctypes.create_string_buffer(struct.pack("QQQ", handled, tcp, scoped))
    ruleset = _call(CREATE_RULESET, rules, ctypes.c_size_t(size), 0)
    try:
        reading = READ_FILE | READ_DIR | EXECUTE * what.start
        tasks = (f"/proc/{os.getpid()}/task",) if what.own_tasks else ()
        for paths, access in (((*what.read, *tasks), reading), (what.write, handled)):
            _allow(ruleset, paths, access & handled)
        _call(RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _restrict_writing(paths: Iterable[str]) -> None:
    """A second layer, for one child of many: of all that its parent may write, these places only."""
    if (abi := landlock_abi()) < LANDLOCK_LEAST:
        return
    handled = ((1 << 13) - 1) & ~(EXECUTE | READ_FILE | READ_DIR) | TRUNCATE * (abi >= 3)
    ruleset = _call(CREATE_RULESET, ctypes.create_string_buffer(struct.pack("Q", handled)), ctypes.c_size_t(8), 0)
    try:
        _allow(ruleset, paths, handled)
        _call(RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, paths: Iterable[str], access: int) -> None:
    for path in paths:
        try:
            fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except FileNotFoundError:
            continue  # /lib64 is not everywhere
        try:
            mine = access if os.path.isdir(path) else access & ON_FILES
            rule = ctypes.create_string_buffer(struct.pack("=Qi", mine, fd))
            _call(ADD_RULE, ruleset, 1, rule, 0)
        finally:
            os.close(fd)


def _drop_capabilities() -> None:
    """Root without capabilities is an ordinary owner of files."""
    if os.geteuid() == 0:
        for capability in range(CAP_LAST + 1):
            _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
        header, nothing = struct.pack("Ii", 0x20080522, 0), bytes(24)
        if _libc.capset(ctypes.c_char_p(header), ctypes.c_char_p(nothing)):
            raise LabError(f"capset: {os.strerror(ctypes.get_errno())}")


def _prctl(option: int, *arguments: object) -> None:
    if _libc.prctl(option, *arguments, *(0,) * (4 - len(arguments))):
        raise LabError(f"prctl({option}): {os.strerror(ctypes.get_errno())}: this kernel refuses to confine a student's code")


def _call(number: int, *arguments: object) -> int:
    done = int(_libc.syscall(number, *arguments))
    if done < 0:
        raise LabError(f"landlock: {os.strerror(ctypes.get_errno())} (system call {number})")
    return done
