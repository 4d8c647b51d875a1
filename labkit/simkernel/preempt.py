"""Who may take the processor from a task that runs kernel code, and where: preempt=none, voluntary and full."""

from __future__ import annotations

from typing import Any

from labkit import here
from labkit.simkernel.explored import is_explored
from labkit.simkernel.task import PowerOff, check_alive, current, enter, task_struct, the_kernel


def cond_resched() -> int:
    """Let others run if it is their turn: the place where a long loop in the kernel is polite. 1 if they were let."""
    machine = enter("cond_resched")
    task = current()
    if task.preempt_count:
        return 0
    if not is_explored() and not machine.preemptive:
        machine.sched_yield()
    elif task.kernel.guarded:
        open_guard(machine)
    else:
        return 0
    check_off()
    return 1


def open_guard(machine: Any) -> None:
    """With preempt=none and voluntary a task keeps the processor; here it may lose it."""
    machine.no_preempt.__exit__(None, None, None)
    try:
        machine.point("cond_resched", None)
    finally:
        machine.no_preempt.__enter__()


def might_sleep() -> None:
    """A function that may sleep begins: with preempt=voluntary that is a place to let others run."""
    kernel = the_kernel()
    if kernel.preempt == "voluntary" and kernel.guarded and not current().preempt_count:
        open_guard(here.machine)
        check_off()


def check_off() -> None:
    """Back on the processor: is the power still on, and the code still there?"""
    if the_kernel().off:
        raise PowerOff
    check_alive(current())


def keep_processor(task: task_struct) -> None:
    """Preemption off. With one CPU nobody else runs, then."""
    task.preempt_count += 1
    if task.kernel.cpus == 1:
        task.guards += 1
        here.machine.no_preempt.__enter__()


def drop_processor(task: task_struct) -> None:
    """Preemption on again."""
    task.preempt_count -= 1
    if task.guards:
        task.guards -= 1
        here.machine.no_preempt.__exit__(None, None, None)


def balance(task: task_struct) -> None:
    """Whatever it has disabled: preemption is on."""
    task.preempt_count = 0
    while task.guards:
        task.guards -= 1
        here.machine.no_preempt.__exit__(None, None, None)


def preempt_disable() -> None:
    """Keep the processor until preempt_enable(). It counts, so it nests."""
    enter("preempt_disable")
    keep_processor(current())


def preempt_enable() -> None:
    """Give preemption back, and let it happen if it is due."""
    drop_processor(current())
    enter("preempt_enable")


def preempt_count() -> int:
    """How often the current task has disabled preemption."""
    return current().preempt_count


# ---- the clock
