"""Small promises of the part that all machines share."""

from __future__ import annotations

from typing import Any

import pytest

from labkit import Event, no_preempt, run, sched_yield, sleep, spawn
from labkit.errors import LabError
from labkit.limits import POINT_COST_NS
from labkit.machines import Cooperative


def test_a_step_costs_one_unit_of_virtual_time() -> None:
    def main() -> None:
        for _ in range(10):
            sched_yield()

    short, long = run(lambda: None), run(main)
    assert long.trace.end_ns - short.trace.end_ns == 10 * POINT_COST_NS


def test_a_thread_alone_is_not_switched() -> None:
    def main() -> None:
        for _ in range(10):
            sched_yield()

    assert [e.cause for e in run(main).trace.of("sched_switch")] == ["start", "exit"]


def test_the_processor_is_idle_while_all_sleep() -> None:
    trace = run(lambda: sleep(1)).trace
    assert [(trace.name(e.tid), trace.name(e.next_tid), e.cause) for e in trace.of("sched_switch")] == [
        ("idle", "main", "start"),
        ("main", "idle", "sleep"),
        ("idle", "main", "wake"),
        ("main", "idle", "exit"),
    ]


@pytest.mark.parametrize("points", [1, 2, 5])
def test_a_timeslice_of_k_points_preempts_after_k_points(points: int) -> None:
    def main() -> None:
        word = Event()

        def hog() -> None:
            for _ in range(20):
                word.is_set()

        for t in [spawn(hog), spawn(hog)]:
            t.join()

    schedule = list(run(main, "preemptive", timeslice_points=points).schedule)
    a, b = schedule.index("A"), len(schedule) - 1 - schedule[::-1].index("A")
    runs: list[list[Any]] = []
    for name in schedule[a:b]:
        if runs and runs[-1][0] == name:
            runs[-1][1] += 1
        else:
            runs.append([name, 1])
    assert {n for name, n in runs[1:-2] if name != "main"} <= {points}


@pytest.mark.parametrize("points", [1, 2])
def test_points_inside_no_preempt_do_not_preempt(points: int) -> None:
    def main() -> list[str]:
        log, word = [], Event()
        t = spawn(lambda: log.append("other"))
        with no_preempt:
            for _ in range(10):
                word.is_set()
            log.append("main")
        t.join()
        return log

    # Why: spawn is a point itself, before the thread exists; the next one is inside the guard.
    assert run(main, "preemptive", timeslice_points=points).result == ["main", "other"]


def test_a_clock_that_does_not_exist_is_refused() -> None:
    with pytest.raises(LabError, match="clock='sun'"):
        Cooperative("sun")
