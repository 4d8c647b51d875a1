# ruff: noqa: N801, N802 — Linux's own names
"""Mutexes of the kernel: who waits for one sleeps, so nobody may take one while holding a spinlock (kernel/locking/mutex.c)."""

from __future__ import annotations

from labkit.simkernel.errptr import EINTR
from labkit.simkernel.locks import Lock
from labkit.simkernel.preempt import might_sleep
from labkit.simkernel.sched import signal_pending, sleep_until_woken, try_to_wake_up
from labkit.simkernel.task import TASK_NORMAL, current, enter, task_struct
from labkit.taskinfo import TASK_INTERRUPTIBLE, TASK_RUNNING, TASK_UNINTERRUPTIBLE


class mutex(Lock):
    """A lock whose holder may sleep, and who waits for it sleeps too: uninterruptibly, the D of ps."""

    word = "mutex"

    def __init__(self, name: str = "") -> None:
        super().__init__(name)
        self.heir: task_struct | None = None
        self.handoff = False


def DEFINE_MUTEX(name: str) -> mutex:
    """A new mutex."""
    return mutex(name)


def mutex_init(lock: mutex) -> None:
    """Make it free."""
    lock.__init__(lock.name)  # type: ignore[misc]


def mutex_lock(lock: mutex) -> None:
    """Take the mutex, sleeping until it is free."""
    _mutex_lock(lock, TASK_UNINTERRUPTIBLE)


def mutex_lock_interruptible(lock: mutex) -> int:
    """Take the mutex: 0; -EINTR if a signal came first."""
    return _mutex_lock(lock, TASK_INTERRUPTIBLE)


def mutex_trylock(lock: mutex) -> int:
    """Take the mutex if it is free: 1, else 0. The other way round than down_trylock()."""
    machine = enter("mutex_trylock", lock)
    with machine.no_preempt:
        if lock.owner is not None or lock.heir is not None:
            return 0
        lock.take(current())
    return 1


def mutex_unlock(lock: mutex) -> None:
    """Give the mutex back. Only its owner may; without CONFIG_DEBUG_MUTEXES nobody checks."""
    machine = enter("mutex_unlock", lock)
    with machine.no_preempt:
        if lock.owner is not current():
            current().kernel.unseen.append(f"mutex_unlock of '{lock.name}' by '{current().comm}', which did not hold it")
        lock.give()
        if lock.tasks:
            lock.heir, lock.handoff = (lock.tasks[0] if lock.handoff else None), False
            try_to_wake_up(lock.tasks[0], TASK_NORMAL)


def mutex_is_locked(lock: mutex) -> bool:
    """Whether somebody holds it."""
    enter("mutex_is_locked", lock)
    return lock.owner is not None


def _mutex_lock(lock: mutex, state: int) -> int:
    """Take it or queue up. Who is first in the queue and still finds it taken is the heir at the next unlock."""
    might_sleep()
    machine = enter("mutex_lock", lock)
    task = current()
    while True:
        with machine.no_preempt:
            queued = task in lock.tasks
            if lock.owner is None and lock.heir in (None, task):
                if queued:
                    lock.tasks.remove(task)
                lock.heir = None
                task.state = TASK_RUNNING
                lock.take(task)
                return 0
            if state & TASK_INTERRUPTIBLE and signal_pending(task):
                if queued:
                    lock.tasks.remove(task)
                task.state = TASK_RUNNING
                return -EINTR
            if queued:
                lock.handoff = lock.handoff or lock.tasks[0] is task
            else:
                lock.tasks.append(task)
            lock.contend()
            task.state = state
        sleep_until_woken(lock)
