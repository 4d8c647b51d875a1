"""Sleeping and waking: states, wait queues, completions, time."""

from __future__ import annotations

import itertools
from typing import Any

from labkit import Deadlock, run
from labkit.simkernel import (
    DECLARE_COMPLETION,
    DECLARE_WAIT_QUEUE_HEAD,
    DEFINE_WAIT,
    HZ,
    TASK_INTERRUPTIBLE,
    TASK_RUNNING,
    atomic_read,
    atomic_set,
    atomic_t,
    complete,
    complete_all,
    cpu_relax,
    current,
    finish_wait,
    jiffies,
    kthread_run,
    kthread_stop,
    msecs_to_jiffies,
    msleep,
    prepare_to_wait,
    program,
    schedule,
    schedule_timeout,
    schedule_timeout_interruptible,
    set_current_state,
    try_wait_for_completion,
    wait_event,
    wait_event_interruptible_exclusive,
    wait_event_timeout,
    wait_for_completion,
    wait_for_completion_timeout,
    wake_up,
    wake_up_all,
    wake_up_process,
)
from tests.labkit.simkernel.machines import everywhere, result


def handover(right: bool, phase: int) -> Any:
    """A consumer waits for a flag by hand; right: state first, test afterwards; phase: steps before the wake-up."""

    def init() -> str:
        flag = atomic_t(0)
        done = DECLARE_COMPLETION("consumed")

        def consumer(data: Any) -> int:
            if right:
                set_current_state(TASK_INTERRUPTIBLE)
                if not atomic_read(flag):
                    schedule()
                set_current_state(TASK_RUNNING)
            elif not atomic_read(flag):
                set_current_state(TASK_INTERRUPTIBLE)  # BUG (on purpose): the wake-up may have come already
                schedule()
            complete(done)
            return 0

        task = kthread_run(consumer, None, "consumer")
        for _ in range(phase):
            cpu_relax()
        atomic_set(flag, 1)
        wake_up_process(task)
        wait_for_completion(done)
        return "consumed"

    return program(init)


def outcomes(right: bool) -> set[str]:
    """What happens over many schedules."""
    seen = set()
    for points, phase in itertools.product(range(2, 7), range(6)):
        try:
            seen.add(run(handover(right, phase), "preemptive", timeslice_points=points).result)
        except Deadlock:
            seen.add("lost")
    return seen


def test_a_wake_up_is_lost_if_the_state_is_set_after_the_test() -> None:
    assert outcomes(right=False) == {"consumed", "lost"}


def test_no_wake_up_is_lost_if_the_state_is_set_before_the_test() -> None:
    assert outcomes(right=True) == {"consumed"}


@everywhere
def test_wait_event_tests_its_condition_after_each_wake_up(on: str) -> None:
    def init() -> Any:
        wq, n, log = DECLARE_WAIT_QUEUE_HEAD("wq"), [0], []

        def waiter(data: Any) -> int:
            wait_event(wq, lambda: n[0] >= 2)
            log.append(n[0])
            return 0

        kthread_run(waiter, None, "w")
        for _ in range(2):
            msleep(5)
            n[0] += 1
            wake_up(wq)
        msleep(5)
        return log

    assert result(on, init) == [2]


@everywhere
def test_wake_up_wakes_all_but_of_the_exclusive_only_one(on: str) -> None:
    def init() -> Any:
        wq, open_, log = DECLARE_WAIT_QUEUE_HEAD("wq"), [False], []

        def shared(data: Any) -> int:
            wait_event(wq, lambda: open_[0])
            log.append("shared")
            return 0

        def exclusive(data: Any) -> int:
            wait_event_interruptible_exclusive(wq, lambda: open_[0])
            log.append("exclusive")
            return 0

        for fn in (shared, exclusive, exclusive, shared):
            kthread_run(fn, None, "w")
        msleep(5)
        open_[0] = True
        wake_up(wq)
        msleep(5)
        first = sorted(log)
        wake_up_all(wq)
        msleep(5)
        return first, len(log)

    assert result(on, init) == (["exclusive", "shared", "shared"], 4)


@everywhere
def test_wait_event_timeout_gives_the_ticks_left_or_0(on: str) -> None:
    def init() -> Any:
        wq = DECLARE_WAIT_QUEUE_HEAD("wq")
        begin = jiffies()
        late = wait_event_timeout(wq, lambda: False, 10)
        return late, jiffies() - begin, wait_event_timeout(wq, lambda: True, 10)

    assert result(on, init) == (0, 10, 10)


@everywhere
def test_a_wake_up_before_schedule_keeps_the_task_awake(on: str) -> None:
    def init() -> str:
        wq, wait = DECLARE_WAIT_QUEUE_HEAD("wq"), DEFINE_WAIT()
        prepare_to_wait(wq, wait, TASK_INTERRUPTIBLE)
        wake_up(wq)
        schedule()
        finish_wait(wq, wait)
        return "awake"

    assert result(on, init) == "awake"


@everywhere
def test_schedule_timeout_without_a_state_does_not_sleep(on: str) -> None:
    def init() -> Any:
        begin = jiffies()
        left = schedule_timeout(50)
        return left, jiffies() - begin, schedule_timeout_interruptible(5), jiffies() - begin

    assert result(on, init) == (50, 0, 0, 5)


@everywhere
def test_msleep_takes_a_tick_more_than_asked(on: str) -> None:
    """kernel/time/timer.c: msecs_to_jiffies(ms) + 1."""

    def init() -> Any:
        begin = jiffies()
        msleep(10)
        return jiffies() - begin, msecs_to_jiffies(10), HZ

    assert result(on, init) == (4, 3, 250)


@everywhere
def test_complete_lets_one_through_and_complete_all_everyone(on: str) -> None:
    def init() -> Any:
        x, log = DECLARE_COMPLETION("x"), []

        def waiter(data: Any) -> int:
            wait_for_completion(x)
            log.append(data)
            return 0

        for i in range(3):
            kthread_run(waiter, i, "w")
        msleep(5)
        complete(x)
        msleep(5)
        first = list(log)
        complete_all(x)
        msleep(5)
        return first, sorted(log), try_wait_for_completion(x), wait_for_completion_timeout(DECLARE_COMPLETION("y"), 3)

    assert result(on, init) == ([0], [0, 1, 2], True, 0)


@everywhere
def test_a_task_that_waits_is_on_no_processor(on: str) -> None:
    def init() -> Any:
        x = DECLARE_COMPLETION("x")
        task = kthread_run(lambda data: wait_for_completion(x), None, "w")
        msleep(5)
        seen = task.state, current().state
        complete(x)
        return seen, kthread_stop(task)

    assert result(on, init) == ((2, TASK_RUNNING), 0)
