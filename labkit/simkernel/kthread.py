"""The life of a kthread: created by kthreadd, woken by its maker, parked, and stopped by asking.

Nobody ends a kthread from outside: kthread_stop() sets a flag, wakes it and waits until it returns. The functions follow
kernel/kthread.c of Linux 6.1 step by step, so that the same races are in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from labkit.errors import LabError
from labkit.simkernel.completion import completion, wait_for_completion
from labkit.simkernel.errptr import ERR_PTR
from labkit.simkernel.explored import is_explored
from labkit.simkernel.kthreadd import create_kthread, kthread_create_info, requests, this_kthread
from labkit.simkernel.oops import null_dereference
from labkit.simkernel.preempt import might_sleep
from labkit.simkernel.report import refcount_warning, warn
from labkit.simkernel.sched import pointer, try_to_wake_up, wake_up_process
from labkit.simkernel.task import (
    TASK_NORMAL,
    Exited,
    current,
    enter,
    task_struct,
    the_kernel,
)
from labkit.simkernel.vsprintf import vsprintf
from labkit.taskinfo import (
    PF_NO_SETAFFINITY,
    TASK_PARKED,
    TASK_UNINTERRUPTIBLE,
)

NUMA_NO_NODE = -1


def kthread_create(threadfn: Callable[[Any], Any], data: Any, namefmt: str, *args: Any) -> Any:
    """Have kthreadd create a kthread. It is stopped: TASK_UNINTERRUPTIBLE, until wake_up_process(). The task, or ERR_PTR."""
    return kthread_create_on_node(threadfn, data, NUMA_NO_NODE, namefmt, *args)


def kthread_create_on_node(threadfn: Callable[[Any], Any], data: Any, node: int, namefmt: str, *args: Any) -> Any:
    """kthread_create(), with the memory of one node of the machine; the simkernel has one node."""
    if not callable(threadfn):
        raise LabError(f"kthread_create({threadfn!r}): give the function, not its result: kthread_create(fn, data, 'name')")
    might_sleep()
    machine = enter("kthread_create", requests())
    kernel = the_kernel()
    if error := kernel.fault("kthread_create"):
        return ERR_PTR(error)
    create = kthread_create_info(threadfn, data, vsprintf(namefmt, *args), current().module)
    create.done.by = requests().kthreadd
    with machine.no_preempt:
        if is_explored():  # Why: who asks has to wait for kthreadd; its own steps would be schedules without end and news
            create_kthread(create)
        else:
            requests().list.append(create)
            try_to_wake_up(requests().kthreadd, TASK_NORMAL)
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
            warn("kernel/kthread.c", "__kthread_bind")
            return
        k.cpus = tuple(cpus)
        k.cpu = k.cpus[0]
        k.flags |= PF_NO_SETAFFINITY


def kthread_should_stop() -> bool:
    """Whether kthread_stop() was called for this kthread: return, then."""
    self = this_kthread("kthread_should_stop")
    enter("kthread_should_stop", self)
    return bool(self.should_stop)


def kthread_should_park() -> bool:
    """Whether kthread_park() was called for this kthread: call kthread_parkme(), then."""
    self = this_kthread("kthread_should_park")
    enter("kthread_should_park", self)
    return bool(self.should_park)


def kthread_stop(k: Any) -> Any:
    """Ask a kthread to stop, wake it, wait for its end; what threadfn returned, or -EINTR if it was never called.

    Whoever calls this must know that the task_struct is still there: the kthread does not return before it is told to, or
    the caller holds a reference (get_task_struct).
    """
    k = to_kthread(k, "kthread_stop")
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
    self = this_kthread("kthread_exit")
    enter("kthread_exit", self)
    self.result = result
    raise Exited


def kthread_complete_and_exit(x: completion | None, code: Any) -> NoReturn:
    """Finish a completion and end, in one step that does not go back to the module's code."""
    self = this_kthread("kthread_complete_and_exit")
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


def to_kthread(k: Any, what: str) -> task_struct:
    """The task behind a pointer, which has to be a kthread: to_kthread() warns if it is none, and NULL comes out of it."""
    task = pointer(k, what)
    if task.kthread is None:
        warn("kernel/kthread.c", what)
        null_dereference(what)
    return task
