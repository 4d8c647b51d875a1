"""One sentence for each event."""

from __future__ import annotations

from labkit.tracelog import Raw, Trace
from labkit.views.narrate import labels, narrate


def said(*raw: Raw, threads: dict[int, str] | None = None) -> list[str]:
    return [str(s) for s in narrate(Trace(list(raw), threads or {1: "main", 2: "A"}))]


def test_switch_names_who_leaves_why_and_who_goes_on() -> None:
    assert said(
        (0, "sched_switch", 0, 0, "RUNNABLE", 1, "start"),
        (1, "sched_switch", 1, 0, "RUNNABLE", 2, "yield"),
        (2, "sched_switch", 2, 0, "RUNNABLE", 1, "preempt"),
        (3, "sched_switch", 1, 0, "RUNNABLE", 1, "yield"),
        (4, "sched_switch", 1, 0, "BLOCKED", 2, "sleep"),
        (5, "sched_switch", 2, 0, "EXITED", 0, "exit"),
    ) == [
        "main starts",
        "main yields; A runs",
        "A is preempted; main runs",
        "main yields; no other can run, so it goes on",
        "main goes to sleep; A runs",
        "A ends; the processor is idle",
    ]


def test_blocking_says_on_what_and_who_holds_it() -> None:
    assert said((0, "lock_contend", 1, 0, "m", 2), (0, "sched_switch", 1, 0, "BLOCKED", 2, "block")) == [
        "main must wait for m, held by A",
        "main blocks, waiting for m, held by A; A runs",
    ]


def test_a_wait_says_what_for_and_the_switch_repeats_it() -> None:
    words = said(
        (0, "wait", 1, 0, "the end of A"),
        (0, "sched_switch", 1, 0, "BLOCKED", 2, "block"),
        (1, "exit", 2, 0, ""),
        (1, "sched_wakeup", 1, 0, 2),
    )
    assert words == [
        "main waits for the end of A",
        "main blocks, waiting for the end of A; A runs",
        "A returns",
        "the end of A wakes main",
    ]


def test_a_sleeper_wakes_by_itself() -> None:
    assert said((0, "sched_switch", 1, 0, "BLOCKED", 2, "sleep"), (5, "sched_wakeup", 1, 0, 2))[1] == "main wakes up"


def test_one_idle_processor_is_no_news_while_another_runs() -> None:
    words = said(
        (0, "sched_switch", 0, 0, "RUNNABLE", 1, "start"),
        (0, "sched_switch", 0, 1, "RUNNABLE", 2, "start"),
        (1, "sched_switch", 1, 0, "BLOCKED", 0, "block"),
        (2, "sched_switch", 2, 1, "EXITED", 0, "exit"),
    )
    assert words[2:] == ["main blocks", "A ends; the processor is idle"]


def test_a_trace_of_the_real_kernel_does_not_know_whether_the_processor_is_idle() -> None:
    trace = Trace([(0, "sched_switch", 1, 0, "RUNNABLE", 0, "preempt")], {1: "insmod"}, machine="qemu")
    assert [str(s) for s in narrate(trace)] == ["insmod is preempted; nobody in the picture runs"]


def test_two_threads_of_one_name_are_told_apart() -> None:
    assert labels(Trace([(0, "timer", 9, 0)], {3: "sh", 4: "sh"})) == {3: "sh", 4: "sh (4)", 9: "tid 9"}


def test_failure_and_notes_are_told_in_full() -> None:
    assert said((0, "exit", 1, 0, "ValueError('no')"), (0, "note", 2, 0, "here"), (0, "access", 1, 0, "read", "x", "1")) == [
        "main fails with ValueError('no')",
        "A: here",
        "main: read x, value '1'",
    ]
