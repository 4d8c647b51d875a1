"""The stack of a task as names of functions: what a call trace, /proc/PID/stack and wchan are made of."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Final

from labkit.simkernel.task import task_struct

SCHED_FUNCTIONS: Final = {
    "schedule", "schedule_timeout", "schedule_preempt_disabled", "schedule_hrtimeout_range_clock", "usleep_range_state",
    "__mutex_lock.constprop.0", "down", "down_interruptible", "down_timeout", "__down_common",
    "__wait_for_common", "wait_for_completion_interruptible", "io_schedule", "cond_resched",
}  # fmt: skip
"""Functions of the scheduler, which /proc/PID/stack and wchan leave out: a task always sleeps in one of them."""
MACROS: Final = {
    "wait_event", "wait_event_interruptible", "wait_event_timeout", "wait_event_interruptible_timeout", "wait_event_killable",
    "wait_event_idle", "wait_event_interruptible_exclusive", "kthread_run", "kthread_create", "set_current_state", "enter",
    "sleep_until_woken", "leave", "try_to_wake_up", "might_sleep", "open_guard", "finish", "serve", "create_kthread", "start",
    "check_alive", "check_off", "page_fault", "pointer", "null_dereference", "die", "warn", "warn_once", "schedule_bug",
    "refcount_warning", "do_exit", "leave_note", "insmod", "rmmod", "dump_stack", "memory", "wake_up_state", "panic", "body",
    "to_kthread", "this_kthread", "queue_work", "schedule_work", "queue_delayed_work", "schedule_delayed_work",
    "mod_delayed_work", "schedule_timeout_interruptible", "schedule_timeout_uninterruptible", "schedule_timeout_idle", "ssleep",
}  # fmt: skip
"""Macros and helpers, and functions that end with a jump to one that is shown anyway: they leave no frame."""
INSTEAD: Final = {
    "kthread_parkme": ["__kthread_parkme"], "kthread_bind": ["__kthread_bind"], "kthread_bind_mask": ["__kthread_bind"],
    "wake_up_process": ["try_to_wake_up"], "usleep_range": ["schedule_hrtimeout_range_clock", "usleep_range_state"],
    "mutex_lock": ["schedule_preempt_disabled", "__mutex_lock.constprop.0"],
    "mutex_lock_interruptible": ["schedule_preempt_disabled", "__mutex_lock.constprop.0"],
    "wait_for_completion": ["schedule_timeout", "__wait_for_common"],
    "wait_for_completion_timeout": ["schedule_timeout", "__wait_for_common"],
    "wait_for_completion_interruptible": ["schedule_timeout", "__wait_for_common", "wait_for_completion_interruptible"],
    "down": ["schedule_timeout", "__down_common", "down"], "down_timeout": ["schedule_timeout", "__down_common", "down_timeout"],
    "down_interruptible": ["schedule_timeout", "__down_common", "down_interruptible"],
}  # fmt: skip
"""Functions that a stack shows by other names: they end with a jump to another one, or sleep some calls deeper."""

OUTER: Final = {
    "init": ["do_one_initcall", "do_init_module", "__do_sys_finit_module", "do_syscall_64", "entry_SYSCALL_64_after_hwframe"],
    "load": ["do_init_module", "__do_sys_finit_module", "do_syscall_64", "entry_SYSCALL_64_after_hwframe"],
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
    while frame.f_back is not None:
        name, room = frame.f_code.co_name, frame.f_globals.get("__name__", "")
        if (room, name) in BOTTOM:
            break
        if room.startswith("labkit.simkernel"):
            if not name.startswith(("_", "<")) and name not in MACROS:
                found += INSTEAD.get(name, [name])
        elif not room.startswith("labkit.") and not _is_part_of_its_caller(frame):
            found.append(name + mark(task))
        frame = frame.f_back
    return found + (["ret_from_fork"] if task.kthread is not None else OUTER[task.inside])


def callers(names: list[str], function: str) -> list[str]:
    """The stack without the function itself, which the line RIP names."""
    own = (function, *INSTEAD.get(function, ()))
    return [name for name in names if name not in own]


def mark(task: task_struct) -> str:
    """What stands behind a module's functions: " [lab]"."""
    return f" [{task.module.name}]" if task.module is not None else ""


def _is_part_of_its_caller(frame: FrameType) -> bool:
    """A comprehension, and the condition of a wait_event(), which a macro puts into the function that waits."""
    name, caller = frame.f_code.co_name, frame.f_back
    return name.startswith("<") and (name != "<lambda>" or (caller is not None and caller.f_code.co_name == "_wait_event"))


def offset(name: str) -> str:
    """A function as a call trace names it: "kthread+0x?/0x?", "worker+0x?/0x? [lab]"."""
    if name.startswith("? "):
        return f"{name}+0x?/0x?"
    function, space, module = name.partition(" ")
    return f"{function}+0x?/0x?{space}{module}"
