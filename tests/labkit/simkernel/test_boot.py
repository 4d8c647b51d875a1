"""Booting: the usual kthreads, /proc, load, hung tasks, preemption, stacks."""

from __future__ import annotations

from typing import Any

import pytest

from labkit import Deadlock, run
from labkit.errors import LabError
from labkit.simkernel import (
    HZ,
    Oops,
    boot,
    cond_resched,
    current,
    dmesg,
    get_task_struct,
    kthread_create,
    kthread_run,
    kthread_should_stop,
    kthread_stop,
    ktime_get_ns,
    mdelay,
    msleep,
    panic,
    program,
    read_proc,
    schedule_timeout_interruptible,
    stack_frame,
    task_list,
    the_kernel,
    wake_up_process,
    write_proc,
)
from labkit.taskinfo import parse_stat, parse_status
from tests.labkit.simkernel.machines import everywhere, result


@everywhere
@pytest.mark.parametrize("cpus", [1, 2])
def test_a_bare_kernel_has_the_usual_kthreads(on: str, cpus: int) -> None:
    """2.1.7: class FF for migration, I for idle workers, S for who waits for something; all below pid 2."""
    tasks = {t.name: t for t in result(on, task_list, cpus=cpus, usual_kthreads=True)}
    names = ("ksoftirqd/0", "kworker/0:0", "rcu_gp", "kswapd0", f"kworker/u{2 * cpus}:0")
    letters = {name: tasks[name].state for name in names}
    assert letters == {"ksoftirqd/0": "S", "kworker/0:0": "I", "rcu_gp": "I", "kswapd0": "S", f"kworker/u{2 * cpus}:0": "I"}
    assert (tasks["init"].pid, tasks["init"].ppid, tasks["kthreadd"].pid, tasks["kthreadd"].ppid) == (1, 0, 2, 0)
    kthreads = [t for t in tasks.values() if t.kthread]
    assert all(t.ppid == 2 and not t.mm and t.cmdline == "" for t in kthreads if t.pid != 2)
    assert len(kthreads) >= 40
    assert tasks["migration/0"].prio == 0
    assert (f"ksoftirqd/{cpus}" in tasks, f"ksoftirqd/{cpus - 1}" in tasks) == (False, True)


@everywhere
def test_proc_tells_a_kthread_as_linux_does(on: str) -> None:
    """2.1.6 and 2.1.7: full name, flags 2129984 in field 9, no Vm lines, empty cmdline, SigIgn all ones, the stack."""

    def init() -> Any:
        task = kthread_create(lambda data: 0, None, "a name) with (brackets %d", 1)
        texts = {word: read_proc(f"/proc/{task.pid}/{word}") for word in ("stat", "status", "comm", "cmdline", "stack", "wchan")}
        mine = read_proc("/proc/self/status")
        kthread_stop(task)
        return texts, mine

    texts, mine = result(on, init)
    stat, status = parse_stat(texts["stat"]), parse_status(texts["status"])
    assert (stat.name, stat.state, stat.ppid, stat.flags, stat.prio) == ("a name) with (brackets 1", "D", 2, 2129984, 120)
    assert len(texts["stat"].rpartition(")")[2].split()) == 50
    assert (status["State"], status["SigIgn"], status["PPid"]) == ("D (disk sleep)", "f" * 16, "2")
    assert not any(key.startswith("Vm") for key in status)
    assert "VmSize" in mine
    assert (texts["comm"], texts["cmdline"], texts["wchan"]) == ("a name) with (brackets 1\n", "", "kthread")
    assert texts["stack"] == "[<0>] kthread+0x?/0x?\n[<0>] ret_from_fork+0x?/0x?\n"


@everywhere
def test_a_kthread_that_was_never_woken_counts_as_load(on: str) -> None:
    """2.1.2: 0.00 → 0.39 in 30 s."""

    def init() -> Any:
        task = kthread_create(lambda data: 0, None, "w")
        current_before = read_proc("/proc/loadavg").split()[0]
        for _ in range(31):
            wait_without_load()
        after = read_proc("/proc/loadavg").split()[0]
        kthread_stop(task)
        return current_before, after

    assert result(on, init) == ("0.00", "0.39")


def wait_without_load() -> None:
    """Sleep for a second in a state that does not count."""

    schedule_timeout_interruptible(250)


@everywhere
def test_khungtaskd_reports_a_task_that_was_never_woken(on: str) -> None:
    """2.1.2: INFO: task X:pid blocked for more than N seconds."""

    def init() -> Any:
        task = kthread_create(lambda data: 0, None, "hangs")
        for _ in range(250):
            wait_without_load()
        text = dmesg("-t").splitlines()
        kthread_stop(task)
        return text

    lines = result(on, init, hung_task_timeout_secs=120)
    assert lines[0] == "INFO: task hangs:100 blocked for more than 120 seconds."
    assert lines[1].split() == ["Not", "tainted", "6.1.0-simkernel", "#1"]
    assert lines[2] == '"echo 0 > /proc/sys/kernel/hung_task_timeout_secs" disables this message.'
    assert lines[3].startswith("task:hangs           state:D stack:0     pid:100   ppid:2 ")
    trace = " ".join(line.strip().partition("+")[0] for line in lines[6:10])
    assert trace == "__schedule schedule schedule_preempt_disabled kthread"


@everywhere
def test_khungtaskd_obeys_what_is_written_to_its_file(on: str) -> None:
    def init() -> list[str]:
        task = kthread_create(lambda data: 0, None, "hangs")
        write_proc("/proc/sys/kernel/hung_task_timeout_secs", "2\n")
        schedule_timeout_interruptible(5 * HZ)
        write_proc("/proc/sys/kernel/hung_task_timeout_secs", "0")
        schedule_timeout_interruptible(20 * HZ)
        kthread_stop(task)
        return [line for line in dmesg("-t").splitlines() if "INFO" in line]

    assert result(on, init) == ["INFO: task hangs:100 blocked for more than 2 seconds."]


def test_what_cannot_be_written_to_proc_is_refused() -> None:
    with pytest.raises(LabError, match="lets nobody write there"):
        result("cooperative", lambda: write_proc("/proc/1/comm", "x"))
    with pytest.raises(LabError, match="takes a number of seconds"):
        result("cooperative", lambda: write_proc("/proc/sys/kernel/hung_task_timeout_secs", "soon"))


@everywhere
def test_a_deadlock_is_still_seen_while_khungtaskd_looks(on: str) -> None:
    from labkit.simkernel import DECLARE_COMPLETION, wait_for_completion

    with pytest.raises(Deadlock, match="never"):
        result(on, lambda: wait_for_completion(DECLARE_COMPLETION("never")), hung_task_timeout_secs=10)


def wake_after_ms(preempt: str, polite: bool) -> float:
    """2.2: a kthread computes for 3 s; somebody asks for a sleep of 0.3 s. When does it come back?"""

    def init() -> float:
        def hog(data: Any) -> int:
            end = ktime_get_ns() + 3_000_000_000
            while ktime_get_ns() < end:
                mdelay(1)
                if polite:
                    cond_resched()
            return 0

        begin = ktime_get_ns()
        kthread_run(hog, None, "hog")
        msleep(300)
        return (ktime_get_ns() - begin) / 1e6

    return float(run(program(init, preempt=preempt), "preemptive", timeslice_points=1).result)


@pytest.mark.parametrize(("preempt", "late"), [("none", True), ("voluntary", True), ("full", False)])
def test_only_preempt_full_takes_the_processor_from_a_computing_kthread(preempt: str, late: bool) -> None:
    assert (wake_after_ms(preempt, polite=False) > 2999) == late


@pytest.mark.parametrize("preempt", ["none", "voluntary", "full"])
def test_cond_resched_is_the_cure(preempt: str) -> None:
    assert wake_after_ms(preempt, polite=True) < 320


@pytest.mark.parametrize(("size_bytes", "deepest"), [(528, 30), (544, 29)])
def test_a_kernel_stack_holds_as_many_frames_as_linux_showed(size_bytes: int, deepest: int) -> None:
    """2.3: 16 KiB, 224 bytes used above threadfn; the guard page ends the machine."""
    depths: list[int] = []

    @stack_frame(size_bytes)
    def rec(depth: int) -> None:
        depths.append(depth)
        rec(depth + 1)

    told = boot().run_module(lambda: kthread_run(lambda data: rec(1), None, "deep") and 0)
    assert depths[-1] == deepest
    assert told.panicked
    hidden = "(____ptrval____)"
    assert told.dmesg[2].text == f"BUG: TASK stack guard page was hit at {hidden} (stack is {hidden}..{hidden})"
    assert sum(r.text == " rec+0x?/0x? [lab]" for r in told.dmesg) == deepest
    assert told.dmesg[-1].text == "---[ end Kernel panic - not syncing: Fatal exception in interrupt ]---"


@everywhere
def test_stack_use_is_counted_and_given_back(on: str) -> None:
    @stack_frame(1000)
    def big() -> int:
        return current().stack_used

    assert result(on, lambda: (big(), current().stack_used, current().stack_peak)) == (1224, 224, 1224)


@everywhere
def test_a_panic_stops_everything(on: str) -> None:
    with pytest.raises(Oops, match="Kernel panic - not syncing: no more"):
        result(on, lambda: panic("no more"))

    def init() -> None:
        kthread_run(lambda data: panic("from a kthread"), None, "w")
        msleep(1000)

    with pytest.raises(Oops, match="from a kthread"):
        result(on, init)


@everywhere
def test_what_still_runs_is_switched_off_at_the_end(on: str) -> None:
    def busy(data: Any) -> int:
        while not kthread_should_stop():
            cond_resched()
        return 0

    def init() -> int:
        kthread_run(busy, None, "busy")
        kthread_create(busy, None, "never_woken")
        get_task_struct(kthread_run(lambda data: msleep(10**6), None, "asleep"))
        return len(the_kernel().by_thread)

    assert result(on, init) >= 4


def test_kernel_functions_need_a_kernel() -> None:
    with pytest.raises(LabError, match=r"no simkernel runs here"):
        wake_up_process(None)
    with pytest.raises(LabError, match=r"no simkernel runs here"):
        run(lambda: kthread_run(print, None, "w"))


@pytest.mark.parametrize("words", [{"preempt": "lazy"}, {"cpus": 0}, {"version": "six"}])
def test_impossible_boot_parameters_are_refused(words: dict[str, Any]) -> None:
    with pytest.raises(LabError, match=next(iter(words))):
        boot(**words)
