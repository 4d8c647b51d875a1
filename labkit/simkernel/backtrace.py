"""The stack of a task as names of functions: what a call trace, /proc/PID/stack and wchan are made of."""

from __future__ import annotations

import sys
from typing import Final

from labkit.simkernel.task import task_struct

SCHED_FUNCTIONS: Final = {
    "schedule", "schedule_timeout", "schedule_timeout_interruptible", "schedule_timeout_uninterruptible", "mutex_lock",
    "mutex_lock_interruptible", "down", "down_interruptible", "down_timeout", "wait_for_completion",
    "wait_for_completion_timeout", "wait_for_completion_interruptible", "schedule_timeout_idle", "io_schedule",
    "cond_resched",
}  # fmt: skip
"""Functions of the scheduler, which /proc/PID/stack and wchan leave out: a task always sleeps in one of them."""
MACROS: Final = {
    "wait_event", "wait_event_interruptible", "wait_event_timeout", "wait_event_interruptible_timeout", "wait_event_killable",
    "wait_event_idle", "wait_event_interruptible_exclusive", "kthread_run", "kthread_create", "set_current_state", "enter",
    "sleep_until_woken", "leave", "try_to_wake_up", "might_sleep", "open_guard", "finish", "serve", "create_kthread", "start",
    "check_alive", "check_off", "page_fault", "pointer", "null_dereference", "die", "sleeping_frames", "warn", "warn_once",
    "schedule_bug", "refcount_warning", "do_exit", "leave_note", "insmod", "rmmod", "dump_stack", "memory", "wake_up_state",
    "panic", "body",
}  # fmt: skip
"""Macros and helpers, which leave no frame."""

OUTER: Final = {
    "init": ["do_one_initcall", "do_init_module", "__do_sys_finit_module", "do_syscall_64", "entry_SYSCALL_64_after_hwframe"],
    "exit": ["__do_sys_delete_module", "do_syscall_64", "entry_SYSCALL_64_after_hwframe"],
    "": ["do_syscall_64", "entry_SYSCALL_64_after_hwframe"],
}
"""How a process came into a module: by the system calls of insmod and rmmod."""


BOTTOM: Final = {("labkit.simkernel.task", "life"), ("labkit.simkernel.boot", "call")}
"""Where a task begins: below these lie labkit's machines."""


def frames(task: task_struct) -> list[str]:
    """The kernel functions on the current task's stack, innermost first: Python's own frames, read off.

    A module's functions are marked as in Linux: "worker [lab]".
    """
    found: list[str] = []
    frame = sys._getframe(2)
    mark = f" [{task.module.name}]" if task.module is not None else ""
    while frame.f_back is not None:
        name, room = frame.f_code.co_name, frame.f_globals.get("__name__", "")
        if (room, name) in BOTTOM:
            break
        if room.startswith("labkit.simkernel"):
            if not name.startswith("_") and name not in MACROS:
                found.append(name)
        elif not room.startswith("labkit."):
            found.append(name + mark)
        frame = frame.f_back
    return found + (["ret_from_fork"] if task.kthread is not None else OUTER[task.inside])


def sleeping_frames(task: task_struct) -> list[str]:
    """The stack of a task that goes to sleep, without the scheduler's functions: what /proc/PID/stack shows."""
    return [name for name in frames(task) if name not in SCHED_FUNCTIONS]


def offset(name: str) -> str:
    """A function as a call trace names it: "kthread+0x?/0x?", "worker+0x?/0x? [lab]"."""
    if name.startswith("? "):
        return f"{name}+0x?/0x?"
    function, space, module = name.partition(" ")
    return f"{function}+0x?/0x?{space}{module}"
