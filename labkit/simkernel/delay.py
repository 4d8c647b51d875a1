"""Waiting for time to pass: asleep (msleep and its family, in ticks), or on the processor (mdelay)."""

from __future__ import annotations

from labkit import here
from labkit.simkernel.load import HZ
from labkit.simkernel.preempt import check_off, might_sleep
from labkit.simkernel.report import schedule_bug
from labkit.simkernel.sched import TICK_NS, leave, msecs_to_jiffies, schedule_timeout, set_current_state, signal_pending
from labkit.simkernel.task import current, enter
from labkit.taskinfo import TASK_IDLE, TASK_INTERRUPTIBLE, TASK_UNINTERRUPTIBLE


def jiffies_to_msecs(ticks: int) -> int:
    """Ticks in milliseconds."""
    return ticks * 1000 // HZ


def ktime_get_ns() -> int:
    """Nanoseconds since power-on."""
    return int(here.machine.now_ns())


def schedule_timeout_interruptible(ticks: int) -> int:
    """schedule_timeout() in TASK_INTERRUPTIBLE."""
    set_current_state(TASK_INTERRUPTIBLE)
    return schedule_timeout(ticks)


def schedule_timeout_uninterruptible(ticks: int) -> int:
    """schedule_timeout() in TASK_UNINTERRUPTIBLE."""
    set_current_state(TASK_UNINTERRUPTIBLE)
    return schedule_timeout(ticks)


def schedule_timeout_idle(ticks: int) -> int:
    """schedule_timeout() in TASK_IDLE, which counts as no load."""
    set_current_state(TASK_IDLE)
    return schedule_timeout(ticks)


def msleep(ms: int) -> None:
    """Sleep uninterruptibly for at least so many ms: whole ticks, and one more (kernel/time/timer.c)."""
    might_sleep()
    ticks = msecs_to_jiffies(ms) + 1
    while ticks:
        ticks = schedule_timeout_uninterruptible(ticks)


def msleep_interruptible(ms: int) -> int:
    """Sleep until the time is up or a signal comes; returns the ms that were left."""
    ticks = msecs_to_jiffies(ms) + 1
    while ticks and not signal_pending(current()):
        ticks = schedule_timeout_interruptible(ticks)
    return jiffies_to_msecs(ticks)


def ssleep(seconds: int) -> None:
    """Sleep uninterruptibly for so many seconds."""
    msleep(seconds * 1000)


def usleep_range(least_us: int, most_us: int) -> None:
    """Sleep for a time between the two, by a timer finer than a tick; here always the shorter."""
    might_sleep()
    machine = enter("usleep_range", current())
    task = current()
    if task.preempt_count:
        schedule_bug(task)
    with machine.no_preempt:
        task.state = TASK_UNINTERRUPTIBLE
        leave(task.kernel, task, here.SLEEP, least_us * 1000)
    check_off()


def mdelay(ms: int) -> None:
    """Use the processor for so many ms. Each tick in between is a scheduling point, where preempt=full may take it away."""
    end_ns = ktime_get_ns() + ms * 1_000_000
    while (left_ns := end_ns - ktime_get_ns()) > 0:
        here.machine.burn(min(left_ns, TICK_NS) / 1e9)
        enter("tick")


def udelay(us: int) -> None:
    """Use the processor for so many µs. If a tick falls into them it is a scheduling point, as in mdelay()."""
    before = ktime_get_ns() // TICK_NS
    here.machine.burn(us / 1e6)
    if ktime_get_ns() // TICK_NS != before:
        enter("tick")


def cpu_relax() -> None:
    """One turn of a busy loop."""
    enter("cpu_relax")
