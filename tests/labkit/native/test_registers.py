"""Registers: none is lost when threads change places, and the trace shows what was saved."""

from __future__ import annotations

import platform
import re

import pytest

from labkit.native import Limits, NativeRun, build, run
from labkit.native.recording import REGISTER_NAMES
from labkit.views.timeline import Timeline
from tests.labkit.native.programs import OURS, REGISTERS, main

pytestmark = pytest.mark.requires("cc", "linux")
x86 = pytest.mark.skipif(platform.machine() != "x86_64", reason="names registers of x86_64: run it on such a machine")
KEPT = {"rbx", "rbp", "rsp", "r12", "r13", "r14", "r15", "rip", "mxcsr", "x87"}
"""What a called function must keep (System V ABI), and where it goes on."""
CLOBBER = """
static void *work(void *arg)
{
    long own = (long)arg, back;
    __asm__ volatile("mov %[own], %%r12\\n\\t lea 1(%%r12), %%rbx\\n\\t lea 2(%%r12), %%r15\\n\\t"
                     "sub $136, %%rsp\\n\\t call uthread_yield\\n\\t add $136, %%rsp\\n\\t"
                     "sub %%r12, %%r15\\n\\t add %%rbx, %%r15\\n\\t mov %%r15, %[back]"
                     : [back] "=r"(back) : [own] "r"(own)
                     : "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r15", "cc", "memory");
    return (void *)back;
}
"""


def checked(done: NativeRun, threads: int) -> None:
    """Every thread came back with its own number, has worked, and found nothing wrong."""
    assert done.verdict() == ""
    rows = [line.split() for line in done.stdout.splitlines()]
    assert [row[0] for row in rows] == [str(i) for i in range(threads)]
    assert [row[2:] for row in rows] == [["0", "-"]] * threads
    assert all(int(row[1]) > 0 for row in rows)


@pytest.mark.parametrize("switch", ["asm", "swapcontext"])
def test_a_timer_takes_the_processor_from_eight_threads_and_no_register_is_lost(switch: str) -> None:
    done = run(REGISTERS, "uthread-preemptive", timer_us=1000, switch=switch, stdin="300 8 0")
    checked(done, 8)
    assert sum(s.cause == "preempt" for s in done.switches) > 0


@pytest.mark.parametrize("switch", ["asm", "swapcontext"])
def test_the_timer_gives_eight_threads_their_turns_in_order(switch: str) -> None:
    """Each gets as many time slices as the others: tests/bench/fair.py measures it, for longer."""
    done = run(REGISTERS, "uthread-preemptive", timer_us=500, switch=switch, stdin="300 8 0")
    all_there = next(i for i, s in enumerate(done.switches) if (s.thread, s.cause) == ("main", "block"))
    first_end = next(i for i, s in enumerate(done.switches) if s.cause == "exit")
    turns = [s.next for s in done.switches[all_there:first_end]]
    assert set(turns[:8]) == set("ABCDEFGH")
    assert turns[8:] == turns[:-8]


@pytest.mark.parametrize("switch", ["asm", "swapcontext"])
def test_a_storm_of_ticks_and_yields_loses_no_register(switch: str) -> None:
    done = run(REGISTERS, "uthread-preemptive", timer_us=30, switch=switch, stdin="300 16 7", events=1 << 14)
    checked(done, 16)


@pytest.mark.parametrize("switch", ["asm", "swapcontext"])
def test_a_switch_by_choice_keeps_registers_and_control_words(switch: str) -> None:
    checked(run(REGISTERS, switch=switch, stdin="100 8 1", events=1 << 12), 8)


def test_a_stack_holds_no_more_than_one_signal_frame() -> None:
    """SIGALRM stays blocked in its handler: ticks that come faster than threads get on must not pile up."""
    done = run(REGISTERS, "uthread-preemptive", timer_us=20, stdin="500 8 0", events=1 << 12, limits=Limits(seconds=30))
    checked(done, 8)
    assert max(stack.used_bytes for stack in done.stacks[1:]) < 24_000


SWITCH = (build.HERE / "switch_x86_64.S").read_text("utf-8")


def with_switch(program: str, text: str) -> str:
    """A C program that brings its own uthread_switch: labkit's is weak and gives way."""
    lines = [line.partition("#")[0].strip() for line in text.replace(".weak", ".globl").partition("*/")[2].splitlines()]
    return program + "__asm__(" + "\n".join(f'"{line}\\n"' for line in lines if line and ".section" not in line) + ");\n"


@x86
def test_the_storm_would_see_a_lost_control_word() -> None:
    broken = SWITCH.replace("ldmxcsr (%rsp)", "nop")
    done = run(with_switch(REGISTERS.read_text("utf-8"), broken), stdin="20 4 1", events=1 << 12)
    assert "mxcsr" in done.stdout


@x86
@pytest.mark.parametrize("switch", ["asm", "swapcontext"])
def test_the_trace_shows_the_registers_that_a_switch_by_choice_saves(switch: str) -> None:
    body = "uthread_t a = uthread_create(0, work, (void *)1000), b = uthread_create(0, work, (void *)2000);"
    body += 'printf("%ld", (long)uthread_join(a)); printf(" %ld", (long)uthread_join(b)); return 0;'
    done = run(main(body, CLOBBER.replace("\n", " ")), switch=switch)
    assert done.stdout == "1003 2003"
    first = {s.thread: s.registers for s in reversed(done.switches) if s.cause == "yield"}
    assert [(first[t]["r12"], first[t]["rbx"], first[t]["r15"]) for t in "AB"] == [(1000, 1001, 1002), (2000, 2001, 2002)]
    assert set(first["A"]) == KEPT | ({"sigmask"} if switch == "swapcontext" else set())


@x86
@pytest.mark.parametrize("switch", ["asm", "swapcontext"])
def test_the_trace_shows_all_registers_and_the_mask_where_the_timer_struck(switch: str) -> None:
    done = run(REGISTERS, "uthread-preemptive", switch=switch, stdin="200 4 0")
    struck = [s for s in done.switches if s.cause == "preempt" and len(s.registers) == len(REGISTER_NAMES)]
    assert struck
    stacks = {stack.thread: range(stack.low, stack.high) for stack in done.stacks}
    for s in struck:
        assert s.sp in stacks[s.thread]
        region = done.region(s.pc)
        assert region is not None
        assert region.kind == "text"
        assert s.registers["sigmask"] >> 13 & 1 == 0  # SIGALRM, number 14, was let through
        assert s.where is not None
    functions = {"check_once", "work", "wrong_control", "now", "main"}  # main, while it makes the others
    assert {s.where.function for s in struck if s.where} <= functions
    assert {s.where.line for s in struck if s.where} != {0}
    assert re.search(r"p preempt \d+", Timeline(done.trace).text())


@pytest.mark.parametrize(("machine", "switch"), OURS)
def test_a_thread_that_rests_has_its_stack_pointer_on_its_own_stack(machine: str, switch: str) -> None:
    done = run(REGISTERS, machine, switch=switch, stdin="50 4 50", events=1 << 12)
    stacks = {stack.thread: range(stack.low, stack.high) for stack in done.stacks}
    at_rest = [s for s in done.switches if s.registers]
    assert at_rest
    assert [s for s in at_rest if s.sp not in stacks[s.thread]] == []
