"""The preempt trio: one axis for all runs, and the sleep measured from its beginning until the sleeper runs."""

from __future__ import annotations

import json

import pytest

from labkit.tracelog import Raw, Trace
from labkit.views import PreemptTrio
from labkit.views.lanes import COLUMNS

MS = 1_000_000


def trace(back_ms: int) -> Trace:
    raw: list[Raw] = [
        (0, "spawn", 1, 0, 0),
        (0, "sched_switch", 0, 0, "RUNNABLE", 1, "start"),
        (0, "spawn", 2, 0, 1),
        (10 * MS, "sched_switch", 1, 0, "BLOCKED", 2, "sleep"),
        (310 * MS, "sched_wakeup", 1, 0, 0),
        (back_ms * MS, "sched_switch", 2, 0, "RUNNABLE", 1, "preempt"),
        ((back_ms + 5) * MS, "sched_switch", 1, 0, "EXITED", 2, "exit"),
    ]
    return Trace(raw, {1: "shell", 2: "busy"}, clock="real")


def test_the_sleep_lasts_until_the_sleeper_runs_and_not_until_it_may() -> None:
    run = PreemptTrio({"none": trace(3000)}).runs[0]
    assert (run.asleep_s, run.due_s, run.woke_s) == pytest.approx((0.01, 0.31, 3.0))
    assert run.verdict == "back after 2.99 s, asked for 0.3 s"


def test_all_runs_share_the_longest_axis() -> None:
    trio = PreemptTrio({"none": trace(3000), "full": trace(310)})
    assert trio.end_s == pytest.approx(3.005)
    shells = [line for line in trio.text().splitlines() if line.startswith("  shell")]
    assert shells[0].count("░") > 50
    assert shells[1].count("░") == 0


def test_a_number_stands_for_a_run_of_which_nothing_else_is_known() -> None:
    trio = PreemptTrio({"none": 3.33, "full": 0.33}, asked_s=0.3)
    assert trio.describe() == "none 3.33 s, full 0.33 s"
    assert [len(run.lanes) for run in trio.runs] == [1, 1]


def test_who_never_runs_again_never_got_the_cpu_back() -> None:
    raw = trace(3000).raw[:5]
    assert PreemptTrio({"none": Trace(raw, {1: "shell", 2: "busy"})}).runs[0].verdict == "never got the CPU back"
    assert "no shell" not in PreemptTrio({"none": Trace()}, sleeper="sh").text()


def test_a_long_run_is_packed_into_few_bars() -> None:
    raw: list[Raw] = [(0, "spawn", 1, 0, 0), (0, "spawn", 2, 0, 0), (0, "sched_switch", 0, 0, "RUNNABLE", 1, "start")]
    raw += [(i * MS + 1, "sched_switch", 1 + i % 2, 0, "RUNNABLE", 2 - i % 2, "preempt") for i in range(5000)]
    data = json.loads(PreemptTrio({"full": Trace(raw, {1: "shell", 2: "busy"})}).data())
    assert all(len(flat) <= 3 * COLUMNS for _, flat in data["runs"][0]["lanes"])
