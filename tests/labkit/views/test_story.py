"""A trace as rows and steps."""

from __future__ import annotations

from labkit.tracelog import Raw, Trace
from labkit.views.story import MAX_ROWS, Hold, tell


def test_each_step_finds_each_thread_in_one_state() -> None:
    raw: list[Raw] = [
        (0, "spawn", 1, 0, 0),
        (0, "sched_switch", 0, 0, "RUNNABLE", 1, "start"),
        (1, "spawn", 2, 0, 1),
        (2, "wait", 1, 0, "the end of A"),
        (2, "sched_switch", 1, 0, "BLOCKED", 2, "block"),
        (3, "exit", 2, 0, ""),
        (3, "sched_wakeup", 1, 0, 2),
        (3, "sched_switch", 2, 0, "EXITED", 1, "exit"),
        (4, "exit", 1, 0, ""),
        (4, "sched_switch", 1, 0, "EXITED", 0, "exit"),
    ]
    story = tell(Trace(raw, {1: "main", 2: "A"}))
    states = [[story.at(row, step).state for step in range(len(story))] for row in (0, 1)]
    assert states == [
        ["RUNNABLE", "RUNNING", "RUNNING", "RUNNING", "BLOCKED", "BLOCKED", "RUNNABLE", "RUNNING", "RUNNING", "EXITED"],
        ["NEW", "NEW", "RUNNABLE", "RUNNABLE", "RUNNING", "RUNNING", "RUNNING", "EXITED", "EXITED", "EXITED"],
    ]
    assert story.at(0, 4).waits == "the end of A"


def test_a_nested_acquire_belongs_to_the_outer_one() -> None:
    kinds = ["lock_acquire", "lock_acquire", "lock_release", "lock_release"]
    assert tell(Trace([(i, kind, 1, 0, "r") for i, kind in enumerate(kinds)], {1: "main"})).holds == [Hold(0, 0, 3, "r")]


def test_a_lock_never_released_is_held_to_the_end() -> None:
    raw: list[Raw] = [(0, "lock_acquire", 1, 0, "m"), (1, "timer", 1, 0)]
    assert tell(Trace(raw, {1: "main"})).holds == [Hold(0, 0, 2, "m")]


def test_a_semaphore_released_by_another_ends_the_oldest_hold() -> None:
    raw: list[Raw] = [(0, "lock_acquire", 1, 0, "s"), (1, "lock_release", 2, 0, "s")]
    assert tell(Trace(raw, {1: "main", 2: "A"})).holds == [Hold(0, 0, 1, "s")]


def test_threads_beyond_the_most_are_counted_and_not_drawn() -> None:
    count = MAX_ROWS + 50
    story = tell(Trace([(0, "spawn", tid, 0, 0) for tid in range(1, count + 1)], {tid: f"t{tid}" for tid in range(1, count + 1)}))
    assert (len(story.rows), story.left_out, len(story)) == (MAX_ROWS, 50, count)
