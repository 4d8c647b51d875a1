"""What two runs of the same module have to agree on, as lines of text, and what stands in one and not in the other.

Left out is what a simulation cannot have (addresses, registers, offsets, the name of the hardware) and what differs from one
boot to the next (time stamps, pids of the module's tasks). All else is compared: see observe().
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Any, Final

from labkit.kmsg import Record
from labkit.taskinfo import TaskInfo

SEEDS: Final = (1, 2, 3, 5, 8)
"""Timeslices of the simkernel under which a pair has to agree."""

_DROPPED: Final = re.compile(
    r"Code: |R[A-Z0-9]{2}: (?!0010)|FS: |CS: |DR\d: |CR2: |PGD |PKRU: |Hardware name: | \? |note: \S+ exited with irqs disabled"
)
"""Registers, memory, the machine's name, frames of a stack that the kernel itself marks as a guess, and whether interrupts
were off, which is not told on every path."""
_FRAME: Final = re.compile(r"\.cold|\+0x[0-9a-f?]+/0x[0-9a-f?]+")
"""Offsets, and where the compiler put the rest of a function."""
_REPLACED: Final = (
    (re.compile(r"(?:\.cold)?\+0x[0-9a-f?]+/0x[0-9a-f?]+"), "+0x?/0x?"),
    (re.compile(r"(address: |RIP: 0010:|Workqueue: \w+ )(?:0x)?[0-9a-f?]+$"), r"\1?"),
    (re.compile(r"PID: \d+"), "PID: ?"),
    (re.compile(r"(INFO: task \S+):\d+(?= blocked)"), r"\1:?"),
    (re.compile(r"pid:\d+ +(?=ppid)"), "pid:? "),
    (re.compile(r"(kworker/u?\d+:)\d+"), r"\1?"),
    (re.compile(r"\[\d+\](?= exited)"), "[?]"),
    (re.compile(r"/\d+(?=/0x)"), "/?"),
    (re.compile(r" +[0-9.]+-(simkernel|\d+-cloud-amd64) #1.*"), " RELEASE"),
    (re.compile(r"(at \S+):[0-9?]+ "), r"\1:? "),
)


def observe(run: Any, first_pid: int) -> list[str]:
    """All that is compared of one run.

    Args:
        run: a ModuleRun of either kernel.
        first_pid: tasks from this pid on were made in the run.
    """
    head = [f"insmod {run.insmod_rc}", f"rmmod {run.rmmod_rc}", f"panicked {run.panicked}", f"oopsed {run.oopsed}"]
    head += [f"stuck {run.stuck}"] if run.stuck else []
    made = [task for task in run.tasks if task.pid >= first_pid and task.kthread and not task.name.startswith("kworker/")]
    stuck = [task for task in run.tasks if task.comm == run.stuck]
    left = [f"left behind {task.name}" for task in run.left_behind]
    tasks = [line for task in made for line in task_lines(task)]
    tasks += [line for task in stuck for line in task_lines(task) if ": state " in line or ": stack " in line]
    return head + log_lines(run.dmesg, levels=not run.panicked) + tasks + left


def log_lines(records: Iterable[Record], levels: bool = True) -> list[str]:
    """Level, facility, flags and text of each record; of a panic there is only the console, which shows no levels."""
    lines = []
    for record in records:
        text = plain(record.text)
        if text is not None:
            level = record.level if levels else "?"
            facility = f" facility {record.facility}" if record.facility else ""
            flags = "" if record.flags == "-" else f" {record.flags}"
            lines.append(f"<{level}>{facility}{flags} {text}")
    return lines


def plain(text: str) -> str | None:
    """A text of the log without what no two kernels share; None for a line that holds nothing else."""
    if _DROPPED.match(text):
        return None
    for pattern, new in _REPLACED:
        text = pattern.sub(new, text)
    return text.rstrip(" ")


def task_lines(task: TaskInfo) -> list[str]:
    """The fields of one task in /proc."""
    frames = [_FRAME.sub("", frame) for frame in task.stack]
    return [
        f"task {task.name}: comm {task.comm!r}",
        f"task {task.name}: state {task.state_text}, wchan {task.wchan.removesuffix('.cold')}",
        f"task {task.name}: flags {task.flags:#x}, prio {task.prio}, cpus {task.cpus}",
        f"task {task.name}: ppid {task.ppid}, tgid is pid {task.tgid == task.pid}",
        f"task {task.name}: mm {task.mm}, cmdline {task.cmdline!r}",
        f"task {task.name}: stack {' < '.join(frames)}",
    ]


def differences(linux: list[str], simkernel: list[str]) -> list[str]:
    """The lines that one has and the other has not, in order: "- " of Linux, "+ " of the simkernel."""
    return [line for line in difflib.ndiff(linux, simkernel) if line[:2] in ("- ", "+ ")]
