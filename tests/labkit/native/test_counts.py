"""What a switch costs in kernel entries: counted, and said how."""

from __future__ import annotations

import re
import shutil

import pytest

from labkit.native import run, start, syscalls
from tests.labkit.native.programs import LAWS, REGISTERS, main

pytestmark = pytest.mark.requires("cc", "linux")
strace = pytest.mark.skipif(shutil.which("strace") is None, reason="strace not found: apt install strace")
SWITCHES = 1000
YIELDS = "static void *work(void *arg) { for (int i = 0; i < 500; i++) uthread_yield(); return arg; }"
TWO = "uthread_t a = uthread_create(0, work, 0), b = uthread_create(0, work, 0); uthread_join(a); uthread_join(b); return 0;"
STATUS = """
static void tell(void) {
    char line[200]; FILE *f = fopen("/proc/thread-self/status", "r");
    while (fgets(line, sizeof line, f)) if (strstr(line, "ctxt_switches")) fputs(line, stdout);
    fclose(f);
}
"""


def test_our_switch_makes_no_system_call_and_swapcontext_makes_one() -> None:
    calls = {switch: run(main(TWO, YIELDS), switch=switch).syscalls for switch in start.SWITCHES}
    assert calls["asm"].by_name == {"mmap": 2, "mprotect": 2, "munmap": 2}
    # one for each switch, the ends of main and of both threads too, and one for each getcontext
    assert calls["swapcontext"].by_name - calls["asm"].by_name == {"rt_sigprocmask": SWITCHES + 3 + 2}
    assert calls["asm"].how == "known calls"


def test_every_tick_comes_back_through_the_kernel() -> None:
    done = run(REGISTERS, "uthread-preemptive", stdin="100 4 0")
    ticks = len(done.trace.of("timer"))
    assert ticks > 0
    assert done.syscalls.by_name["rt_sigreturn"] == ticks
    assert done.syscalls_per_switch > 0.5


@strace
@pytest.mark.parametrize("switch", start.SWITCHES)
def test_strace_sees_what_the_machine_says_that_it_does(switch: str) -> None:
    known = run(main(TWO, YIELDS), switch=switch)
    seen = run(main(TWO, YIELDS), switch=switch, count_syscalls=True)
    assert seen.syscalls.how == "strace"
    assert seen.syscalls.by_name["rt_sigprocmask"] == known.syscalls.by_name["rt_sigprocmask"]
    assert seen.syscalls.by_name["mprotect"] == known.syscalls.by_name["mprotect"]
    assert seen.syscalls.total < known.syscalls.total + 60  # the rest is main's own beginning and end


@strace
def test_strace_counts_the_same_ticks_that_the_program_noticed() -> None:
    done = run(REGISTERS, "uthread-preemptive", stdin="100 4 0", count_syscalls=True)
    assert done.syscalls.by_name["rt_sigreturn"] == len(done.trace.of("timer")) > 0


@strace
def test_pthreads_that_wait_go_through_the_kernel() -> None:
    assert run(LAWS, "pthread", count_syscalls=True).syscalls.by_name["futex"] > 0


def test_where_strace_is_missing_the_known_calls_are_counted_and_named_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syscalls.shutil, "which", lambda name: None)
    done = run(LAWS, count_syscalls=True)
    assert done.syscalls.how == "known calls"
    assert re.match(r"\d+ system calls \(known calls\): \d+ \w+", str(done.syscalls))


def test_where_strace_is_not_allowed_the_program_runs_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syscalls, "BEGINS", "a line that no log has")
    done = run(LAWS, count_syscalls=True)
    assert (done.syscalls.how, done.stdout) == ("known calls", "0 10 20 30 counter 100 most 1\n")
    assert [e.kind for e in done.trace].count("spawn") == 5  # nothing is left of the run that strace saw


def test_switches_of_os_threads_are_those_of_proc_status() -> None:
    work = "static void *work(void *arg) { usleep(1000); usleep(1000); tell(); return arg; }"
    body = "uthread_join(uthread_create(0, work, 0)); return 0;"
    done = run("#include <string.h>\n" + main(body, STATUS.replace("\n", " ") + work), "pthread")
    told = dict(re.findall(r"(\w+)_ctxt_switches:\s+(\d+)", done.stdout))
    assert 2 <= int(told["voluntary"]) <= done.voluntary["A"] <= int(told["voluntary"]) + 3  # a write may wait, after it was read
    assert int(told["nonvoluntary"]) <= done.involuntary["A"]


def test_n_to_1_threads_are_one_thread_to_the_kernel() -> None:
    done = run(main(TWO, YIELDS))
    assert set(done.voluntary) == set(done.involuntary) == {"main"}
    assert len(done.switches) > SWITCHES
    assert done.voluntary["main"] < 100
