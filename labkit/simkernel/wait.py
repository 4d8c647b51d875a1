# ruff: noqa: N801, N802 — Linux's own names
"""Wait queues and completions: sleeping until something is so, and saying that it is.

wait_event(wq, condition) is a loop: queue up and set the state, test, sleep, test again. The order matters: who tests
first and queues up afterwards loses the wake-up that comes in between (include/linux/wait.h, kernel/sched/wait.c).
A condition is a macro's argument in C and is evaluated again and again; here it is a function: wait_event(wq, lambda: n > 0).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from labkit import here
from labkit.simkernel.errptr import ERESTARTSYS
from labkit.simkernel.explored import look
from labkit.simkernel.preempt import check_off, might_sleep
from labkit.simkernel.sched import MAX_SCHEDULE_TIMEOUT, jiffies, signal_pending, sleep_until_woken, try_to_wake_up
from labkit.simkernel.task import TASK_NORMAL, current, enter, task_struct
from labkit.taskinfo import TASK_IDLE, TASK_INTERRUPTIBLE, TASK_KILLABLE, TASK_RUNNING, TASK_UNINTERRUPTIBLE

Condition = Callable[[], Any]


class wait_queue_entry:
    """One task on a wait queue. DEFINE_WAIT() makes one for the current task."""

    def __init__(self, task: task_struct, exclusive: bool = False) -> None:
        self.task = task
        self.exclusive = exclusive


class wait_queue_head_t:
    """The tasks that wait for one thing.

    >>> wait_queue_head_t("door")
    <wait_queue_head_t 'door', 0 wait>
    """

    def __init__(self, name: str = "wq") -> None:
        self.name = name
        self.entries: list[wait_queue_entry] = []

    def describe(self) -> str:
        """What is waited for, in words."""
        return f"wait queue '{self.name}'"

    def holders(self) -> tuple[str, ...]:
        """Nobody holds a wait queue."""
        return ()

    def __repr__(self) -> str:
        return f"<wait_queue_head_t '{self.name}', {len(self.entries)} wait>"


def init_waitqueue_head(wq: wait_queue_head_t) -> None:
    """Make the queue empty."""
    wq.entries.clear()


def DECLARE_WAIT_QUEUE_HEAD(name: str) -> wait_queue_head_t:
    """A new wait queue."""
    return wait_queue_head_t(name)


def DEFINE_WAIT() -> wait_queue_entry:
    """An entry for the current task."""
    return wait_queue_entry(current())


def waitqueue_active(wq: wait_queue_head_t) -> bool:
    """Whether anybody waits."""
    enter("waitqueue_active", wq)
    return bool(wq.entries)


def prepare_to_wait(wq: wait_queue_head_t, entry: wait_queue_entry, state: int) -> None:
    """Queue up, and set the state: from here on no wake-up is lost."""
    machine = enter("prepare_to_wait", wq)
    with machine.no_preempt:
        if entry not in wq.entries:
            wq.entries.insert(0, entry)  # as Linux: the newest first; exclusive ones stand at the end
        entry.task.state = state


def prepare_to_wait_exclusive(wq: wait_queue_head_t, entry: wait_queue_entry, state: int) -> None:
    """Queue up at the end; wake_up() wakes one of those only."""
    machine = enter("prepare_to_wait", wq)
    with machine.no_preempt:
        entry.exclusive = True
        if entry not in wq.entries:
            wq.entries.append(entry)
        entry.task.state = state


def finish_wait(wq: wait_queue_head_t, entry: wait_queue_entry) -> None:
    """Leave the queue; the task is TASK_RUNNING."""
    look("finish_wait", wq, entry.task.kernel)
    with here.machine.no_preempt:
        entry.task.state = TASK_RUNNING
        if entry in wq.entries:
            wq.entries.remove(entry)


def wake_up(wq: wait_queue_head_t) -> int:
    """Wake those who wait: all, but of the exclusive ones only the first. Returns how many."""
    return _wake(wq, TASK_NORMAL, 1)


def wake_up_nr(wq: wait_queue_head_t, nr: int) -> int:
    """Wake those who wait, and of the exclusive ones at most nr."""
    return _wake(wq, TASK_NORMAL, nr)


def wake_up_all(wq: wait_queue_head_t) -> int:
    """Wake everyone who waits."""
    return _wake(wq, TASK_NORMAL, 0)


def wake_up_interruptible(wq: wait_queue_head_t) -> int:
    """Wake those who wait interruptibly."""
    return _wake(wq, TASK_INTERRUPTIBLE, 1)


def wake_up_interruptible_all(wq: wait_queue_head_t) -> int:
    """Wake everyone who waits interruptibly."""
    return _wake(wq, TASK_INTERRUPTIBLE, 0)


def _wake(wq: wait_queue_head_t, state: int, nr_exclusive: int) -> int:
    machine = enter("wake_up", wq)
    woken = 0
    with machine.no_preempt:
        for entry in list(wq.entries):
            if not try_to_wake_up(entry.task, state):
                continue
            woken += 1
            wq.entries.remove(entry)  # autoremove_wake_function
            if entry.exclusive:
                nr_exclusive -= 1
                if nr_exclusive == 0:
                    break
    return woken


def wait_event(wq: wait_queue_head_t, condition: Condition) -> None:
    """Sleep uninterruptibly until the condition holds; it is tested again after each wake-up."""
    _wait_event(wq, condition, TASK_UNINTERRUPTIBLE)


def wait_event_idle(wq: wait_queue_head_t, condition: Condition) -> None:
    """wait_event() that does not count as load."""
    _wait_event(wq, condition, TASK_IDLE)


def wait_event_interruptible(wq: wait_queue_head_t, condition: Condition) -> int:
    """Sleep until the condition holds: 0, or until a signal comes: -ERESTARTSYS."""
    return 0 if _wait_event(wq, condition, TASK_INTERRUPTIBLE) > 0 else -ERESTARTSYS


def wait_event_interruptible_exclusive(wq: wait_queue_head_t, condition: Condition) -> int:
    """The same, as one of those of whom wake_up() wakes only one."""
    return 0 if _wait_event(wq, condition, TASK_INTERRUPTIBLE, exclusive=True) > 0 else -ERESTARTSYS


def wait_event_killable(wq: wait_queue_head_t, condition: Condition) -> int:
    """Sleep until the condition holds; only a fatal signal could end it, which a kthread never gets."""
    _wait_event(wq, condition, TASK_KILLABLE)
    return 0


def wait_event_timeout(wq: wait_queue_head_t, condition: Condition, ticks: int) -> int:
    """Sleep until the condition holds: the ticks left, at least 1; 0 if the time was up and it does not hold."""
    return _wait_event(wq, condition, TASK_UNINTERRUPTIBLE, ticks)


def wait_event_interruptible_timeout(wq: wait_queue_head_t, condition: Condition, ticks: int) -> int:
    """The same, interruptibly: also -ERESTARTSYS."""
    return _wait_event(wq, condition, TASK_INTERRUPTIBLE, ticks)


def _wait_event(
    wq: wait_queue_head_t, condition: Condition, state: int, ticks: int = MAX_SCHEDULE_TIMEOUT, exclusive: bool = False
) -> int:
    """___wait_event(): returns the ticks left (at least 1), 0 when the time is up, -ERESTARTSYS after a signal."""
    might_sleep()
    enter("wait_event", wq)
    if condition():
        return max(ticks, 1)
    entry = wait_queue_entry(current(), exclusive)
    end = jiffies() + ticks
    try:
        while True:
            interrupted = state & TASK_INTERRUPTIBLE and signal_pending(entry.task)
            if not interrupted:
                (prepare_to_wait_exclusive if exclusive else prepare_to_wait)(wq, entry, state)
            if condition():
                return max(end - jiffies(), 1)
            if interrupted:
                return -ERESTARTSYS
            left = end - jiffies()
            if left <= 0:
                return 0
            sleep_until_woken(wq, MAX_SCHEDULE_TIMEOUT if ticks == MAX_SCHEDULE_TIMEOUT else left)
            check_off()
    finally:
        finish_wait(wq, entry)
