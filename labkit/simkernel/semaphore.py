# ruff: noqa: N801 — Linux's own names
"""Semaphores of the kernel: permits that anyone may give, in the order of asking (kernel/locking/semaphore.c)."""

from __future__ import annotations

from labkit.simkernel.errptr import EINTR, ETIME
from labkit.simkernel.preempt import might_sleep
from labkit.simkernel.sched import MAX_SCHEDULE_TIMEOUT, jiffies, signal_pending, sleep_until_woken, try_to_wake_up
from labkit.simkernel.task import TASK_NORMAL, current, enter, task_struct
from labkit.taskinfo import TASK_INTERRUPTIBLE, TASK_RUNNING, TASK_UNINTERRUPTIBLE


class semaphore:
    """A number of permits: down() takes one, up() gives one, and anyone may give."""

    def __init__(self, count: int = 1, name: str = "semaphore") -> None:
        self.name = name
        self.count = count
        self.tasks: list[task_struct] = []
        self.granted: set[task_struct] = set()

    def describe(self) -> str:
        """What it is, in words."""
        return f"semaphore '{self.name}'"

    def holders(self) -> tuple[str, ...]:
        """Anyone may give."""
        return ()


def sema_init(sem: semaphore, count: int) -> None:
    """Set the number of permits."""
    sem.count = count


def down(sem: semaphore) -> None:
    """Take a permit, sleeping until there is one."""
    _down(sem, TASK_UNINTERRUPTIBLE)


def down_interruptible(sem: semaphore) -> int:
    """Take a permit: 0; -EINTR if a signal came first."""
    return _down(sem, TASK_INTERRUPTIBLE)


def down_timeout(sem: semaphore, ticks: int) -> int:
    """Take a permit within so many ticks: 0, else -ETIME."""
    return _down(sem, TASK_UNINTERRUPTIBLE, ticks)


def down_trylock(sem: semaphore) -> int:
    """Take a permit if there is one: 0, else 1. The other way round than mutex_trylock()."""
    machine = enter("down_trylock", sem)
    with machine.no_preempt:
        if sem.count <= 0:
            return 1
        sem.count -= 1
    return 0


def up(sem: semaphore) -> None:
    """Give a permit: to the task that has waited longest, or to the heap."""
    machine = enter("up", sem)
    with machine.no_preempt:
        if sem.tasks:
            task = sem.tasks.pop(0)
            sem.granted.add(task)
            try_to_wake_up(task, TASK_NORMAL)
        else:
            sem.count += 1


def _down(sem: semaphore, state: int, ticks: int = MAX_SCHEDULE_TIMEOUT) -> int:
    might_sleep()
    machine = enter("down", sem)
    task = current()
    end = jiffies() + ticks
    with machine.no_preempt:
        if sem.count > 0:
            sem.count -= 1
            return 0
        sem.tasks.append(task)
    while True:
        with machine.no_preempt:
            if task in sem.granted:
                sem.granted.remove(task)
                task.state = TASK_RUNNING
                return 0
            error = -EINTR if state & TASK_INTERRUPTIBLE and signal_pending(task) else -ETIME if jiffies() >= end else 0
            if error:
                sem.tasks.remove(task)
                return error
            task.state = state
        sleep_until_woken(sem, ticks if ticks == MAX_SCHEDULE_TIMEOUT else end - jiffies())
