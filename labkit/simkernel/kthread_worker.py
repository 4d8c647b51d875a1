# ruff: noqa: N801 — Linux's own names
"""kthread_worker: one kthread that does the works queued for it, one after the other, in their order.

Between a kthread with a loop of its own and a workqueue: the worker is yours (its priority, its CPU), the loop is Linux's.
Follows kernel/kthread.c of 6.1: a work that is pending already is not queued again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from labkit.simkernel.completion import complete, completion, wait_for_completion
from labkit.simkernel.errptr import ERR_PTR, PTR_ERR_OR_ZERO
from labkit.simkernel.kthread import kthread_create, kthread_should_stop, kthread_stop
from labkit.simkernel.preempt import cond_resched
from labkit.simkernel.report import warn, warn_once
from labkit.simkernel.sched import jiffies, schedule, set_current_state, try_to_wake_up, wake_up_process
from labkit.simkernel.task import TASK_NORMAL, enter, task_struct
from labkit.simkernel.timer import del_timer, interrupts, timer_list
from labkit.simkernel.vsprintf import vsprintf
from labkit.taskinfo import TASK_INTERRUPTIBLE, TASK_RUNNING


class kthread_work:
    """One piece of work: func(work). `data` is yours; in C it lies around the work (container_of)."""

    def __init__(self, func: Callable[[Any], Any], data: Any = None) -> None:
        self.func = func
        self.data = data
        self.worker: kthread_worker | None = None
        self.queued = False
        self.canceling = 0

    def describe(self) -> str:
        """What it is, in words."""
        return f"kthread_work {getattr(self.func, '__name__', '')}"


class kthread_delayed_work(kthread_work):
    """Work that is queued after some ticks."""

    def __init__(self, func: Callable[[Any], Any], data: Any = None) -> None:
        super().__init__(func, data)
        self.timer = timer_list(lambda timer: self._due())

    def _due(self) -> None:
        if self.worker is not None and not self.queued and not self.canceling:
            _insert(self.worker, self)


class kthread_worker:
    """The list of works and the kthread that does them."""

    def __init__(self) -> None:
        self.work_list: list[kthread_work] = []
        self.task: task_struct | None = None
        self.current_work: kthread_work | None = None

    def describe(self) -> str:
        """What it is, in words."""
        return f"kthread_worker '{self.task.comm if self.task else ''}'"

    def holders(self) -> tuple[str, ...]:
        """The kthread behind it."""
        return self.task.holders() if self.task else ()


def kthread_init_worker(worker: kthread_worker) -> None:
    """Prepare a worker whose kthread you make yourself: kthread_run(kthread_worker_fn, worker, "name")."""
    worker.work_list.clear()
    worker.task = worker.current_work = None


def kthread_init_work(work: kthread_work, func: Callable[[Any], Any]) -> None:
    """Prepare a work."""
    work.func = func
    work.worker, work.queued, work.canceling = None, False, 0


def kthread_create_worker(flags: int, namefmt: str, *args: Any) -> Any:
    """A worker with its kthread, which 6.1 wakes at once; or ERR_PTR."""
    worker = kthread_worker()
    task = kthread_create(kthread_worker_fn, worker, "%s", vsprintf(namefmt, *args))
    if not isinstance(task, task_struct):
        return ERR_PTR(PTR_ERR_OR_ZERO(task))
    worker.task = task
    wake_up_process(task)
    return worker


def kthread_worker_fn(worker: kthread_worker) -> int:
    """The kthread's loop: take the next work, do it; nothing to do: sleep; told to stop: return."""
    from labkit.simkernel.task import current

    worker.task = worker.task or current()
    while True:
        set_current_state(TASK_INTERRUPTIBLE)
        if kthread_should_stop():
            set_current_state(TASK_RUNNING)
            worker.task = None
            return 0
        machine = enter("kthread_worker_fn", worker)
        with machine.no_preempt:
            work = worker.work_list.pop(0) if worker.work_list else None
            if work is not None:
                work.queued = False
            worker.current_work = work
        if work is not None:
            set_current_state(TASK_RUNNING)
            work.func(work)
        else:
            schedule()
        cond_resched()


def kthread_queue_work(worker: kthread_worker, work: kthread_work) -> bool:
    """Queue a work; False if it is pending already."""
    machine = enter("kthread_queue_work", work)
    with machine.no_preempt:
        if work.queued or work.canceling:
            return False
        _insert(worker, work)
    return True


def kthread_queue_delayed_work(worker: kthread_worker, work: kthread_delayed_work, ticks: int) -> bool:
    """Queue a work after so many ticks; False if it is pending already."""
    machine = enter("kthread_queue_delayed_work", work)
    with machine.no_preempt:
        if work.queued or work.timer.pending or work.canceling:
            return False
        if ticks == 0:
            _insert(worker, work)
        else:
            work.worker = worker
            interrupts().set(work.timer, jiffies() + ticks)
    return True


def kthread_flush_work(work: kthread_work) -> None:
    """Wait until the work, as queued now, is done."""
    machine = enter("kthread_flush_work", work)
    with machine.no_preempt:
        worker = work.worker
        if worker is None:
            return
        if work.queued:
            place = worker.work_list.index(work) + 1
        elif worker.current_work is work:
            place = 0
        else:
            return
        done = _barrier(worker, place)
    wait_for_completion(done)


def kthread_flush_worker(worker: kthread_worker) -> None:
    """Wait until all works queued now are done."""
    machine = enter("kthread_flush_worker", worker)
    with machine.no_preempt:
        done = _barrier(worker, len(worker.work_list))
    wait_for_completion(done)


def kthread_cancel_work_sync(work: kthread_work) -> bool:
    """Take the work off the list, and wait until it does not run either; True if it was pending."""
    machine = enter("kthread_cancel_work_sync", work)
    with machine.no_preempt:
        worker, was = work.worker, work.queued
        if worker is None:
            return False
        if was:
            worker.work_list.remove(work)
            work.queued = False
        if worker.current_work is not work:
            return was
        work.canceling += 1
        done = _barrier(worker, 0)
    wait_for_completion(done)
    work.canceling -= 1
    return was


def kthread_cancel_delayed_work_sync(work: kthread_delayed_work) -> bool:
    """The same for a delayed work, its timer included."""
    return bool(del_timer(work.timer)) | kthread_cancel_work_sync(work)


def kthread_destroy_worker(worker: kthread_worker) -> None:
    """Do what is queued, stop the kthread, and warn about works that came in between."""
    task = worker.task
    if task is None:
        warn("kernel/kthread.c", "kthread_destroy_worker")
        return
    kthread_flush_worker(worker)
    kthread_stop(task)
    if worker.work_list:
        warn("kernel/kthread.c", "kthread_destroy_worker")


def _insert(worker: kthread_worker, work: kthread_work, place: int | None = None) -> None:
    """Put the work on the list and wake the kthread if it does nothing. Called inside no_preempt."""
    if work.worker is not None and work.worker is not worker:
        warn_once("kernel/kthread.c", "kthread_insert_work")
    worker.work_list.insert(len(worker.work_list) if place is None else place, work)
    work.worker, work.queued = worker, True
    if worker.current_work is None and worker.task is not None:
        try_to_wake_up(worker.task, TASK_NORMAL)


def _barrier(worker: kthread_worker, place: int) -> completion:
    """A work at this place that does nothing but tell that it was reached."""
    done = completion("kthread flush")
    done.by = worker.task
    _insert(worker, kthread_work(lambda work: complete(done)), place)
    return done
