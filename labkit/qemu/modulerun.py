"""What one run of a module was: its log, its tasks, its trace, and what went wrong."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass, field

from labkit import modulerun
from labkit.qemu import console, ftrace
from labkit.taskinfo import TaskInfo


@dataclass
class ModuleRun(modulerun.ModuleRun):
    """What one module did in one fresh real kernel.

    Of dmesg after a panic there is what the console showed, without levels. Tasks that are older than the run and no kworkers
    are told as they were when the kernel had booted: reading all of /proc costs more than most modules do. The trace has the
    module's kthreads, kthreadd, insmod and rmmod.

    Attributes:
        timed_out: the VM did not come to an end within timeout_s of real time.
        console: the text on the kernel's console.
        warnings: what the compiler said.
        seconds: real time from resume to end.
        recorded: no kernel ran; this is what one did when the lesson was built.
    """

    timed_out: bool = False
    console: str = field(repr=False, default="")
    warnings: str = ""
    seconds: float = field(repr=False, compare=False, default=0.0)
    recorded: bool = field(compare=False, default=False)

    @property
    def oopsed(self) -> bool:
        """The kernel ran into a fault, whether it lived on or not. Where somebody ended it, its last words are no fault."""
        return not self.timed_out and super().oopsed

    def verdict(self) -> str:
        """What went wrong, in a sentence; empty when nothing did."""
        if self.timed_out:
            return "the kernel did not answer any more and was ended"
        if self.panicked and not console.panicked(self.console):
            return "the kernel died without a word"
        return super().verdict()


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
