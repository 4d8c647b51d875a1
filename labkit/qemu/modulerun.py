"""What one run of a module was: its log, its tasks, its trace, and what went wrong."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass, field
from typing import Any

from labkit.draw import draw
from labkit.errors import LabError
from labkit.kmsg import Records
from labkit.qemu import console, ftrace
from labkit.taskinfo import TaskInfo
from labkit.tracelog import Trace


@dataclass
class ModuleRun:
    """What one module did in one fresh kernel.

    Attributes:
        dmesg: the kernel's log from just before insmod; of a panic, what the console showed, without levels.
        trace: scheduling events of the module's kthreads, kthreadd, insmod and rmmod.
        tasks: every task while the module was loaded. Those that are older than the run and no kworkers are told as
            they were when the kernel had booted: reading all of /proc costs more than most modules do.
        left_behind: the kthreads made in the run that were still there after rmmod.
        insmod_rc, rmmod_rc: exit codes of busybox's insmod, which is the errno of init, and rmmod; None if not run to the end.
        panicked: the kernel panicked, or died without a word.
        stuck: "insmod" or "rmmod" where that did not come back within limit_s, else "".
        timed_out: the VM did not come to an end within timeout_s of real time.
        console: the text on the kernel's console.
        said: what insmod and rmmod printed.
        warnings: what the compiler said.
        seed: the seed of the run.
        seconds: real time from resume to end.
    """

    dmesg: Records
    trace: Trace = field(repr=False, default_factory=Trace)
    tasks: list[TaskInfo] = field(repr=False, default_factory=list)
    left_behind: list[TaskInfo] = field(default_factory=list)
    insmod_rc: int | None = None
    rmmod_rc: int | None = None
    panicked: bool = False
    stuck: str = ""
    timed_out: bool = False
    console: str = field(repr=False, default="")
    said: str = ""
    warnings: str = ""
    seed: int = 1
    seconds: float = field(repr=False, compare=False, default=0.0)

    @property
    def oopsed(self) -> bool:
        """The kernel ran into a fault, whether it lived on or not."""
        return not self.timed_out and console.oopsed(self.dmesg)

    def task(self, name: str) -> TaskInfo:
        """The newest task of this name while the module was loaded.

        Raises:
            LabError: there was none.
        """
        found = [task for task in self.tasks if name in (task.name, task.comm)]
        if not found:
            raise LabError(f"no task was called {name!r} while the module was loaded; there were "
                           + (", ".join(task.name for task in self.tasks[-8:]) or "none"))  # fmt: skip
        return found[-1]

    def stack(self, name: str) -> list[str]:
        """The kernel stack of a task, innermost function first, as /proc/PID/stack shows it."""
        return self.task(name).stack

    def timeline(self, **options: Any) -> Any:
        """The run as a picture."""
        return draw("timeline", self.trace, **options)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What Jupyter shows for it."""
        printer.text(str(self))

    def __str__(self) -> str:
        return "\n".join(filter(None, [str(self.dmesg), self.verdict()]))

    def verdict(self) -> str:
        """What went wrong, in a sentence; empty when nothing did."""
        if self.timed_out:
            return "the kernel did not answer any more and was ended"
        if self.panicked:
            return "the kernel panicked" if console.panicked(self.console) else "the kernel died without a word"
        if self.stuck:
            return f"{self.stuck} did not come back"
        if self.insmod_rc:
            return f"insmod failed: {self.said.strip()}"
        if self.rmmod_rc:
            return f"rmmod failed: {self.said.strip()}"
        if self.left_behind:
            return "left behind after rmmod: " + ", ".join(task.name for task in self.left_behind)
        return ""


def read_run(screen_bytes: bytes, control: bytes, boot_tasks: str, said_goodbye: bool, timed_out: bool, exact: bool) -> ModuleRun:
    """The run as told by what the guest wrote.

    Args:
        screen_bytes: what came over the console.
        control: what came over the other serial port: the packed report.
        boot_tasks: the tasks that the kernel booted with, as files of /proc.
        said_goodbye: the guest came to the end of its orders.
        timed_out: it was ended.
        exact: its clock is virtual.
    """
    screen = screen_bytes.decode("utf-8", "replace").replace("\r", "")
    report = _unpack(control)
    found = console.sections(report)
    if timed_out or not said_goodbye or "kmsg" not in found:
        return ModuleRun(console.read_console(screen), panicked=not timed_out, timed_out=timed_out, console=screen)
    last_pid = int(found["last"].words[0])
    new = console.read_tasks(found["loaded"].text)
    seen = {task.pid for task in new}
    old = [task for task in console.read_tasks(boot_tasks) if (task.kthread or task.pid == 1) and task.pid not in seen]
    tasks = sorted(old + new, key=lambda task: task.pid)
    run = ModuleRun(console.read_log(found["kmsg"].text), tasks=tasks, console=screen)
    for command in ("insmod", "rmmod"):
        if command in found:
            setattr(run, f"{command}_rc", int(found[command].words[0]))
            run.said += found[command].text
    if "after" in found:
        run.left_behind = [task for task in console.read_tasks(found["after"].text) if task.kthread and _made_by_module(task)]
    if "stuck" in found:
        run.stuck = "rmmod" if "insmod" in found else "insmod"
    if "trace" in found:
        run.trace = ftrace.read_trace(found["trace"].text, last_pid, tasks, "virtual" if exact else "real")
    return run


def _made_by_module(task: TaskInfo) -> bool:
    """Not one of the kworkers, which come and go as the kernel likes."""
    return not task.name.startswith("kworker/")


def _unpack(data: bytes) -> str:
    try:
        return gzip.decompress(data).decode("utf-8", "surrogateescape") if data else ""
    except (OSError, EOFError, zlib.error):
        return ""
