"""The end of a task, or of the machine: what the kernel prints when it cannot go on, in the words of Linux 6.1."""

from __future__ import annotations

from typing import NoReturn

from labkit import here
from labkit.simkernel.backtrace import frames, offset
from labkit.simkernel.report import ALERT, DEFAULT, INFO, print_modules, show_head, show_stack
from labkit.simkernel.task import Exited, PowerOff, current, task_struct, the_kernel


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
