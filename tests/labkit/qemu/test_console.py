"""What the guest says is read right: on recorded runs of the real kernel, without a VM."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from labkit.qemu import console, ftrace
from labkit.qemu.modulerun import ModuleRun, read_run
from labkit.tracelog import CAUSES
from tests.qemu.modules import RECORDED

CONSOLES = Path(__file__).parents[2] / "qemu" / "consoles"


def recorded(name: str, timed_out: bool = False) -> ModuleRun:
    """A recorded run, read as a live one is."""
    report = CONSOLES / f"{name}.report.log"
    control = gzip.compress(report.read_bytes()) if report.exists() else b""
    screen = (CONSOLES / f"{name}.console.log").read_bytes()
    tasks = (CONSOLES / "boot.tasks.log").read_text("utf-8")
    return read_run(screen, control, tasks, report.exists(), timed_out, exact=True)


def test_a_module_that_stops_its_kthread_leaves_nothing_behind() -> None:
    run = recorded("stopped")
    assert (run.insmod_rc, run.rmmod_rc, run.panicked, run.oopsed, run.stuck) == (0, 0, False, False, "")
    assert run.dmesg[-1].text == "got 7"
    assert run.left_behind == []
    assert run.verdict() == ""


def test_a_kthread_is_told_from_a_process() -> None:
    tasks = {task.name: task for task in recorded("stopped").tasks}
    assert tasks["w/0"].kthread
    assert not tasks["w/0"].mm
    assert tasks["w/0"].ppid == 2
    assert tasks["w/0"].stack == ["msleep+0x29/0x40", "w+0x11/0x24 [lab]", "kthread+0xda/0x100", "ret_from_fork+0x22/0x30"]
    assert tasks["init"].mm
    assert not tasks["init"].kthread
    assert (tasks["w/0"].cmdline, tasks["init"].cmdline.split()[0]) == ("", "/bin/busybox")
    assert tasks["kthreadd"].pid == 2


def test_tasks_from_the_boot_and_of_the_run_stand_together_once() -> None:
    pids = [task.pid for task in recorded("stopped").tasks]
    assert pids == sorted(set(pids))
    assert len(pids) > 40


def test_a_kthread_that_is_not_stopped_is_left_behind_and_faults() -> None:
    run = recorded("left")
    assert [task.name for task in run.left_behind] == ["left/1"]
    assert run.rmmod_rc == 0
    assert run.oopsed
    assert not run.panicked


def test_a_panic_is_read_from_the_console_with_what_came_before_it() -> None:
    run = recorded("panic")
    assert run.panicked
    texts = [record.text for record in run.dmesg]
    assert "about to" in texts
    assert next(r.level for r in run.dmesg if r.text.startswith("Kernel panic")) == 0
    assert not any("Linux version" in text for text in texts)  # the boot's own log is left out
    assert run.verdict() == "the kernel panicked"


def test_a_fault_in_init_is_an_oops_and_no_panic() -> None:
    run = recorded("oops")
    assert run.oopsed
    assert not run.panicked
    assert run.insmod_rc == 137  # 128 + SIGKILL
    assert run.dmesg[2].text.startswith("BUG: kernel NULL pointer dereference")


def test_a_stack_overflow_tells_of_its_guard_page() -> None:
    run = recorded("overflow")
    assert run.panicked
    assert any("stack guard page was hit" in record.text for record in run.dmesg)


def test_an_init_that_never_returns_is_told_with_its_stack() -> None:
    run = recorded("sleeps")
    assert run.stuck == "insmod"
    assert run.insmod_rc is None
    assert run.stack("insmod")[0].startswith("msleep")
    assert run.verdict() == "insmod did not come back"


@pytest.mark.parametrize("name", [n for n in RECORDED if (CONSOLES / f"{n}.report.log").exists()])
def test_every_trace_can_be_drawn(name: str) -> None:
    trace = recorded(name).trace
    assert len(trace) >= 5
    assert [event.t_ns for event in trace] == sorted(event.t_ns for event in trace)
    assert {event.cause for event in trace.of("sched_switch")} <= set(CAUSES)
    assert all(span.end_ns >= span.start_ns for span in trace.spans())


def test_the_trace_knows_who_made_whom() -> None:
    trace = recorded("stopped").trace
    (spawned,) = [event for event in trace.of("spawn") if trace.name(event.tid) == "w/0"]
    assert trace.name(spawned.by_tid) == "kthreadd"
    assert {"kthreadd", "insmod", "w/0", "rmmod"} <= set(trace.threads.values())
    assert [event.text.split()[0] for event in trace.of("note")] == ["kthread_stop", "kthread_stop_ret"]


def test_marks_of_a_module_are_not_taken_for_ours() -> None:
    log = "15,1,1,-;labkit: begin\n6,2,2,-;labkit: end\n6,3,3,-;after\n15,4,4,-;labkit: end\n15,5,5,-;labkit: over\n"
    assert [record.text for record in console.read_log(log)] == ["labkit: end", "after"]


def test_a_log_that_overran_begins_where_the_ring_does() -> None:
    log = "6,9,9,-;line 9\n6,10,10,-;line 10\n15,11,11,-;labkit: end\n"
    assert [record.text for record in console.read_log(log)] == ["line 9", "line 10"]


def test_names_with_spaces_do_not_confuse_the_trace() -> None:
    line = (
        "          a b-90      [000] d..2.    11.000001: sched_switch: prev_comm=a b prev_pid=90 prev_prio=120 prev_state=S"
        " ==> next_comm=kthreadd next_pid=2 next_prio=120\n"
    )
    (switch,) = ftrace.read_trace(line, 80, [], "virtual")
    assert (switch.kind, switch.tid, switch.next_tid, switch.cause) == ("sched_switch", 0, 2, "wake")


def test_a_guest_that_said_nothing_died_without_a_word() -> None:
    run = read_run(b"", b"", "", said_goodbye=False, timed_out=False, exact=True)
    assert run.panicked
    assert run.verdict() == "the kernel died without a word"


def test_half_a_report_is_no_report() -> None:
    whole = gzip.compress((CONSOLES / "stopped.report.log").read_bytes())
    run = read_run(b"", whole[: len(whole) // 2], "", said_goodbye=True, timed_out=False, exact=True)
    assert run.panicked
