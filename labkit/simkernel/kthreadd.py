# ruff: noqa: N801 — Linux's own names
"""kthreadd, pid 2, the parent of all kthreads, and the first steps of each that it creates (kernel/kthread.c)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from labkit import here
from labkit.simkernel.backtrace import INSTEAD
from labkit.simkernel.completion import completion
from labkit.simkernel.errptr import EINTR, ErrPtr
from labkit.simkernel.explored import observed
from labkit.simkernel.oops import null_dereference
from labkit.simkernel.report import warn
from labkit.simkernel.sched import leave
from labkit.simkernel.task import (
    KTHREAD_FLAGS,
    KTHREADD_PID,
    Kernel,
    check_alive,
    current,
    enter,
    start,
    task_struct,
    the_kernel,
)
from labkit.taskinfo import (
    TASK_INTERRUPTIBLE,
    TASK_PARKED,
    TASK_RUNNING,
    TASK_UNINTERRUPTIBLE,
)


class kthread_struct:
    """What a kthread has besides its task_struct: struct kthread of kernel/kthread.c."""

    def __init__(self, threadfn: Callable[[Any], Any], data: Any, task: task_struct) -> None:
        self.threadfn = threadfn
        self.data = data
        self.result: Any = 0
        self.should_stop = False
        self.should_park = False
        self.parked = completion("parked")
        self.exited = completion("exited")
        self.parked.by = self.exited.by = task

    def describe(self) -> str:
        """What it is, in words."""
        return f"kthread '{self.exited.by.comm}'"


class kthread_create_info:
    """A request to kthreadd."""

    def __init__(self, threadfn: Callable[[Any], Any], data: Any, name: str, module: Any) -> None:
        self.threadfn = threadfn
        self.data = data
        self.name = name
        self.module = module
        self.result: task_struct | ErrPtr | None = None
        self.done = completion("kthread created")


class Requests:
    """What kthreadd has to create: kthread_create_list."""

    def __init__(self, kernel: Kernel) -> None:
        self.list: list[kthread_create_info] = []
        self.kthreadd = task_struct(kernel, "kthreadd", None, KTHREAD_FLAGS & ~0x8040 | 0x208040, KTHREADD_PID)
        self.kthreadd.state = TASK_INTERRUPTIBLE
        self.kthreadd.stack = ["kthreadd", "ret_from_fork"]
        self.kthreadd.body = self.serve

    def serve(self) -> None:
        """Kthreadd's loop: create what was asked for, sleep, again."""
        kthreadd = self.kthreadd
        while True:
            enter("kthreadd", self)
            with here.machine.no_preempt:
                if not self.list:
                    kthreadd.state = TASK_INTERRUPTIBLE
                    leave(kthreadd.kernel, kthreadd, self)
            while self.list:
                create_kthread(self.list.pop(0))

    def describe(self) -> str:
        """What kthreadd waits for."""
        return "a kthread to create"

    def holders(self) -> tuple[str, ...]:
        """Nobody in particular."""
        return ()


def create_kthread(create: kthread_create_info) -> None:
    """kthreadd makes the task. The task finishes the request itself, and goes to sleep before threadfn."""
    kernel = the_kernel()
    with here.machine.no_preempt:
        task = task_struct(kernel, create.name, kernel.tasks[KTHREADD_PID], KTHREAD_FLAGS)
        task.module = create.module
        task.kthread = kthread_struct(create.threadfn, create.data, task)
        task.state = TASK_RUNNING
        create.result = task

    def kthread() -> None:
        with here.machine.no_preempt:
            task.state = TASK_UNINTERRUPTIBLE
            create.done.finish()
            schedule_preempt_disabled(task)
        self = task.kthread
        enter("kthread_should_stop", self)
        result: Any = -EINTR
        if not self.should_stop:
            kthread_parkme()
            result = observed(self.threadfn)(self.data)
            check_alive(task)
        self.result = 0 if result is None else result

    start(task, kthread)


def schedule_preempt_disabled(task: task_struct) -> None:
    """Sleep in a place where preemption is off, so that nothing comes between the state and the sleep."""
    leave(task.kernel, task, None)


def early_kthread(
    kernel: Kernel, name: str, state: int, threadfn: Callable[[Any], Any] | None = None, data: Any = None
) -> task_struct:
    """A kthread that is there since boot. It gets a thread, and runs threadfn, when it is woken first."""
    room: Requests = kernel.rooms["kthreadd"]
    task = task_struct(kernel, name, room.kthreadd, KTHREAD_FLAGS)
    task.module = None
    task.kthread = kthread_struct(threadfn or _nothing, data, task)
    task.state = state
    task.stack = [task.kthread.threadfn.__name__ if threadfn else name, "kthread", "ret_from_fork"]

    def kthread() -> None:
        task.kthread.result = task.kthread.threadfn(task.kthread.data)

    task.body = kthread
    return task


def _nothing(data: Any) -> int:
    return 0


def kthread_parkme() -> None:
    """Sleep in TASK_PARKED as long as the kthread is to be parked; go on from here afterwards."""
    self, task = this_kthread("kthread_parkme"), current()
    while True:
        machine = enter("kthread_parkme", self)
        with machine.no_preempt:
            if not self.should_park:
                task.state = TASK_RUNNING
                return
            task.state = TASK_PARKED
            self.parked.finish()
            leave(task.kernel, task, None)
        check_alive(task)


def this_kthread(what: str) -> kthread_struct:
    """The current kthread's own part; a task that is no kthread has none, and NULL is used instead."""
    task = current()
    if task.kthread is None:
        warn("kernel/kthread.c", what)
        hint = f"; {what}(): '{task.comm}' is no kthread; call it in the function that kthread_run() was given"
        null_dereference(INSTEAD.get(what, [what])[0], hint=hint)
    kthread: kthread_struct = task.kthread
    return kthread


def requests() -> Requests:
    """What kthreadd of the running kernel has to do."""
    kernel = the_kernel()
    if "kthreadd" not in kernel.rooms:
        kernel.rooms["kthreadd"] = Requests(kernel)
    room: Requests = kernel.rooms["kthreadd"]
    return room
