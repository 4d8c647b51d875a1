# ruff: noqa: N801, N802 — Linux's own names
"""Locks and atomics of the kernel: spinlocks for those who must not sleep, mutexes and semaphores for those who may.

A spinlock disables preemption while it is held. With one CPU that is the whole lock: nobody else runs until it is given
back, and who sleeps while holding one leaves a BUG in dmesg. With more CPUs others go on running and may spin.
"""

from __future__ import annotations

from typing import Any, Final

from labkit import here
from labkit.simkernel.errptr import EINTR, ETIME
from labkit.simkernel.sched import (
    MAX_SCHEDULE_TIMEOUT,
    drop_processor,
    jiffies,
    keep_processor,
    might_sleep,
    signal_pending,
    sleep_until_woken,
    try_to_wake_up,
)
from labkit.simkernel.task import PowerOff, current, enter, task_struct
from labkit.taskinfo import TASK_INTERRUPTIBLE, TASK_RUNNING, TASK_UNINTERRUPTIBLE

TASK_NORMAL: Final = TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE


class Lock:
    """What the locks have in common: a name, an owner, and the tasks that wait."""

    word = "lock"

    def __init__(self, name: str = "") -> None:
        self.name = name or self.word
        self.owner: task_struct | None = None
        self.tasks: list[task_struct] = []

    def take(self, task: task_struct) -> None:
        """The task holds it now."""
        self.owner = task
        here.machine.emit("lock_acquire", here.machine.current.tid, self.name)

    def give(self) -> None:
        """Nobody holds it now."""
        self.owner = None
        here.machine.emit("lock_release", here.machine.current.tid, self.name)

    def contend(self) -> None:
        """The current task has to wait."""
        tid = self.owner.thread.tid if self.owner and self.owner.thread else 0
        here.machine.emit("lock_contend", here.machine.current.tid, self.name, tid)

    def describe(self) -> str:
        """What it is, in words."""
        return f"{self.word} '{self.name}'"

    def holders(self) -> tuple[str, ...]:
        """The thread that holds it."""
        return tuple(self.owner.holders()) if self.owner else ()

    def __repr__(self) -> str:
        return f"<{self.describe()}, {'held by ' + self.owner.comm if self.owner else 'free'}>"


class spinlock_t(Lock):
    """A lock for short sections that never sleep.

    >>> spinlock_t("list")
    <spinlock 'list', free>
    """

    word = "spinlock"


def DEFINE_SPINLOCK(name: str) -> spinlock_t:
    """A new spinlock."""
    return spinlock_t(name)


def spin_lock_init(lock: spinlock_t) -> None:
    """Make it free."""
    lock.owner = None


def spin_lock(lock: spinlock_t) -> None:
    """Disable preemption and take the lock, spinning until it is free."""
    machine = enter("spin_lock", lock)
    task = current()
    keep_processor(task)
    told = False
    while True:
        with machine.no_preempt:
            if lock.owner is None:
                lock.take(task)
                return
            if not told and (lock.owner is task or task.kernel.cpus == 1):
                told = True  # nobody is left who could give it back: the watchdog would see this after some 20 s
                task.kernel.say(0, f"watchdog: BUG: soft lockup - CPU#{task.cpu} stuck for 26s! [{task.comm}:{task.pid}]")
            lock.contend()
            lock.tasks.append(task)
            task.sleeping.on = lock
            machine.block(task.sleeping)
        if task.kernel.off:
            raise PowerOff


def spin_trylock(lock: spinlock_t) -> int:
    """Take the lock if it is free: 1, else 0."""
    machine = enter("spin_trylock", lock)
    with machine.no_preempt:
        if lock.owner is not None:
            return 0
        keep_processor(current())
        lock.take(current())
    return 1


def spin_unlock(lock: spinlock_t) -> None:
    """Give the lock back, and enable preemption. Nobody checks whose lock it was."""
    machine = enter("spin_unlock", lock)
    task = current()
    with machine.no_preempt:
        if lock.owner is not task:
            task.kernel.unseen.append(f"spin_unlock of '{lock.name}' by '{task.comm}', which did not hold it")
        lock.give()
        for other in lock.tasks:
            machine.wake(other.thread)
        lock.tasks.clear()
    drop_processor(task)


def spin_lock_irqsave(lock: spinlock_t) -> int:
    """spin_lock(), with interrupts off; returns the flags for spin_unlock_irqrestore()."""
    spin_lock(lock)
    return 0x246


def spin_unlock_irqrestore(lock: spinlock_t, flags: int) -> None:
    """spin_unlock(), and interrupts as they were."""
    spin_unlock(lock)


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


def lock_owner(lock: Any) -> str:
    """Name of the task that holds a lock, or ""; for looking at it from a lesson."""
    return lock.owner.comm if lock.owner else ""
