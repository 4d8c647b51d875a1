"""Parking: setting a kthread aside without ending it, and letting it go on from where it parked (kernel/kthread.c)."""

from __future__ import annotations

from labkit.simkernel.completion import wait_for_completion
from labkit.simkernel.errptr import EBUSY, ENOSYS
from labkit.simkernel.kthread import to_kthread
from labkit.simkernel.report import warn, warn_once
from labkit.simkernel.sched import try_to_wake_up, wake_up_process
from labkit.simkernel.task import (
    current,
    enter,
    task_struct,
)
from labkit.taskinfo import (
    PF_EXITING,
    TASK_PARKED,
)


def kthread_park(k: task_struct) -> int:
    """Ask a kthread to park, and wait until it has: 0; -EBUSY if it is asked already, -ENOSYS if it is ending."""
    k = to_kthread(k, "kthread_park")
    machine = enter("kthread_park", k.kthread)
    with machine.no_preempt:
        if k.flags & PF_EXITING:
            warn("kernel/kthread.c", "kthread_park")
            return -ENOSYS
        if k.kthread.should_park:
            warn_once("kernel/kthread.c", "kthread_park")
            return -EBUSY
        k.kthread.should_park = True
    if k is not current():
        wake_up_process(k)
        wait_for_completion(k.kthread.parked)
    return 0


def kthread_unpark(k: task_struct) -> None:
    """Let a parked kthread go on after its kthread_parkme()."""
    k = to_kthread(k, "kthread_unpark")
    machine = enter("kthread_unpark", k.kthread)
    with machine.no_preempt:
        k.kthread.should_park = False
        try_to_wake_up(k, TASK_PARKED)
