# ruff: noqa: N801 — Linux's own names
"""The kworkers: pools of kthreads that do what is queued, as few at a time as keep the processor busy.

A pool for each CPU, one more for urgent work, and two that belong to no CPU. A CPU's pool runs one work at a time; when
that one sleeps, the next kworker takes over (kernel/workqueue.c: wq_worker_sleeping). An unbound pool runs all at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from labkit.simkernel.completion import completion
from labkit.simkernel.kthreadd import early_kthread
from labkit.simkernel.sched import try_to_wake_up
from labkit.simkernel.task import Kernel, current, enter, task_struct, the_kernel
from labkit.simkernel.timer import timer_list
from labkit.taskinfo import PF_NO_SETAFFINITY, PF_WQ_WORKER, TASK_IDLE

WQ_UNBOUND: Final = 1 << 1
WQ_HIGHPRI: Final = 1 << 4
WORK_CPU_UNBOUND: Final = 64
"""queue_work_on() with this CPU: the one that asks, or any for an unbound queue."""


class work_struct:
    """One piece of work: func(work). `data` is yours; in C it lies around the work (container_of)."""

    def __init__(self, func: Callable[[Any], Any] | None = None, data: Any = None) -> None:
        self.func = func
        self.data = data
        self.pending = False
        self.canceling = False
        self.token: Token | None = None
        self.running: Token | None = None
        self.wq: workqueue_struct | None = None
        self.module: Any = None

    def describe(self) -> str:
        """What it is, in words."""
        return f"work {getattr(self.func, '__name__', '')}"


class delayed_work(work_struct):
    """Work that is queued after some ticks."""

    def __init__(self, func: Callable[[Any], Any] | None = None, data: Any = None) -> None:
        super().__init__(func, data)
        self.timer = timer_list(lambda timer: self._due())

    def _due(self) -> None:
        with enter("delayed_work_timer", self).no_preempt:
            if self.wq is not None and self.pending:
                pools().queue(self.wq, self, WORK_CPU_UNBOUND)


class workqueue_struct:
    """A queue: what may run at the same time, where, and under which name."""

    def __init__(self, name: str, flags: int, max_active: int) -> None:
        self.name = name
        self.flags = flags
        self.max_active = max_active
        self.draining = 0
        self.destroyed = False
        self.rescuer: task_struct | None = None

    def describe(self) -> str:
        """What it is, in words."""
        return f"workqueue '{self.name}'"


class Token:
    """One time that a work was queued, from then until it is done."""

    def __init__(self, wq: workqueue_struct, work: work_struct, pool: Pool) -> None:
        self.wq = wq
        self.work = work
        self.pool = pool
        self.done = False
        self.worker: Worker | None = None
        self.ends: list[completion] = []

    def on_end(self) -> completion:
        """Something to wait for until the work is done. Called inside no_preempt."""
        end = completion(f"the end of {self.work.describe()}")
        end.by = self.worker.task if self.worker else None
        self.ends.append(end)
        return end

    def finish(self) -> None:
        """It is done, or was taken back. Called inside no_preempt."""
        self.done = True
        pools().tokens.remove(self)
        for end in self.ends:
            end.finish()


class Worker:
    """A kworker: its task, and what it does at this moment."""

    def __init__(self, pool: Pool, number: int) -> None:
        self.pool = pool
        self.number = number
        self.idle = True
        self.idle_since = 0
        self.token: Token | None = None
        self.desc = ""
        self.task: task_struct = None  # type: ignore[assignment]

    def full_name(self, comm: str) -> str:
        """The name in /proc: with the queue it serves (+) or served last (-)."""
        return f"{comm}{'+' if self.token else '-'}{self.desc}" if self.desc else comm

    def sleeps(self) -> None:
        """The work goes to sleep: another kworker may take over. Called inside no_preempt."""
        if not self.idle:
            self.pool.running -= 1
            self.pool.wake_one()

    def goes_on(self) -> None:
        """The work was woken."""
        if not self.idle:
            self.pool.running += 1


class Pool:
    """Kworkers that share a list of works."""

    def __init__(self, number: int, cpu: int | None, highpri: bool) -> None:
        self.number = number
        self.cpu = cpu
        self.highpri = highpri
        self.works: list[Token] = []
        self.workers: list[Worker] = []
        self.running = 0
        self.creating = False

    def needs_more(self) -> bool:
        """Whether a work waits that nobody is about to take."""
        return any(self.may_start(t) for t in self.works) and (self.cpu is None or self.running == 0)

    def may_start(self, token: Token) -> bool:
        """A queue runs at most max_active works at a time, and the same work never twice."""
        active = [w.token for w in self.workers if w.token is not None]
        if any(t.work is token.work for t in active):
            return False
        if token.wq.max_active == 1:  # ordered: and in the order of queueing, whatever the pool
            return next(t for t in pools().tokens if t.wq is token.wq) is token
        return sum(t.wq is token.wq for t in active) < token.wq.max_active

    def wake_one(self) -> None:
        """Wake an idle kworker if one is needed. Called inside no_preempt."""
        if self.needs_more():
            idle = [w for w in self.workers if w.idle]
            if idle:  # the one that has idled least long: its cache is still warm
                try_to_wake_up(max(idle, key=lambda w: w.idle_since).task, TASK_IDLE)

    def name(self, number: int) -> str:
        """Name of a kworker."""
        where = f"u{self.number}" if self.cpu is None else f"{self.cpu}"
        return f"kworker/{where}:{number}{'H' if self.highpri else ''}"

    def add(self, worker: Worker, task: task_struct) -> None:
        """A new kworker."""
        worker.task = task
        task.worker = worker
        task.module = None
        task.flags |= PF_WQ_WORKER | PF_NO_SETAFFINITY
        if self.cpu is not None:
            task.cpus, task.cpu = (self.cpu,), self.cpu
        self.workers.append(worker)


class Pools:
    """All pools of a kernel, and all works that are queued or being done."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.tokens: list[Token] = []
        n = 2 * kernel.cpus
        self.bound = [[Pool(2 * cpu + high, cpu, bool(high)) for high in (0, 1)] for cpu in range(kernel.cpus)]
        self.unbound = [Pool(n + high, None, bool(high)) for high in (0, 1)]

    def queue(self, wq: workqueue_struct, work: work_struct, cpu: int) -> None:
        """Put the work on the list of its pool. Called inside no_preempt."""
        high = int(bool(wq.flags & WQ_HIGHPRI))
        if wq.flags & WQ_UNBOUND:
            pool = self.unbound[high]
        else:
            pool = self.bound[current().cpu if cpu == WORK_CPU_UNBOUND else cpu][high]
        if work.running is not None:
            pool = work.running.pool  # where it runs now: so it never runs twice at a time
        token = Token(wq, work, pool)
        work.module = current().module or work.module  # whose code it runs; a timer that queues it has none
        work.pending, work.token, work.wq = True, token, wq
        self.tokens.append(token)
        pool.works.append(token)
        self.first(pool)
        pool.wake_one()

    def first(self, pool: Pool) -> None:
        """The kworker that every pool has since boot."""
        from labkit.simkernel.kworker import worker_thread

        if not pool.workers:
            worker = Worker(pool, 0)
            task = early_kthread(self.kernel, pool.name(0), TASK_IDLE, worker_thread, worker)
            task.prio = 100 if pool.highpri else 120
            pool.add(worker, task)

    def remove(self, work: work_struct) -> None:
        """Take a work off its list before it begins. Called inside no_preempt."""
        token = work.token
        if token is not None and token in token.pool.works:
            token.pool.works.remove(token)
            token.finish()
            token.pool.wake_one()


def pools() -> Pools:
    """The pools of the running kernel."""
    kernel = the_kernel()
    if "pools" not in kernel.rooms:
        kernel.rooms["pools"] = Pools(kernel)
    found: Pools = kernel.rooms["pools"]
    return found
