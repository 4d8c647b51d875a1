# ruff: noqa: N801 — Linux's own names
"""The life of a kthread: created by kthreadd, woken by its maker, parked, and stopped by asking.

Nobody ends a kthread from outside: kthread_stop() sets a flag, wakes it and waits until it returns. The functions follow
kernel/kthread.c of Linux 6.1 step by step, so that the same races are in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from labkit import here
from labkit.errors import LabError
from labkit.simkernel.errptr import EBUSY, EINTR, ENOSYS, ERR_PTR, ErrPtr
from labkit.simkernel.report import null_dereference, refcount_warning, warn, warn_once
from labkit.simkernel.sched import leave, might_sleep, pointer, try_to_wake_up, wake_up_process
from labkit.simkernel.task import (
    KTHREAD_FLAGS,
    KTHREADD_PID,
    TASK_NORMAL,
    Exited,
    Kernel,
    check_alive,
    current,
    enter,
    start,
    task_struct,
    the_kernel,
)
from labkit.simkernel.vsprintf import vsprintf
from labkit.simkernel.wait import completion, wait_for_completion
from labkit.taskinfo import (
    PF_EXITING,
    PF_NO_SETAFFINITY,
    TASK_INTERRUPTIBLE,
    TASK_PARKED,
    TASK_RUNNING,
    TASK_UNINTERRUPTIBLE,
)

NUMA_NO_NODE = -1


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
            leave(kernel, task, None)
        self = task.kthread
        enter("kthread_should_stop", self)
        result: Any = -EINTR
        if not self.should_stop:
            kthread_parkme()
            result = self.threadfn(self.data)
            check_alive(task)
        self.result = 0 if result is None else result

    start(task, kthread)


def early_kthread(
    kernel: Kernel, name: str, state: int, threadfn: Callable[[Any], Any] | None = None, data: Any = None
) -> task_struct:
    """A kthread that is there since boot. It gets a thread, and runs threadfn, when it is woken first."""
    requests: Requests = kernel.rooms["kthreadd"]
    task = task_struct(kernel, name, requests.kthreadd, KTHREAD_FLAGS)
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


def kthread_create(threadfn: Callable[[Any], Any], data: Any, namefmt: str, *args: Any) -> Any:
    """Have kthreadd create a kthread. It is stopped: TASK_UNINTERRUPTIBLE, until wake_up_process(). The task, or ERR_PTR."""
    return kthread_create_on_node(threadfn, data, NUMA_NO_NODE, namefmt, *args)


def kthread_create_on_node(threadfn: Callable[[Any], Any], data: Any, node: int, namefmt: str, *args: Any) -> Any:
    """kthread_create(), with the memory of one node of the machine; the simkernel has one node."""
    if not callable(threadfn):
        raise LabError(f"kthread_create({threadfn!r}): give the function, not its result: kthread_create(fn, data, 'name')")
    might_sleep()
    machine = enter("kthread_create", _requests())
    kernel = the_kernel()
    if error := kernel.fault("kthread_create"):
        return ERR_PTR(error)
    create = kthread_create_info(threadfn, data, vsprintf(namefmt, *args), current().module)
    create.done.by = _requests().kthreadd
    with machine.no_preempt:
        _requests().list.append(create)
        try_to_wake_up(_requests().kthreadd, TASK_NORMAL)
    wait_for_completion(create.done)
    return create.result


def kthread_create_on_cpu(threadfn: Callable[[Any], Any], data: Any, cpu: int, namefmt: str) -> Any:
    """kthread_create(), bound to one CPU, whose number the %u of the name takes."""
    task = kthread_create_on_node(threadfn, data, NUMA_NO_NODE, namefmt, *((cpu,) if "%" in namefmt else ()))
    if isinstance(task, task_struct):
        kthread_bind(task, cpu)
    return task


def kthread_run(threadfn: Callable[[Any], Any], data: Any, namefmt: str, *args: Any) -> Any:
    """kthread_create() and wake_up_process()."""
    task = kthread_create(threadfn, data, namefmt, *args)
    if isinstance(task, task_struct):
        wake_up_process(task)
    return task


def kthread_bind(k: task_struct, cpu: int) -> None:
    """Let a kthread that was not woken yet run on this CPU only."""
    kthread_bind_mask(k, (cpu,))


def kthread_bind_mask(k: task_struct, cpus: Iterable[int]) -> None:
    """Let a kthread that was not woken yet run on these CPUs only."""
    k = pointer(k, "kthread_bind_mask")
    machine = enter("kthread_bind", k)
    with machine.no_preempt:
        if k.state != TASK_UNINTERRUPTIBLE:
            warn("kernel/kthread.c", "kthread_bind_mask")
            return
        k.cpus = tuple(cpus)
        k.cpu = k.cpus[0]
        k.flags |= PF_NO_SETAFFINITY


def kthread_should_stop() -> bool:
    """Whether kthread_stop() was called for this kthread: return, then."""
    self = _me("kthread_should_stop")
    enter("kthread_should_stop", self)
    return bool(self.should_stop)


def kthread_should_park() -> bool:
    """Whether kthread_park() was called for this kthread: call kthread_parkme(), then."""
    self = _me("kthread_should_park")
    enter("kthread_should_park", self)
    return bool(self.should_park)


def kthread_parkme() -> None:
    """Sleep in TASK_PARKED as long as the kthread is to be parked; go on from here afterwards."""
    self, task = _me("kthread_parkme"), current()
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


def kthread_park(k: task_struct) -> int:
    """Ask a kthread to park, and wait until it has: 0; -EBUSY if it is asked already, -ENOSYS if it is ending."""
    k = _to_kthread(k, "kthread_park")
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
    k = _to_kthread(k, "kthread_unpark")
    machine = enter("kthread_unpark", k.kthread)
    with machine.no_preempt:
        k.kthread.should_park = False
        try_to_wake_up(k, TASK_PARKED)


def kthread_stop(k: Any) -> Any:
    """Ask a kthread to stop, wake it, wait for its end; what threadfn returned, or -EINTR if it was never called.

    Whoever calls this must know that the task_struct is still there: the kthread does not return before it is told to, or
    the caller holds a reference (get_task_struct).
    """
    k = _to_kthread(k, "kthread_stop")
    might_sleep()
    machine = enter("kthread_stop", k.kthread)
    with machine.no_preempt:
        if gone := k.freed:
            refcount_warning("addition on 0; use-after-free.")
        else:
            k.usage += 1
        k.kthread.should_stop = True
        k.kthread.should_park = False
        try_to_wake_up(k, TASK_PARKED)
        if k.kernel.number >= (6, 1):
            k.signalled = True  # TIF_NOTIFY_SIGNAL: throws it out of an interruptible sleep
        try_to_wake_up(k, TASK_NORMAL)
    wait_for_completion(k.kthread.exited)  # finished once: a second stop, even with a reference, waits for ever
    result = k.kthread.result
    with machine.no_preempt:
        if gone:
            refcount_warning("underflow; use-after-free.")
        else:
            k.kernel.put(k)
    return result


def kthread_exit(result: Any) -> NoReturn:
    """End the current kthread with this result. Declared, but not exported to modules in 6.1."""
    self = _me("kthread_exit")
    enter("kthread_exit", self)
    self.result = result
    raise Exited


def kthread_complete_and_exit(x: completion | None, code: Any) -> NoReturn:
    """Finish a completion and end, in one step that does not go back to the module's code."""
    self = _me("kthread_complete_and_exit")
    machine = enter("kthread_complete_and_exit", x)
    with machine.no_preempt:
        self.result = code
        current().module = None
        if x is not None:
            x.finish()
    raise Exited


def kthread_data(k: task_struct) -> Any:
    """The data that threadfn was given."""
    return pointer(k, "kthread_data").kthread.data


def kthread_func(k: task_struct) -> Callable[[Any], Any]:
    """The function that the kthread runs."""
    fn: Callable[[Any], Any] = pointer(k, "kthread_func").kthread.threadfn
    return fn


def _me(what: str) -> kthread_struct:
    """The current kthread's own part; a task that is no kthread has none, and to_kthread() says so."""
    task = current()
    if task.kthread is None:
        warn("kernel/kthread.c", what)
        raise LabError(f"{what}(): '{task.comm}' is no kthread; call it in the function that kthread_run() was given")
    kthread: kthread_struct = task.kthread
    return kthread


def _to_kthread(k: Any, what: str) -> task_struct:
    """The task behind a pointer, which has to be a kthread: to_kthread() warns if it is none, and NULL comes out of it."""
    task = pointer(k, what)
    if task.kthread is None:
        warn("kernel/kthread.c", what)
        null_dereference(what)
    return task


def _requests() -> Requests:
    kernel = the_kernel()
    if "kthreadd" not in kernel.rooms:
        kernel.rooms["kthreadd"] = Requests(kernel)
    requests: Requests = kernel.rooms["kthreadd"]
    return requests
