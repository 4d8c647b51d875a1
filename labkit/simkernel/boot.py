"""Switching the simulated kernel on: as a labkit program, or as a machine that loads one module.

program(init) is a program like any other: run(), every machine and every policy take it, and so does the explorer. It
boots a kernel, calls init() as the insmod process does, and switches the power off, whatever still runs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from labkit import here
from labkit.errors import LabError
from labkit.simkernel.explored import look, observed
from labkit.simkernel.kthreadd import Requests
from labkit.simkernel.ringbuffer import LogBuffer
from labkit.simkernel.task import Exited, Kernel, Oops, PowerOff, switch_on, task_struct
from labkit.simkernel.timer import swapper
from labkit.simkernel.usual import make_usual_kthreads, watch_hung_tasks
from labkit.taskinfo import TASK_INTERRUPTIBLE, TASK_RUNNING
from labkit.thread import EXITED

PREEMPT: Final = ("none", "voluntary", "full")
INSMOD_PID: Final = 99
"""insmod's pid, and so 100 the first kthread's: as in the booted 6.1 that the course uses."""
PF_RANDOMIZE: Final = 0x00400000
PF_SUPERPRIV: Final = 0x00000100


def program(
    init: Callable[[], Any],
    exit: Callable[[], Any] | None = None,  # noqa: A002 — what the module's other end is called
    cpus: int = 1,
    preempt: str = "full",
    usual_kthreads: bool = False,
    version: str = "6.1",
    hung_task_timeout_secs: int = 0,
) -> Callable[[], Any]:
    """A labkit program that boots a simkernel, calls init() and then exit() in it, and returns what init() returned.

    Args:
        init: what insmod calls; runs as a process, not as a kthread.
        exit: what rmmod calls afterwards.
        cpus: how many; with 1, kernel code that holds a spinlock or disables preemption has the processor to itself.
        preempt: "none", "voluntary" or "full", as the boot parameter; counts on a machine that preempts, and with 1 CPU.
        usual_kthreads: also make the kthreads that every Linux has.
        version: whose behaviour: before "6.1" kthread_stop() did not end an interruptible sleep.
        hung_task_timeout_secs: let khungtaskd look for hung tasks this often; 0: do not.
    """
    check_boot(cpus, preempt, version)

    def main() -> Any:
        kernel = power_on(cpus, preempt, version, usual_kthreads, hung_task_timeout_secs)
        try:
            result = call(kernel, "insmod", init)
            if exit is not None:
                call(kernel, "rmmod", exit)
        finally:
            power_off(kernel)
        if kernel.oopses:
            raise Oops(f"the kernel is no longer sound: {kernel.oopses[0]}. dmesg tells what ran and how it came there.")
        return result

    return main


def power_on(cpus: int, preempt: str, version: str, usual_kthreads: bool = False, hung_task_timeout_secs: int = 0) -> Kernel:
    """Boot: init and kthreadd are there, and more kthreads if asked for."""
    kernel = Kernel(LogBuffer(), cpus, preempt, version, hung_task_timeout_secs)
    switch_on(kernel)
    init = task_struct(kernel, "init", None, PF_RANDOMIZE | PF_SUPERPRIV)
    init.state = TASK_INTERRUPTIBLE
    init.stack = ["do_wait", "kernel_wait4", "__do_sys_wait4", "do_syscall_64", "entry_SYSCALL_64_after_hwframe"]
    kernel.rooms["kthreadd"] = Requests(kernel)
    for task in kernel.tasks.values():
        task.real_parent = swapper(kernel)
    kernel.first_pid(3)
    if usual_kthreads:
        make_usual_kthreads(kernel)
    if usual_kthreads or hung_task_timeout_secs:
        watch_hung_tasks(kernel)
    kernel.first_pid(max(INSMOD_PID, kernel.last_pid + 1))
    return kernel


def call(kernel: Kernel, comm: str, fn: Callable[[], Any]) -> Any:
    """Call a module's function as the process that loads or unloads it, on the thread that runs.

    Raises:
        Oops: the function did what must not be, and its process is dead.
    """
    task = process(kernel, comm)
    task.thread = here.machine.current
    kernel.by_thread[here.machine.current] = task
    guard = here.machine.no_preempt if kernel.guarded else here.NO_GUARD
    try:
        with guard:
            return observed(fn)()
    except Exited:
        raise Oops(f"{comm} died in {getattr(fn, '__name__', 'the module')}(): {kernel.oopses[-1]}") from None
    except PowerOff:
        raise Oops(f"Kernel panic - not syncing: {kernel.panicked}") from None
    finally:
        for _ in range(task.guards):
            here.machine.no_preempt.__exit__(None, None, None)
        kernel.release(task)


def process(kernel: Kernel, comm: str) -> task_struct:
    """A task with an address space, a child of init."""
    task = task_struct(kernel, comm, kernel.tasks[1], PF_RANDOMIZE)
    task.state = TASK_RUNNING
    kernel.last_mm = task.mm
    return task


def power_off(kernel: Kernel) -> None:
    """End every task, and forget the kernel."""
    machine = here.machine
    if machine.aborting:
        switch_on(None)
        return
    look("power_off", kernel, kernel, here.Touches(((kernel, "", True), (kernel, "power", True))))
    kernel.load.account()
    kernel.off = True
    me = machine.current
    errors: list[Exception] = []
    while threads := [t for t in kernel.by_thread if t is not me and t.state != EXITED]:
        with machine.no_preempt:
            for thread in threads:
                machine.wake(thread)
        for thread in threads:
            try:
                thread.join()
            except Exception as error:
                errors.append(error)
    errors += [t.error for t in kernel.by_thread if isinstance(t.error, Exception) and not t.error_seen]
    switch_on(None)
    if errors:
        raise errors[0]


def check_boot(cpus: int, preempt: str, version: str) -> None:
    """Refuse what cannot be booted.

    Raises:
        LabError: one of the boot parameters makes no sense.
    """
    if preempt not in PREEMPT:
        raise LabError(f"preempt={preempt!r}: choose one of {', '.join(PREEMPT)}, as the boot parameter")
    if not isinstance(cpus, int) or isinstance(cpus, bool) or not 1 <= cpus <= 64:
        raise LabError(f"cpus={cpus!r}: a whole number from 1 to 64")
    if not isinstance(version, str) or not all(part.isdecimal() for part in version.split(".")) or "." not in version:
        raise LabError(f"version={version!r}: a text such as '6.1'")
