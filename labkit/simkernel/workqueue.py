# ruff: noqa: N802 — Linux's own names
"""Workqueues: hand a function to the kernel, and one of its kworkers calls it, in process context.

queue_work() marks the work pending and puts it on the list of a pool; a second queue_work() before it begins does
nothing. The kworkers behind it are in pool.py. Flags and names as in include/linux/workqueue.h of 6.1.
"""

from __future__ import annotations

from typing import Any, Final

from labkit.simkernel.completion import completion, wait_for_completion
from labkit.simkernel.kthread import kthread_create, kthread_should_stop, kthread_stop
from labkit.simkernel.pool import (
    WORK_CPU_UNBOUND,
    WQ_HIGHPRI,
    WQ_UNBOUND,
    Pools,
    delayed_work,
    pools,
    work_struct,
    workqueue_struct,
)
from labkit.simkernel.preempt import might_sleep
from labkit.simkernel.report import warn, warn_once
from labkit.simkernel.sched import jiffies, schedule, set_current_state, set_user_nice, wake_up_process
from labkit.simkernel.task import current, enter, task_struct, the_kernel
from labkit.simkernel.timer import interrupts
from labkit.simkernel.vsprintf import vsprintf
from labkit.taskinfo import PF_NO_SETAFFINITY, PF_WQ_WORKER, TASK_IDLE, TASK_RUNNING

WQ_FREEZABLE: Final = 1 << 2
WQ_MEM_RECLAIM: Final = 1 << 3
WQ_CPU_INTENSIVE: Final = 1 << 5
WQ_SYSFS: Final = 1 << 6
WQ_POWER_EFFICIENT: Final = 1 << 7
WQ_DFL_ACTIVE: Final = 256

system_wq: Final = workqueue_struct("events", 0, WQ_DFL_ACTIVE)
system_highpri_wq: Final = workqueue_struct("events_highpri", WQ_HIGHPRI, WQ_DFL_ACTIVE)
system_long_wq: Final = workqueue_struct("events_long", 0, WQ_DFL_ACTIVE)
system_unbound_wq: Final = workqueue_struct("events_unbound", WQ_UNBOUND, WQ_DFL_ACTIVE)
system_freezable_wq: Final = workqueue_struct("events_freezable", WQ_FREEZABLE, WQ_DFL_ACTIVE)
"""The queues that every kernel has; schedule_work() uses the first."""


def INIT_WORK(work: work_struct, func: Any) -> None:
    """Prepare a work."""
    work.func = func
    work.pending = work.canceling = False


INIT_DELAYED_WORK = INIT_WORK


def alloc_workqueue(fmt: str, flags: int, max_active: int, *args: Any) -> Any:
    """A new queue. WQ_MEM_RECLAIM gives it a rescuer, a kthread of its name. The queue, or NULL."""
    kernel = the_kernel()
    if kernel.fault("alloc_workqueue"):
        return None
    wq = workqueue_struct(vsprintf(fmt, *args), flags, max_active or WQ_DFL_ACTIVE)
    if flags & WQ_MEM_RECLAIM:
        rescuer = kthread_create(rescuer_thread, wq, "%s", wq.name)
        if not isinstance(rescuer, task_struct):
            return None
        wq.rescuer = rescuer
        wake_up_process(rescuer)
    return wq


def alloc_ordered_workqueue(fmt: str, flags: int, *args: Any) -> Any:
    """A new queue that does one work at a time, in the order of queueing."""
    return alloc_workqueue(fmt, flags | WQ_UNBOUND, 1, *args)


def create_singlethread_workqueue(name: str) -> Any:
    """The old name of an ordered queue, with a rescuer."""
    return alloc_ordered_workqueue("%s", WQ_MEM_RECLAIM, name)


def rescuer_thread(wq: workqueue_struct) -> int:
    """The kthread that would help if no kworker could be created for want of memory; here it only waits."""
    me = current()
    me.module = None
    me.flags |= PF_WQ_WORKER | PF_NO_SETAFFINITY
    set_user_nice(me, -20)
    while not kthread_should_stop():
        set_current_state(TASK_IDLE)
        if not kthread_should_stop():
            schedule()
        set_current_state(TASK_RUNNING)
    return 0


def queue_work(wq: workqueue_struct, work: work_struct) -> bool:
    """Queue the work; False if it is pending already."""
    return queue_work_on(WORK_CPU_UNBOUND, wq, work)


def schedule_work(work: work_struct) -> bool:
    """queue_work() on the system's queue."""
    return queue_work(system_wq, work)


def schedule_work_on(cpu: int, work: work_struct) -> bool:
    """schedule_work() on one CPU."""
    return queue_work_on(cpu, system_wq, work)


def queue_work_on(cpu: int, wq: workqueue_struct, work: work_struct) -> bool:
    """Queue the work for one CPU; False if it is pending already."""
    machine = enter("queue_work", work)
    with machine.no_preempt:
        if work.pending or work.canceling:
            return False
        if _refused(wq):
            work.pending = True  # Linux leaves it so: pending for ever, and on no list
        else:
            pools().queue(wq, work, cpu)
    return True


def _refused(wq: workqueue_struct) -> bool:
    """Whether a queue that is being emptied refuses a work: it takes only what its own works queue."""
    if not wq.draining:
        return False
    worker = current().worker
    if worker is not None and worker.token is not None and worker.token.wq is wq:
        return False
    warn_once("kernel/workqueue.c", "__queue_work")  # Invariant: called by queue_work_on(), which the trace shows
    return True


def queue_delayed_work(wq: workqueue_struct, work: delayed_work, ticks: int) -> bool:
    """Queue the work after so many ticks; False if it is pending already, on the list or in its timer."""
    machine = enter("queue_delayed_work", work)
    with machine.no_preempt:
        if work.pending or work.canceling or _refused(wq):
            return False
        _later(pools(), wq, work, ticks)
    return True


def schedule_delayed_work(work: delayed_work, ticks: int) -> bool:
    """queue_delayed_work() on the system's queue."""
    return queue_delayed_work(system_wq, work, ticks)


def mod_delayed_work(wq: workqueue_struct, work: delayed_work, ticks: int) -> bool:
    """Queue the work after so many ticks from now, whether it was pending or not; True if it was."""
    machine = enter("mod_delayed_work", work)
    with machine.no_preempt:
        was = _grab(work)
        _later(pools(), wq, work, ticks)
    return was


def _later(all_pools: Pools, wq: workqueue_struct, work: delayed_work, ticks: int) -> None:
    if ticks == 0:
        all_pools.queue(wq, work, WORK_CPU_UNBOUND)
        return
    work.pending = True
    work.wq, work.module = wq, current().module or work.module
    interrupts().set(work.timer, jiffies() + ticks)


def work_pending(work: work_struct) -> bool:
    """Whether the work is queued, or its timer runs, and it has not begun."""
    enter("work_pending", work)
    return work.pending


delayed_work_pending = work_pending


def flush_work(work: work_struct) -> bool:
    """Wait until the work, as queued last, is done; False if there was nothing to wait for."""
    might_sleep()
    machine = enter("flush_work", work)
    with machine.no_preempt:
        token = work.token if work.token and not work.token.done else None
        if token is None:
            return False
        end = token.on_end()
    wait_for_completion(end)
    return True


def flush_delayed_work(work: delayed_work) -> bool:
    """Queue the work now instead of later, and wait until it is done."""
    machine = enter("flush_delayed_work", work)
    with machine.no_preempt:
        if work.timer.pending:
            interrupts().timers.remove(work.timer)
            work.timer.pending = False
            pools().queue(work.wq or system_wq, work, WORK_CPU_UNBOUND)
    return flush_work(work)


def flush_workqueue(wq: workqueue_struct) -> None:
    """Wait until everything that is queued now is done. What a work queues anew meanwhile is not waited for."""
    might_sleep()
    machine = enter("flush_workqueue", wq)
    ends: list[completion] = []
    with machine.no_preempt:
        ends = [token.on_end() for token in pools().tokens if token.wq is wq]
    for end in ends:
        wait_for_completion(end)


def flush_scheduled_work() -> None:
    """flush_workqueue() of the system's queue."""
    flush_workqueue(system_wq)


def drain_workqueue(wq: workqueue_struct) -> None:
    """Flush until nothing is left, and let only the queue's own works queue more meanwhile."""
    wq.draining += 1
    while any(token.wq is wq for token in pools().tokens):
        flush_workqueue(wq)
    wq.draining -= 1


def cancel_work(work: work_struct) -> bool:
    """Take the work off the list; it may be running still. True if it was pending."""
    machine = enter("cancel_work", work)
    with machine.no_preempt:
        return _grab(work)


def cancel_work_sync(work: work_struct) -> bool:
    """Take the work off the list and wait until it does not run either, even if it queues itself. True if it was pending."""
    might_sleep()
    machine = enter("cancel_work_sync", work)
    with machine.no_preempt:
        was = _grab(work)
        work.canceling = True
        end = work.running.on_end() if work.running else None
    if end is not None:
        wait_for_completion(end)
    work.canceling = False
    return was


cancel_delayed_work = cancel_work
cancel_delayed_work_sync = cancel_work_sync


def _grab(work: work_struct) -> bool:
    """Take a pending work off its list or its timer; whether it was pending. Called inside no_preempt."""
    was = work.pending
    if isinstance(work, delayed_work) and work.timer.pending:
        interrupts().timers.remove(work.timer)
        work.timer.pending = False
    elif was:
        pools().remove(work)
    work.pending = False
    return was


def destroy_workqueue(wq: workqueue_struct) -> None:
    """Drain the queue and free it, with its rescuer."""
    drain_workqueue(wq)
    if wq.rescuer is not None:
        kthread_stop(wq.rescuer)
        wq.rescuer = None
    if wq.destroyed:
        warn("kernel/workqueue.c", "destroy_workqueue")
    wq.destroyed = True


def current_work() -> work_struct | None:
    """The work that the current kworker does."""
    worker = current().worker
    return worker.token.work if worker is not None and worker.token is not None else None
