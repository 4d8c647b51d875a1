# ruff: noqa: N801, N802 — Linux's own names
"""Locks and atomics of the kernel: spinlocks for those who must not sleep, mutexes and semaphores for those who may.

A spinlock disables preemption while it is held. With one CPU that is the whole lock: nobody else runs until it is given
back, and who sleeps while holding one leaves a BUG in dmesg. With more CPUs others go on running and may spin.
"""

from __future__ import annotations

from labkit import here
from labkit.simkernel.explored import look
from labkit.simkernel.preempt import drop_processor, keep_processor
from labkit.simkernel.task import PowerOff, current, enter, task_struct


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
            if not told and (lock.owner is task or (task.kernel.cpus == 1 and machine.name != "explore")):
                told = True  # nobody is left who could give it back: the watchdog would see this after some 20 s
                task.kernel.say(0, f"watchdog: BUG: soft lockup - CPU#{task.cpu} stuck for 26s! [{task.comm}:{task.pid}]")
            lock.contend()
            lock.tasks.append(task)
            task.sleeping.on = lock
            machine.block(task.sleeping)
            look("goes_on", task, task.kernel)
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
