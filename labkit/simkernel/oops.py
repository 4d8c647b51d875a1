"""The end of a task, or of the machine: what the kernel prints when it cannot go on, in the words of Linux 6.1."""

from __future__ import annotations

from typing import Any, Final, NoReturn

from labkit import here
from labkit.simkernel.backtrace import callers, frames, offset
from labkit.simkernel.report import ALERT, DEFAULT, INFO, print_modules, show_head, show_stack
from labkit.simkernel.task import Exited, PowerOff, current, task_struct, the_kernel
from labkit.simkernel.vsprintf import vsprintf

TIMER_FRAMES: Final = (
    "run_timer_softirq", "handle_softirqs", "__irq_exit_rcu", "sysvec_apic_timer_interrupt", "asm_sysvec_apic_timer_interrupt",
)  # fmt: skip
"""How the timer interrupt comes to a timer's function."""


def die(
    task: task_struct, lines: tuple[str, ...], kind: str, rip: str, names: list[str], atomic: int = 0, hint: str = ""
) -> NoReturn:
    """An oops: print it, and end the task that ran. The rest of the system lives on."""
    kernel = task.kernel
    print_fault(task, lines, kind, rip, names, hint)
    kernel.say(INFO, f"note: {task.comm}[{task.pid}] exited with irqs disabled")
    if task.preempt_count + atomic:
        kernel.say(INFO, f"note: {task.comm}[{task.pid}] exited with preempt_count {task.preempt_count + atomic}")
    task.oopsed = True
    raise Exited


def print_fault(task: task_struct, lines: tuple[str, ...], kind: str, rip: str, names: list[str], hint: str = "") -> None:
    """What is said of a fault, whoever it kills."""
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
    kernel.taints.add("D")
    kernel.oopses.append(lines[0] + hint)


def timer_fault() -> NoReturn:
    """A timer is due that lay in a module's memory: the interrupt cannot go on, and so the machine cannot."""
    lines = (
        "BUG: unable to handle page fault for address: 0x?",
        "#PF: supervisor write access in kernel mode",
        "#PF: error_code(0x0002) - not-present page",
    )
    with here.machine.no_preempt:
        print_fault(current(), lines, "Oops: 0002", offset("__run_timers"), list(TIMER_FRAMES))
    stop_machine("Fatal exception in interrupt", [])


def page_fault(task: task_struct) -> NoReturn:
    """The task goes back to code that is no longer there: its module was unloaded."""
    lines = (
        "BUG: unable to handle page fault for address: 0x?",
        "#PF: supervisor instruction fetch in kernel mode",
        "#PF: error_code(0x0010) - not-present page",
    )
    below = ["process_one_work", "worker_thread"] if task.worker else []
    below += ["kthread", "ret_from_fork"] if task.kthread else []
    with here.machine.no_preempt:
        die(task, lines, "Oops: 0010", "0x?", [f"? {name}" for name in below])


def null_dereference(what: str, atomic: int = 0, hint: str = "") -> NoReturn:
    """A NULL pointer, or an errno dressed up as one, was used. The hint is for the reader of the run, not for the log."""
    task = current()
    lines = (
        "BUG: kernel NULL pointer dereference, address: 0x?",
        "#PF: supervisor read access in kernel mode",
        "#PF: error_code(0x0000) - not-present page",
    )
    with here.machine.no_preempt:
        die(task, lines, "Oops: 0000", offset(what), callers(frames(task), what), atomic, hint)


def panic(fmt: str, *args: Any) -> NoReturn:
    """Stop the whole machine: nothing runs after this."""
    stop_machine(vsprintf(fmt, *args), ["dump_stack_lvl", "panic", *frames(current())])


def stop_machine(text: str, names: list[str]) -> NoReturn:
    """The end of panic(). After an oops it shows no stack: the oops has shown one."""
    kernel = the_kernel()
    with here.machine.no_preempt:
        kernel.panicked = text
        kernel.say(0, f"Kernel panic - not syncing: {text}")
        if names:
            show_head(current())
            show_stack(names)
        kernel.say(0, "Kernel Offset: disabled")
        kernel.say(0, f"---[ end Kernel panic - not syncing: {text} ]---")
        kernel.off = True
        for thread in here.machine.threads:
            here.machine.wake(thread)
    raise PowerOff
