"""What one run of a kernel module was, on whichever kernel: its log, its tasks, its trace, and what went wrong."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from labkit.draw import draw
from labkit.errors import LabError
from labkit.kmsg import Record, Records
from labkit.taskinfo import TaskInfo
from labkit.tracelog import Trace

_FAULT: Final = re.compile(
    r"BUG: (unable to handle|kernel NULL pointer|TASK stack guard page|IRQ stack)|Oops: |general protection fault|"
    r"kernel BUG at|invalid opcode|stack guard page|double fault"
)
"""How reports of a fault begin (arch/x86/mm/fault.c, arch/x86/kernel/traps.c, Linux 6.1). Other BUG: lines are warnings."""
NAMES_SHOWN: Final = 8


@dataclass
class ModuleRun:
    """What one module did in one fresh kernel.

    Attributes:
        dmesg: the kernel's log from just before insmod.
        trace: scheduling events.
        tasks: every task while the module was loaded.
        left_behind: the kthreads made in the run that were still there after rmmod.
        insmod_rc, rmmod_rc: exit codes, insmod's is the errno of init, positive; None where it did not come to that.
        panicked: the kernel panicked, or died without a word.
        stuck: "insmod" or "rmmod" where that did not come back in time, else "".
        said: what insmod and rmmod printed.
        seed: the seed of the run.
    """

    dmesg: Records
    trace: Trace = field(repr=False, default_factory=Trace)
    tasks: list[TaskInfo] = field(repr=False, default_factory=list)
    left_behind: list[TaskInfo] = field(default_factory=list)
    insmod_rc: int | None = None
    rmmod_rc: int | None = None
    panicked: bool = False
    stuck: str = ""
    said: str = ""
    seed: int = 1

    @property
    def oopsed(self) -> bool:
        """The kernel ran into a fault, whether it lived on or not; its log says so."""
        return oopsed(self.dmesg)

    def task(self, name: str) -> TaskInfo:
        """The newest task of this name while the module was loaded.

        Raises:
            LabError: there was none.
        """
        found = [task for task in self.tasks if name in (task.name, task.comm)]
        if not found:
            there = ", ".join(task.name for task in self.tasks[-NAMES_SHOWN:]) or "none"
            raise LabError(f"no task was called {name!r} while the module was loaded; there were {there}")
        return found[-1]

    def stack(self, name: str) -> list[str]:
        """The kernel stack of a task, innermost function first, as /proc/PID/stack shows it."""
        return self.task(name).stack

    def timeline(self, **options: Any) -> Any:
        """The run as a picture."""
        return draw("timeline", self.trace, **options)

    def verdict(self) -> str:
        """What went wrong, in a sentence; empty when nothing did."""
        if self.panicked:
            return "the kernel panicked"
        if self.stuck:
            return f"{self.stuck} did not come back"
        if self.insmod_rc:
            return f"insmod failed: {self.said.strip() or os.strerror(self.insmod_rc)}"
        if self.rmmod_rc:
            return f"rmmod failed: {self.said.strip() or 'exit code ' + str(self.rmmod_rc)}"
        if self.left_behind:
            return "left behind after rmmod: " + ", ".join(task.name for task in self.left_behind)
        return ""

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What Jupyter shows for it."""
        printer.text(str(self))

    def __str__(self) -> str:
        return "\n".join(filter(None, [str(self.dmesg), self.verdict()]))


def oopsed(records: Iterable[Record]) -> bool:
    """Does the log tell of a fault? A warning, such as "scheduling while atomic", is none, and nor is a call of panic()."""
    return any(_FAULT.match(record.text) for record in records)
