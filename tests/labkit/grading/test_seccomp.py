"""System calls have the kernel's own numbers, and a filter says of each what it should: run here, line by line."""

from __future__ import annotations

import errno
import re
import struct
import subprocess

import pytest

from labkit.grading import seccomp

EPERM, ENOSYS, ALLOW, KILL = seccomp.ERRNO | errno.EPERM, seccomp.ERRNO | errno.ENOSYS, seccomp.ALLOW, seccomp.KILL
PID = 4711
HEADERS = {"x86_64": "<asm/unistd_64.h>", "aarch64": "<asm-generic/unistd.h>"}
ONE_BY_ONE = {"clone": seccomp.CLONE, "clone3": seccomp.CLONE3, "close": seccomp.CLOSE, "close_range": seccomp.CLOSE_RANGE,
              "dup2": seccomp.DUP2, "dup3": seccomp.DUP3,
              "setrlimit": seccomp.SETRLIMIT, "prlimit64": seccomp.PRLIMIT}  # fmt: skip


def verdict(program: bytes, machine: str, number: int, *arguments: int) -> int:
    """What a filter answers: a small machine for classic BPF."""
    data = struct.pack("IIQ6Q", number, seccomp.ARCH[machine], 0, *arguments, *(0,) * (6 - len(arguments)))
    lines, at, held = list(struct.iter_unpack("HBBI", program)), 0, 0
    while True:
        code, yes, no, value = lines[at]
        at += 1
        if code == seccomp.LOAD:
            (held,) = struct.unpack_from("I", data, value)
        elif code == seccomp.RETURN:
            return int(value)
        else:
            hit = {seccomp.JUMP_EQ: held == value, seccomp.JUMP_GE: held >= value, seccomp.JUMP_SET: bool(held & value)}[code]
            at += yes if hit else no


def filters(machine: str, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What stands before a student's code: one filter, or a parent's and a child's."""
    monkeypatch.setattr(seccomp.os, "uname", lambda: type("Uname", (), {"machine": machine}))
    whole, parents, childs = seccomp.whole_filter(PID, False), seccomp.parents_filter(), seccomp.childs_filter(PID)
    assert whole
    assert parents
    assert childs
    return [whole, parents, childs]


def answers(machine: str, monkeypatch: pytest.MonkeyPatch, number: int, *arguments: int) -> set[int]:
    """What both kinds of children get: the whole filter's answer, and the stricter one of parent's and child's."""
    whole, parents, childs = filters(machine, monkeypatch)
    both = min(verdict(parents, machine, number, *arguments), verdict(childs, machine, number, *arguments))
    return {verdict(whole, machine, number, *arguments), both}


@pytest.mark.requires("cc")
@pytest.mark.parametrize("machine", list(HEADERS))
def test_numbers_are_those_of_the_kernels_headers(machine: str) -> None:
    wanted = ("BITS_PER_LONG 64", "ARCH_WANT_SYS_CLONE3", "ARCH_WANT_SET_GET_RLIMIT")
    text = "".join(f"#define __{each}\n" for each in wanted) + f"#include {HEADERS[machine]}\n"
    told = subprocess.run(["cc", "-E", "-dM", "-"], input=text, capture_output=True, text=True, check=True).stdout
    own = dict(re.findall(r"#define __NR(?:3264)?_(\w+) (\S+)", told))
    known = {name: int(value) for name, value in own.items() if value.isdigit()}
    which = seccomp.NAMES[machine]
    calls = seccomp.REFUSED | seccomp.STARTING | seccomp.TO_ITSELF | seccomp.TO_ITSELF_OR_0 | ONE_BY_ONE
    calls |= {name: numbers for name, (numbers, _, _) in seccomp.BY_COMMAND.items()}
    newer = {"fchmodat2", "memfd_secret", "mount_setattr", "process_madvise"}
    for name, numbers in calls.items():
        if numbers[which] == seccomp.NONE:
            assert name not in known, f"{machine} has {name}"
        elif name in known or name not in newer:  # an old machine's headers do not know the newest
            assert known.get(name, known.get(name.removesuffix("64"))) == numbers[which], name


@pytest.mark.parametrize("machine", list(HEADERS))
def test_every_listed_call_is_refused(machine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    which = seccomp.NAMES[machine]
    for name, numbers in (seccomp.REFUSED | seccomp.STARTING).items():
        if numbers[which] != seccomp.NONE:
            assert answers(machine, monkeypatch, numbers[which]) == {EPERM}, name


@pytest.mark.parametrize("machine", list(HEADERS))
def test_what_python_needs_is_allowed(machine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ({"x86_64": (0, 1, 9, 202, 257), "aarch64": (63, 64, 222, 98, 56)})[machine]:  # read write mmap futex openat
        assert answers(machine, monkeypatch, name, 5) == {ALLOW}


@pytest.mark.parametrize("machine", list(HEADERS))
def test_a_thread_may_be_started_and_a_process_not(machine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    clone, clone3 = seccomp.CLONE[seccomp.NAMES[machine]], seccomp.CLONE3[seccomp.NAMES[machine]]
    assert answers(machine, monkeypatch, clone, 0x3D0F00) == {ALLOW}
    assert answers(machine, monkeypatch, clone, 0x11) == {EPERM}
    assert answers(machine, monkeypatch, clone3) == {ENOSYS}, "the C library must fall back to clone"


@pytest.mark.parametrize("machine", list(HEADERS))
def test_signals_and_limits_are_for_oneself(machine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    which = seccomp.NAMES[machine]
    for numbers in seccomp.TO_ITSELF.values():
        assert answers(machine, monkeypatch, numbers[which], PID) == {ALLOW}
        for other in (PID + 1, 0, 0xFFFFFFFF, 1):
            assert answers(machine, monkeypatch, numbers[which], other) == {EPERM}
    assert answers(machine, monkeypatch, seccomp.PRLIMIT[which], 0, 7, 0) == {ALLOW}
    for arguments in ((0, 7, 0x7FFF_0000_1000), (0, 7, 0x1_0000_0000), (PID + 1, 7, 0)):
        assert answers(machine, monkeypatch, seccomp.PRLIMIT[which], *arguments) == {EPERM}


@pytest.mark.parametrize("machine", list(HEADERS))
def test_nobody_else_gets_a_signal_when_a_file_is_ready(machine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for numbers, index, values in seccomp.BY_COMMAND.values():
        for value in values:
            arguments = [0] * index + [value]
            assert answers(machine, monkeypatch, numbers[seccomp.NAMES[machine]], *arguments) == {EPERM}
        assert answers(machine, monkeypatch, numbers[seccomp.NAMES[machine]], 3, 3) == {ALLOW}


def test_the_pipes_to_the_grader_stay_open(monkeypatch: pytest.MonkeyPatch) -> None:
    close, close_range, dup2, _ = seccomp.CLOSE[0], seccomp.CLOSE_RANGE[0], seccomp.DUP2[0], seccomp.DUP3[0]
    for fd in seccomp.TALKING:
        assert ALLOW not in answers("x86_64", monkeypatch, close, fd)
        assert ALLOW not in answers("x86_64", monkeypatch, dup2, 1, fd)
        assert ALLOW not in answers("x86_64", monkeypatch, close_range, 3, 0xFFFFFFFF)
    for fd in (3, 199, 202):
        assert answers("x86_64", monkeypatch, close, fd) == {ALLOW}
        assert answers("x86_64", monkeypatch, dup2, 1, fd) == {ALLOW}
    assert answers("x86_64", monkeypatch, close_range, 3, 199) == answers("x86_64", monkeypatch, close_range, 202, 300) == {ALLOW}


@pytest.mark.parametrize("machine", list(HEADERS))
def test_whoever_speaks_another_table_of_calls_is_ended(machine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    other = next(each for each in HEADERS if each != machine)
    for program in filters(machine, monkeypatch):
        assert verdict(program, other, 1) == KILL
        if machine == "x86_64":
            assert verdict(program, machine, seccomp.X32 + 1) == KILL


def test_an_unknown_machine_has_no_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seccomp.os, "uname", lambda: type("Uname", (), {"machine": "vax"}))
    assert seccomp.parents_filter() is None


def test_tables_hold_each_call_once() -> None:
    numbers = [pair[0] for pair in [*seccomp.REFUSED.values(), *seccomp.STARTING.values()] if pair[0] != seccomp.NONE]
    assert len(numbers) == len(set(numbers))
