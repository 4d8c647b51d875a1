"""Parking, fact by fact of Linux 6.1 (syllabus 2.1.5)."""

from __future__ import annotations

from typing import Any

from labkit.simkernel import (
    EBUSY,
    ENOSYS,
    TASK_PARKED,
    dmesg,
    get_task_struct,
    kthread_create,
    kthread_park,
    kthread_parkme,
    kthread_run,
    kthread_should_park,
    kthread_should_stop,
    kthread_stop,
    kthread_unpark,
    msleep,
    read_proc,
)
from tests.labkit.simkernel.machines import everywhere, result


def counting(log: list[Any]) -> int:
    n = 0
    while not kthread_should_stop():
        n += 1
        if kthread_should_park():
            log.append(f"parking n={n}")
            kthread_parkme()
            log.append(f"unparked n={n}")
        msleep(5)
    return n


@everywhere
def test_a_parked_kthread_goes_on_after_parkme(on: str) -> None:
    """It does not begin anew, although the comment in kthread.c says so: its locals are kept."""

    def init() -> Any:
        log: list[Any] = []
        task = kthread_run(counting, log, "w")
        msleep(20)
        seen = kthread_park(task), task.state, read_proc(f"/proc/{task.pid}/status").split("State:\t")[1][:10]
        kthread_unpark(task)
        msleep(20)
        return seen, kthread_stop(task) > 1, [line.split("=")[0] for line in log], log[0][-1] == log[1][-1]

    assert result(on, init) == ((0, TASK_PARKED, "P (parked)"), True, ["parking n", "unparked n"], True)


@everywhere
def test_park_before_the_first_wake_parks_before_threadfn(on: str) -> None:
    def init() -> Any:
        ran: list[int] = []

        def fn(data: Any) -> int:
            ran.append(1)
            while not kthread_should_stop():
                msleep(5)
            return 5

        task = kthread_create(fn, None, "w")
        before = kthread_park(task), task.state, list(ran)
        kthread_unpark(task)
        msleep(20)
        return before, ran, kthread_stop(task)

    assert result(on, init) == ((0, TASK_PARKED, []), [1], 5)


@everywhere
def test_parking_twice_is_busy_and_warns(on: str) -> None:
    def init() -> Any:
        task = kthread_run(counting, [], "w")
        msleep(20)
        answers = kthread_park(task), kthread_park(task)
        kthread_stop(task)
        return answers, "at kernel/kthread.c:? kthread_park+0x?/0x?" in dmesg()

    assert result(on, init) == ((0, -EBUSY), True)


@everywhere
def test_parking_what_has_ended_is_enosys(on: str) -> None:
    def init() -> Any:
        task = kthread_create(lambda data: 0, None, "w")
        get_task_struct(task)
        kthread_unpark(task)
        kthread_stop(task)
        return kthread_park(task)

    assert result(on, init) == -ENOSYS


@everywhere
def test_stop_unparks(on: str) -> None:
    def init() -> Any:
        task = kthread_run(counting, [], "w")
        msleep(20)
        kthread_park(task)
        return kthread_stop(task) > 0

    assert result(on, init) is True
