"""%%kmodule: a cell of C becomes a module of a real kernel; its log grows on the screen while the kernel runs.

Whoever watches sees the log as it comes, read from outside: the guest does not notice. Where nobody watches (the build, nbval,
a page on paper), and with --live off, the views appear once, at the end, the same each time for an exact run.
"""

from __future__ import annotations

from argparse import Namespace
from typing import Any, Final

from labkit import qemu
from labkit.course.compiler import at_the_cell
from labkit.course.kmoduleoptions import PARTS
from labkit.course.livelog import LiveLog, show
from labkit.course.magicwords import FIRST_LINE, KEPT_AS, Interrupted, refuse_to_hide
from labkit.taskinfo import TaskInfo
from labkit.views.base import can_be_live
from labkit.views.task_forest import TaskForest
from labkit.views.timeline import Timeline

BOOT_TIME_S: Final = 1_767_225_600.0
"""When an exact kernel was booted: 2026-01-01, the date that qemu/config.py gives it."""
NOT_THE_MODULES: Final = {"kthreadd", "insmod", "rmmod"}
"""Who is in every trace."""


def run_cell(options: Namespace, cell: str, shell: Any) -> None:
    """Build the module and run it, keep the run, and show it.

    Args:
        options: what stands on the cell's first line.
        cell: the C text below it.
        shell: IPython, whose variables are the notebook's.

    Raises:
        BadOptions: a name is taken.
        BadModule: it does not compile; complaints stand at the cell's lines.
        NoKernel: there is no kernel here.
        Interrupted: somebody interrupted; the kernel is gone.
    """
    for name in filter(None, (options.name, options.source)):
        refuse_to_hide(name, shell.user_ns)
    if options.source:
        shell.push({options.source: cell})
    live = options.live == "on" and can_be_live()
    exact = options.cpus == 1
    log = LiveLog(
        options.dmesg, BOOT_TIME_S if exact else 0.0, "dmesg" in (PARTS if options.show is None else options.show), live
    )
    kept = [KEPT_AS, *filter(None, [options.name])]
    try:
        kernel = qemu.boot(options.cpus, options.preempt, exact, tell=print if live else str)
        run = _build_and_run(kernel, options, cell, log)
    except KeyboardInterrupt:
        shell.push(dict.fromkeys(kept, qemu.ModuleRun(log.records)))
        raise Interrupted(f"you ended the kernel before the module was done. Its log until then: {kept[-1]}.dmesg") from None
    shell.push(dict.fromkeys(kept, run))
    _show_below(run, options.show, live)


def _build_and_run(kernel: qemu.Kernel, options: Namespace, cell: str, log: LiveLog) -> qemu.ModuleRun:
    name = options.name or "lab"
    try:
        built = kernel.build(cell, name, FIRST_LINE)
    except qemu.BadModule as error:
        said = at_the_cell(str(error), name)
        raise qemu.BadModule(f"this C does not make a module (lines count from the top of the cell).\n{said}") from None
    _tell_warnings(built.warnings, name)
    with log:
        run = kernel.run_module(
            built, options.wait, options.seed, params=options.params, trace=options.trace == "on", limit_s=options.limit,
            timeout_s=options.timeout, watch=log.line,
        )  # fmt: skip
        log.finish(run.dmesg)
    return run


def _tell_warnings(said: str, name: str) -> None:
    if said:
        print(f"The compiler warns (lines count from the top of the cell).\n{at_the_cell(said, name)}")


def _show_below(run: qemu.ModuleRun, wish: tuple[str, ...] | None, live: bool) -> None:
    """What comes below the log: what went wrong, the module's kthreads, and who ran when; of these, what was asked for."""
    if verdict := run.verdict():
        print(f"What went wrong: {verdict}")
    made = kthreads_made(run.tasks)
    if "tasks" in (PARTS if wish is None and made else wish or ()):
        parents = [task for task in run.tasks if task.pid in {each.ppid for each in made}]
        show(TaskForest(parents + made, title="kthreads while the module was loaded"), live)
    others = set(run.trace.threads.values()) - NOT_THE_MODULES
    if "timeline" in (PARTS if wish is None and others else wish or ()):
        show(Timeline(run.trace), live)


def kthreads_made(tasks: list[TaskInfo]) -> list[TaskInfo]:
    """The kthreads that are younger than the run: its own shell is the newest child of init, and was there before insmod."""
    shell = max((task.pid for task in tasks if task.ppid == 1), default=0)
    return [task for task in tasks if task.kthread and task.pid > shell]
