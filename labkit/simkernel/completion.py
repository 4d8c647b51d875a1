# ruff: noqa: N801, N802 — Linux's own names
"""Completions: something that is finished once, and tasks that wait for it (kernel/sched/completion.c)."""

from __future__ import annotations

from typing import Any

from labkit.simkernel.errptr import ERESTARTSYS
from labkit.simkernel.preempt import might_sleep
from labkit.simkernel.sched import MAX_SCHEDULE_TIMEOUT, jiffies, signal_pending, sleep_until_woken, try_to_wake_up
from labkit.simkernel.task import TASK_NORMAL, current, enter, task_struct
from labkit.taskinfo import TASK_INTERRUPTIBLE, TASK_UNINTERRUPTIBLE


class completion:
    """Something that will be finished once: who waits for it sleeps, who finishes it wakes one."""

    def __init__(self, name: str = "completion") -> None:
        self.name = name
        self.done = 0
        self.tasks: list[task_struct] = []
        self.by: Any = None

    def finish(self, every: bool = False) -> None:
        """complete(), without its scheduling point. Called inside no_preempt."""
        self.done = 1 << 31 if every else self.done + 1
        for task in self.tasks[: None if every else 1]:
            self.tasks.remove(task)
            try_to_wake_up(task, TASK_NORMAL)

    def describe(self) -> str:
        """What is waited for, in words."""
        return f"the end of task '{self.by.comm}'" if self.by else f"completion '{self.name}'"

    def holders(self) -> tuple[str, ...]:
        """Who will finish it, where that is known."""
        return tuple(self.by.holders()) if self.by else ()


def init_completion(x: completion) -> None:
    """Make it unfinished, with nobody waiting."""
    x.done = 0
    x.tasks.clear()


def reinit_completion(x: completion) -> None:
    """Make it unfinished, to be used again."""
    x.done = 0


def DECLARE_COMPLETION(name: str) -> completion:
    """A new completion."""
    return completion(name)


def complete(x: completion) -> None:
    """It is finished: wake one task that waits, or let the next one through."""
    machine = enter("complete", x)
    with machine.no_preempt:
        x.finish()


def complete_all(x: completion) -> None:
    """It is finished for everyone, now and later."""
    machine = enter("complete_all", x)
    with machine.no_preempt:
        x.finish(every=True)


def completion_done(x: completion) -> bool:
    """Whether somebody could pass without sleeping."""
    enter("completion_done", x)
    return x.done > 0


def try_wait_for_completion(x: completion) -> bool:
    """Pass if it is finished; never sleep."""
    machine = enter("try_wait_for_completion", x)
    with machine.no_preempt:
        return _pass(x)


def wait_for_completion(x: completion) -> None:
    """Sleep uninterruptibly until it is finished."""
    _wait_for(x, TASK_UNINTERRUPTIBLE)


def wait_for_completion_timeout(x: completion, ticks: int) -> int:
    """The same for at most so many ticks: those left, at least 1, or 0 if the time was up."""
    return _wait_for(x, TASK_UNINTERRUPTIBLE, ticks)


def wait_for_completion_interruptible(x: completion) -> int:
    """The same, interruptibly: 0, or -ERESTARTSYS after a signal."""
    return min(_wait_for(x, TASK_INTERRUPTIBLE), 0)


def _wait_for(x: completion, state: int, ticks: int = MAX_SCHEDULE_TIMEOUT) -> int:
    might_sleep()
    machine = enter("wait_for_completion", x)
    task = current()
    end = jiffies() + ticks
    while True:
        with machine.no_preempt:
            if _pass(x):
                return max(end - jiffies(), 1)
            if state & TASK_INTERRUPTIBLE and signal_pending(task):
                return -ERESTARTSYS
            if end <= jiffies():
                return 0
            x.tasks.append(task)
            task.state = state
        try:
            sleep_until_woken(x, ticks if ticks == MAX_SCHEDULE_TIMEOUT else end - jiffies())
        finally:
            if task in x.tasks:
                x.tasks.remove(task)


def _pass(x: completion) -> bool:
    if not x.done:
        return False
    if x.done < 1 << 31:
        x.done -= 1
    return True
