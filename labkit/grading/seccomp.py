"""The system calls that a student's code does not get: a filter for seccomp(2), assembled here.

A list of what is refused, not of what is allowed: Python and the C library need some hundred calls that differ between their
versions, and files are Landlock's affair. Refused is whatever starts a process, reaches another one, opens a network,
outlives the process, or changes the machine. The answer is EPERM, a Python PermissionError; clone3 answers ENOSYS, for then
the C library takes clone, whose flags a filter can read.
"""

from __future__ import annotations

import errno
import os
import struct
from collections.abc import Callable
from functools import cache
from typing import Final

ALLOW, ERRNO, KILL = 0x7FFF0000, 0x00050000, 0x80000000
LOAD, JUMP_EQ, JUMP_GE, JUMP_SET, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
"""Instructions of classic BPF: linux/bpf_common.h."""
NUMBER_AT, ARCH_AT, ARGUMENTS_AT = 0, 4, 16
"""Offsets in struct seccomp_data: linux/seccomp.h."""
CLONE_THREAD: Final = 0x10000
X32: Final = 0x40000000
"""On x86_64, numbers from here on are a second table of the same calls."""

NAMES: Final = {"x86_64": 0, "aarch64": 1}
ARCH: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
NONE: Final = -1
"""aarch64 never had the call."""

STARTING: Final = {"fork": (57, NONE), "vfork": (58, NONE), "execve": (59, 221), "execveat": (322, 281)}
CLONE, CLONE3 = (56, 220), (435, 435)
SETRLIMIT, PRLIMIT = (160, 164), (302, 261)
CLOSE, CLOSE_RANGE, DUP2, DUP3 = (3, 57), (436, 436), (33, NONE), (292, 24)
TO_ITSELF: Final = {"kill": (62, 129), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240)}
"""Allowed when the first argument is the process's own pid."""
TO_ITSELF_OR_0: Final = {"sched_setaffinity": (203, 122)}
BY_COMMAND: Final = {
    # who gets a signal when a file is ready: F_SETOWN, F_SETSIG, F_SETOWN_EX; FIOSETOWN, SIOCSPGRP; typing for others: TIOCSTI
    "fcntl": ((72, 25), 1, (8, 10, 15)),
    "ioctl": ((16, 29), 1, (0x8901, 0x8902, 0x5412)),
    # outliving whoever waits for it: PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER; letting others in: PR_SET_PTRACER, PR_SET_DUMPABLE
    "prctl": ((157, 167), 0, (1, 36, 0x59616D61, 4)),
}
"""Calls refused for some values of one argument: number, which argument, values."""
TALKING: Final = (200, 201)
"""The child's ends of its two pipes: labkit.grading.zygote. They cannot be closed, nor others put in their place."""
REFUSED: Final = {
    # reaching another process
    "tkill": (200, 130), "ptrace": (101, 117),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "pidfd_open": (434, 434), "pidfd_getfd": (438, 438), "pidfd_send_signal": (424, 424), "process_madvise": (440, 440),
    "setpgid": (109, 154), "setsid": (112, 157), "setpriority": (141, 140), "sched_setscheduler": (144, 119),
    "sched_setattr": (314, 274), "migrate_pages": (256, 238), "move_pages": (279, 239),
    # a network, or messages to whoever listens
    "socket": (41, 198), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201), "accept": (43, 202), "accept4": (288, 242),
    # what outlives the process
    "shmget": (29, 194), "shmat": (30, 196), "semget": (64, 190), "msgget": (68, 186), "mq_open": (240, 180),
    "mq_unlink": (241, 181), "memfd_create": (319, 279), "memfd_secret": (447, 447),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    # rights and owners, which Landlock does not look at
    "chmod": (90, NONE), "fchmod": (91, 52), "fchmodat": (268, 53),
    "fchmodat2": (452, 452), "chown": (92, NONE), "fchown": (93, 55),
    "lchown": (94, NONE), "fchownat": (260, 54), "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7),
    "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16), "utime": (132, NONE), "utimes": (235, NONE),
    "futimesat": (261, NONE), "utimensat": (280, 88), "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265),
    "setuid": (105, 146), "setgid": (106, 144), "setreuid": (113, 145), "setregid": (114, 143), "setresuid": (117, 147),
    "setresgid": (119, 149), "setgroups": (116, 159), "setfsuid": (122, 151), "setfsgid": (123, 152), "capset": (126, 91),
    # the machine
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "chroot": (161, 51), "unshare": (272, 97), "setns": (308, 268),
    "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432),
    "mount_setattr": (442, 442), "swapon": (167, 224), "swapoff": (168, 225), "reboot": (169, 142), "sethostname": (170, 161),
    "setdomainname": (171, 162), "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "quotactl": (179, 60), "acct": (163, 89), "settimeofday": (164, 170),
    "clock_settime": (227, 112), "adjtimex": (159, 171), "clock_adjtime": (305, 266), "iopl": (172, NONE), "ioperm": (173, NONE),
    "syslog": (103, 116), "vhangup": (153, 58), "personality": (135, 92),
    # large doors of the kernel that no exercise needs
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "lookup_dcookie": (212, 18), "modify_ldt": (154, NONE),
    # which files others open, wherever they are
    "fanotify_init": (300, 262), "inotify_init": (253, NONE), "inotify_init1": (294, 26), "inotify_add_watch": (254, 27),
}  # fmt: skip
LEAVING: Final = frozenset({"setsid", "setpgid"})
"""A child must begin with them, and may not use them again: whoever leaves its session cannot be ended with it."""
FOR_PROGRAMS: Final = (
    "setpgid", "setsid", "pidfd_open", "memfd_create", "personality", "fchmod", "fchmodat", "fchmodat2", "chmod", "utimensat",
)  # fmt: skip
"""Allowed where programs may be started: what a compiler and a C program of the course use."""


def whole_filter(pid: int, start: bool) -> bytes | None:
    """The filter for the process of this pid; None if this architecture is not known here.

    Args:
        pid: the process that is going to confine itself.
        start: may it start programs?
    """
    # Why not where programs start: each of them asks the kernel to end with its parent, and is refused the rest then
    ways = (lambda machine: []) if start else _by_command
    return _filter(lambda machine: _to_itself(machine, pid, start) + ways(machine) + _refusals(machine, _refused(start)))


def parents_filter() -> bytes | None:
    """What a process that only forks others refuses itself and all of them, once."""
    return _filter(lambda machine: _refusals(machine, frozenset(REFUSED) - LEAVING))


def childs_filter(pid: int) -> bytes | None:
    """What is left for its child to refuse itself, with its own pid: short, for it is made for each check."""
    return _filter(
        lambda machine: _to_itself(machine, pid, False) + _by_command(machine) + _refusals(machine, frozenset(STARTING) | LEAVING)
    )


def _by_command(machine: str) -> list[bytes]:
    """Calls that are many calls in one."""
    which, code = NAMES[machine], list[bytes]()
    for numbers, index, values in BY_COMMAND.values():
        tests = [line for value in values for line in (_do(JUMP_EQ, value, 0, 1), _refuse())]
        code += _when(numbers[which], [_argument(index), *tests, _do(RETURN, ALLOW)])
    return code


def _keeps_limits(machine: str) -> list[bytes]:
    """Limits may be read, not set: a lower one would hit the grader's own code in the process."""
    which = NAMES[machine]
    code = [_argument(0), _do(JUMP_EQ, 0, 1, 0), _refuse(), _argument(2), _do(JUMP_EQ, 0, 1, 0), _refuse()]
    upper = [_do(LOAD, ARGUMENTS_AT + 20), _do(JUMP_EQ, 0, 1, 0), _refuse(), _do(RETURN, ALLOW)]
    return [*_when(SETRLIMIT[which], [_refuse()]), *_when(PRLIMIT[which], code + upper)]


def _keeps(machine: str) -> list[bytes]:
    """The pipes through which a child is asked and answers stay what they are, whatever it closes."""
    which, code = NAMES[machine], list[bytes]()
    low, high = TALKING
    for numbers, index in ((CLOSE, 0), (DUP2, 1), (DUP3, 1)):
        tests = [_do(JUMP_GE, low, 0, 2), _do(JUMP_GE, high + 1, 1, 0), _refuse(errno.EBADF), _do(RETURN, ALLOW)]
        code += _when(numbers[which], [_argument(index), *tests]) if numbers[which] != NONE else []
    tests = [
        _argument(0),
        _do(JUMP_GE, high + 1, 2, 0),
        _argument(1),
        _do(JUMP_GE, low, 1, 0),
        _do(RETURN, ALLOW),
        _refuse(errno.ENOSYS),
    ]
    return code + _when(CLOSE_RANGE[which], tests)


def programs_filter(pid: int) -> bytes | None:
    """For a program that somebody wrote in C, just before it begins: it may begin, and starts nothing more."""
    refused = (frozenset(REFUSED) | {"fork", "vfork", "execveat"}) - {"personality"}  # labkit asks for fixed addresses with it
    return _filter(lambda machine: _to_itself(machine, pid, False) + _by_command(machine) + _refusals(machine, refused))


def _refused(start: bool) -> frozenset[str]:
    return frozenset(REFUSED) - set(FOR_PROGRAMS) if start else frozenset(REFUSED) | set(STARTING)


def _filter(code: Callable[[str], list[bytes]]) -> bytes | None:
    machine = os.uname().machine
    return b"".join(_head(machine) + code(machine)) if machine in ARCH else None


def _head(machine: str) -> list[bytes]:
    """Whoever speaks another table of system calls is ended."""
    head = [_do(LOAD, ARCH_AT), _do(JUMP_EQ, ARCH[machine], 1, 0), _do(RETURN, KILL), _do(LOAD, NUMBER_AT)]
    return head + ([_do(JUMP_GE, X32, 0, 1), _do(RETURN, KILL)] if machine == "x86_64" else [])


def _to_itself(machine: str, pid: int, start: bool) -> list[bytes]:
    """Calls that depend on an argument."""
    which = NAMES[machine]
    code: list[bytes] = []
    if not start:
        # a thread, not a process: the flags are clone's first argument on both architectures
        code += _when(CLONE[which], [_argument(0), _do(JUMP_SET, CLONE_THREAD, 0, 1), _do(RETURN, ALLOW), _refuse()])
        code += [_do(JUMP_EQ, CLONE3[which], 0, 1), _refuse(errno.ENOSYS)]
    if not start:
        code += _keeps_limits(machine) + _keeps(machine)
    for numbers in TO_ITSELF.values():
        allowed = [_argument(0), _do(JUMP_EQ, pid, 0, 1), _do(RETURN, ALLOW), _refuse()]
        code += _when(numbers[which], allowed) if not start else []
    for numbers in TO_ITSELF_OR_0.values():
        code += _when(
            numbers[which],
            [_argument(0), _do(JUMP_EQ, 0, 1, 0), _do(JUMP_EQ, pid, 0, 1), _do(RETURN, ALLOW), _refuse()] if not start else [],
        )
    return code


@cache
def _refusals(machine: str, names: frozenset[str]) -> list[bytes]:
    numbers = sorted({(REFUSED | STARTING)[name][NAMES[machine]] for name in names} - {NONE})
    return [line for number in numbers for line in (_do(JUMP_EQ, number, 0, 1), _refuse())] + [_do(RETURN, ALLOW)]


def _when(number: int, code: list[bytes]) -> list[bytes]:
    """Do this for one system call; the code ends with a return, and else nothing changes."""
    return [_do(JUMP_EQ, number, 0, len(code)), *code] if code else []


def _argument(index: int) -> bytes:
    """Load the lower half of an argument: pids and flags fit into it."""
    return _do(LOAD, ARGUMENTS_AT + 8 * index)


def _refuse(number: int = errno.EPERM) -> bytes:
    return _do(RETURN, ERRNO | number)


def _do(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("HBBI", code, yes, no, value & 0xFFFFFFFF)
