"""Leaving the processor and coming back: a task's state, schedule(), wake_up_process() and the clock in ticks.

A task goes to sleep in two steps: it says what may wake it (set_current_state), then it leaves (schedule). Between the
two it can test once more whether it has to sleep at all; a wake-up that comes in between makes schedule() return at once.
Who tests first and says it afterwards can miss the wake-up for ever.
"""

from __future__ import annotations

from typing import Any, Final

from labkit import here
from labkit.simkernel.backtrace import frames
from labkit.simkernel.explored import look
from labkit.simkernel.load import HZ
from labkit.simkernel.oops import null_dereference
from labkit.simkernel.report import schedule_bug
from labkit.simkernel.task import TASK_NORMAL, Kernel, PowerOff, current, enter, start, task_struct
from labkit.taskinfo import PF_KTHREAD, TASK_INTERRUPTIBLE, TASK_RUNNING

TICK_NS: Final = 1_000_000_000 // HZ
MAX_SCHEDULE_TIMEOUT: Final = (1 << 63) - 1
"""schedule_timeout() with this many ticks sleeps without a timeout."""
SIGKILL: Final = 9
SIGTERM: Final = 15
SIGSTOP: Final = 19
INITIAL_JIFFIES: Final = (1 << 32) - 300 * HZ
"""jiffies at power-on: five minutes before the 32-bit counter wraps, so that wrong comparisons are found soon."""


def pointer(ptr: Any, what: str, atomic: int = 0) -> task_struct:
    """The task behind a pointer. NULL and ERR_PTR have none: an oops. Freed memory may hold another task by now."""
    if not isinstance(ptr, task_struct):
        null_dereference(what, atomic)
    task: task_struct = ptr
    if task.freed:
        task.kernel.unseen.append(f"use after free: {what} of '{task.full_name}'")
    while task.freed and task.reused_by is not None:
        task = task.reused_by
    return task


def set_current_state(state: int) -> None:
    """Say what may wake the current task, once it has called schedule()."""
    machine = enter("set_current_state", current())
    with machine.no_preempt:
        task = current()
        task.kernel.load.account()
        task.state = state


__set_current_state = set_current_state


def signal_pending(task: task_struct) -> bool:
    """Whether the task was signalled. Since 6.1 kthread_stop() signals a kthread, and nothing takes it back."""
    look("signal_pending", task, task.kernel, here.Touches(((task.kernel, "", False),)))
    return task.signalled


def send_sig(sig: int, task: task_struct, priv: int) -> int:
    """Send a signal, which is taken: 0. A process would wake up for it; a kthread ignores it, whichever it is."""
    task = pointer(task, "send_sig")
    machine = enter("send_sig", task)
    with machine.no_preempt:
        if not is_kthread(task):
            task.signalled = True
            try_to_wake_up(task, TASK_INTERRUPTIBLE)
    return 0


def schedule() -> None:
    """Leave the processor: until a wake-up if the state says so, or for one turn if it is TASK_RUNNING."""
    sleep_until_woken()


def sleep_until_woken(on: Any = None, ticks: int = MAX_SCHEDULE_TIMEOUT) -> bool:
    """schedule(), for something that can be described, and at most so many ticks; False if the time was up first."""
    task = current()
    machine = enter("schedule", task if on is None or on is here.SLEEP else on)
    kernel = task.kernel
    if task.preempt_count:
        schedule_bug(task)
    if task.state == TASK_RUNNING:
        machine.sched_yield()
        return True
    timeout_ns = None if ticks >= MAX_SCHEDULE_TIMEOUT else ticks_to_ns(machine, ticks)
    with machine.no_preempt:
        woken = True
        if task.state & TASK_INTERRUPTIBLE and task.signalled:
            task.state = TASK_RUNNING
        elif task.state != TASK_RUNNING:
            woken = leave(kernel, task, on, timeout_ns)
    return woken


def leave(kernel: Kernel, task: task_struct, on: Any, timeout_ns: int | None = None) -> bool:
    """Block the current task's thread; False if the timeout came first. Called inside no_preempt."""
    if kernel.off:
        raise PowerOff
    kernel.load.account()
    task.switches += 1
    task.stack = frames(task)
    task.sleeping.on = on
    if task.worker is not None:
        task.worker.sleeps()
    woken = bool(here.machine.block(task.sleeping, timeout_ns, "block" if timeout_ns is None else "sleep"))
    if timeout_ns is None:
        look("goes_on", task, kernel)
    if task.worker is not None:
        task.worker.goes_on()
    if not woken:
        kernel.load.account()
        task.state = TASK_RUNNING
    task.stack = []
    if kernel.off:
        raise PowerOff
    return woken


def try_to_wake_up(task: task_struct, state: int) -> int:
    """Make the task runnable if its state is one of these; 1 if it was not runnable before. Called inside no_preempt."""
    if not task.state & state:
        return 0
    task.kernel.load.account()
    task.state = TASK_RUNNING
    if task.thread is not None:
        here.machine.wake(task.thread)
    elif task.body is not None:
        start(task, task.body)
    return 1


def wake_up_process(task: Any) -> int:
    """Wake a task that sleeps, interruptibly or not; 1 if it did sleep, 0 if it ran already."""
    return wake_up_state(pointer(task, "_raw_spin_lock_irqsave", 2), TASK_NORMAL)


def wake_up_state(task: task_struct, state: int) -> int:
    """Wake a task if its state is one of these."""
    machine = enter("wake_up_process", task)
    with machine.no_preempt:
        return try_to_wake_up(task, state)


def jiffies() -> int:
    """Ticks since power-on, counted from INITIAL_JIFFIES. A variable in C, a call here."""
    return INITIAL_JIFFIES + int(here.machine.now_ns()) // TICK_NS


def ticks_to_ns(machine: Any, ticks: int) -> int:
    """How long until the tick that ends a timeout of so many ticks."""
    now_ns = int(machine.now_ns())
    return (now_ns // TICK_NS + max(ticks, 0)) * TICK_NS - now_ns if ticks > 0 else 0


def msecs_to_jiffies(ms: int) -> int:
    """Milliseconds in ticks, rounded up.

    >>> msecs_to_jiffies(1), msecs_to_jiffies(4), msecs_to_jiffies(5)
    (1, 1, 2)
    """
    return -(-ms * HZ // 1000)


def schedule_timeout(ticks: int) -> int:
    """schedule() for at most so many ticks; returns those that were left. Without a state set it does not sleep."""
    if ticks >= MAX_SCHEDULE_TIMEOUT:
        sleep_until_woken()
        return ticks
    end = jiffies() + ticks
    sleep_until_woken(here.SLEEP, ticks)
    return max(end - jiffies(), 0)


def set_user_nice(task: task_struct, nice: int) -> None:
    """Make a task less (up to 19) or more (down to -20) important."""
    enter("set_user_nice", task)
    _set_prio(task, 120 + max(-20, min(19, nice)), 0)


def sched_set_fifo(task: task_struct) -> None:
    """Make a kthread real time, SCHED_FIFO in the middle of its priorities: prio 49."""
    enter("sched_set_fifo", task)
    _set_prio(task, 49, 1)


def _set_prio(task: task_struct, prio: int, policy: int) -> None:
    task.prio, task.policy = prio, policy
    if task.thread is not None:
        task.thread.attributes["priority"] = 120 - prio


def is_kthread(task: task_struct) -> bool:
    """Whether it was made by the kthread interface: PF_KTHREAD says so, not a NULL mm."""
    return bool(task.flags & PF_KTHREAD)
