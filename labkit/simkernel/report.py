"""What the kernel prints when something is wrong: WARNING, BUG, Oops, in its own words.

The texts are those of Linux 6.1. Three things stand as a placeholder, because a simulation has none: an address or an
offset is `0x?` (a real one would be `kthread+0xd8/0x100`), a source line is `?`, and the dump of registers is left out.
"""

from __future__ import annotations

import sys
from typing import Final, NoReturn

from labkit import here
from labkit.simkernel.task import Exited, Kernel, PowerOff, current, task_struct, the_kernel

ALERT: Final = 1
ERR: Final = 3
WARN: Final = 4
INFO: Final = 6
DEFAULT: Final = WARN
"""Level of a message that names none."""

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

TAINT_LETTERS: Final = "PFSRMBUDAWCIOELKXTN"
"""Letters of the taint flags in the order of their bits (kernel/panic.c); G stands for P when it is not set."""


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


def tainted(kernel: Kernel) -> str:
    """The taint flags in words: "Not tainted", or "Tainted: G           OE"."""
    if not kernel.taints:
        return "Not tainted"
    letters = [letter if letter in kernel.taints else " " for letter in TAINT_LETTERS]
    if "P" not in kernel.taints:
        letters[0] = "G"
    return "Tainted: " + "".join(letters)


def release(kernel: Kernel) -> str:
    """What uname -r says."""
    return f"{kernel.version}.0-simkernel"


def print_modules(kernel: Kernel) -> None:
    """The line that names the modules."""
    loaded = "".join(f" {m.name}{m.taint_text()}" for m in reversed(kernel.modules.values()))
    last = f" [last unloaded: {kernel.last_unloaded}]" if kernel.last_unloaded else ""
    kernel.say(DEFAULT, f"Modules linked in:{loaded}{last}")


def show_head(task: task_struct) -> None:
    """Who ran where."""
    kernel = task.kernel
    kernel.say(DEFAULT, f"CPU: {task.cpu} PID: {task.pid} Comm: {task.comm} {tainted(kernel)} {release(kernel)} #1")
    kernel.say(DEFAULT, "Hardware name: labkit simkernel")


def show_stack(names: list[str], level: int = DEFAULT) -> None:
    """The call trace."""
    kernel = the_kernel()
    kernel.say(level, "Call Trace:")
    kernel.say(level, " <TASK>")
    for name in names:
        kernel.say(level, f" {offset(name)}")
    kernel.say(level, " </TASK>")


def dump_stack() -> None:
    """Print who runs and how it came here."""
    task = current()
    show_head(task)
    show_stack(["dump_stack_lvl", *frames(task)])


def warn(where: str, function: str, text: str = "") -> None:
    """WARN(): a block between cut here and end trace; the kernel goes on."""
    task = current()
    kernel = task.kernel
    kernel.say(DEFAULT, "------------[ cut here ]------------")
    if text:
        kernel.say(DEFAULT, text)
    kernel.say(WARN, f"WARNING: CPU: {task.cpu} PID: {task.pid} at {where}:? {function}+0x?/0x?")
    print_modules(kernel)
    show_head(task)
    kernel.say(DEFAULT, f"RIP: 0010:{function}+0x?/0x?")
    show_stack([name for name in frames(task) if name != function])
    kernel.say(DEFAULT, "---[ end trace 0000000000000000 ]---")
    kernel.taints.add("W")


def warn_once(where: str, function: str, text: str = "") -> None:
    """WARN_ONCE(): the second time nothing is printed."""
    kernel = the_kernel()
    if where + function + text not in kernel.once:
        kernel.once.add(where + function + text)
        warn(where, function, text)


def refcount_warning(text: str) -> None:
    """lib/refcount.c found a reference count that cannot be."""
    warn_once("lib/refcount.c", "refcount_warn_saturate", f"refcount_t: {text}")


def schedule_bug(task: task_struct) -> None:
    """A task sleeps while it holds a spinlock or has preemption disabled. Linux says so, and goes on."""
    kernel = task.kernel
    kernel.say(ERR, f"BUG: scheduling while atomic: {task.comm}/{task.pid}/0x{(task.preempt_count + 1) & 0xFFFFFFFF:08x}")
    print_modules(kernel)
    show_head(task)
    show_stack(["dump_stack_lvl", "__schedule_bug.cold", "__schedule", *frames(task)])
    kernel.taints.add("W")
    task.preempt_count = 0


def die(task: task_struct, lines: tuple[str, ...], kind: str, rip: str, names: list[str], atomic: int = 0) -> NoReturn:
    """An oops: print it, and end the task that ran. The rest of the system lives on."""
    kernel = task.kernel
    for line in lines:
        kernel.say(ALERT, line)
    kernel.say(DEFAULT, f"{kind} [#{len(kernel.oopses) + 1}] PREEMPT SMP NOPTI")
    show_head(task)
    kernel.say(DEFAULT, f"RIP: 0010:{rip}")
    show_stack(names)
    print_modules(kernel)
    kernel.say(DEFAULT, "CR2: 0x?")
    kernel.say(DEFAULT, "---[ end trace 0000000000000000 ]---")
    kernel.say(DEFAULT, f"RIP: 0010:{rip}")
    kernel.say(INFO, f"note: {task.comm}[{task.pid}] exited with irqs disabled")
    if task.preempt_count + atomic:
        kernel.say(INFO, f"note: {task.comm}[{task.pid}] exited with preempt_count {task.preempt_count + atomic}")
    kernel.taints.add("D")
    kernel.oopses.append(lines[0])
    task.oopsed = True
    raise Exited


def page_fault(task: task_struct) -> NoReturn:
    """The task goes back to code that is no longer there: its module was unloaded."""
    lines = (
        "BUG: unable to handle page fault for address: 0x?",
        "#PF: supervisor instruction fetch in kernel mode",
        "#PF: error_code(0x0010) - not-present page",
    )
    with here.machine.no_preempt:
        die(task, lines, "Oops: 0010", "0x?", ["? kthread", "? ret_from_fork"] if task.kthread else [])


def null_dereference(what: str, atomic: int = 0) -> NoReturn:
    """A NULL pointer, or an errno dressed up as one, was used."""
    task = current()
    lines = (
        "BUG: kernel NULL pointer dereference, address: 0x?",
        "#PF: supervisor read access in kernel mode",
        "#PF: error_code(0x0000) - not-present page",
    )
    with here.machine.no_preempt:
        die(task, lines, "Oops: 0000", offset(what), [name for name in frames(task) if name != what], atomic)


def panic(text: str) -> NoReturn:
    """Stop the whole machine: nothing runs after this."""
    kernel = the_kernel()
    with here.machine.no_preempt:
        kernel.panicked = text
        kernel.say(0, f"Kernel panic - not syncing: {text}")
        show_head(current())
        show_stack(["dump_stack_lvl", "panic", "body", *frames(current())])
        kernel.say(0, f"---[ end Kernel panic - not syncing: {text} ]---")
        kernel.off = True
        for thread in here.machine.threads:
            here.machine.wake(thread)
    raise PowerOff
