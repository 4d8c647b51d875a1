"""What the kernel prints when something is wrong: WARNING, BUG, Oops, in its own words.

The texts are those of Linux 6.1. Three things stand as a placeholder, because a simulation has none: an address or an
offset is `0x?` (a real one would be `kthread+0xd8/0x100`), a source line is `?`, and the dump of registers is left out.
"""

from __future__ import annotations

from typing import Final

from labkit.simkernel.backtrace import callers, frames, mark, offset
from labkit.simkernel.task import Kernel, current, task_struct, the_kernel

ALERT: Final = 1
ERR: Final = 3
WARN: Final = 4
INFO: Final = 6
DEFAULT: Final = WARN
"""Level of a message that names none."""

TAINT_LETTERS: Final = "PFSRMBUDAWCIOELKXTN"
"""Letters of the taint flags in the order of their bits (kernel/panic.c); G stands for P when it is not set."""
LAST_FRAMES: Final = ["do_task_dead", "do_exit", "kthread_exit", "kthread", "ret_from_fork"]
"""The stack of a kthread that leaves the processor for ever."""


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
    if task.worker is not None and task.worker.token is not None:
        kernel.say(DEFAULT, f"Workqueue: {task.worker.token.wq.name} {_work_name(task)}")


def _work_name(task: task_struct) -> str:
    """The function of the work that a kworker does; of a module that is gone, only its address is left."""
    if task.module is not None and task.module.gone:
        return "0x?"
    return getattr(task.worker.token.work.func, "__name__", "") + mark(task)


def show_stack(names: list[str], level: int = DEFAULT) -> None:
    """The call trace."""
    kernel = the_kernel()
    kernel.say(level, "Call Trace:")
    kernel.say(level, " <TASK>")
    for name in names:
        kernel.say(level, f" {offset(name)}")
    kernel.say(level, " </TASK>")


def asleep(names: list[str]) -> list[str]:
    """The whole stack of a task that sleeps in these functions."""
    return ["__schedule", *([] if names[:1] == ["schedule"] else ["schedule"]), *names]


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
    show_stack(callers(frames(task), function))
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


def schedule_bug(task: task_struct, exiting: bool = False) -> None:
    """A task sleeps or ends while it holds a spinlock or has preemption disabled. Linux says so, and goes on."""
    kernel = task.kernel
    kernel.say(ERR, f"BUG: scheduling while atomic: {task.comm}/{task.pid}/0x{(task.preempt_count + 1) & 0xFFFFFFFF:08x}")
    print_modules(kernel)
    show_head(task)
    names = ["__schedule", *LAST_FRAMES] if exiting else asleep(frames(task))
    show_stack(["dump_stack_lvl", "__schedule_bug.cold", *names])
    kernel.taints.add("W")
    task.preempt_count = 0
