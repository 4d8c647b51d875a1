"""%%cthreads: a cell of C becomes a program with threads; it runs in a process of its own, and the notebook shows what it did.

What a program does wrong is its own affair: it is told in a sentence, and the notebook goes on. Only what keeps the cell from
running it is an error of the cell.
"""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from typing import Any, Final

from labkit import native
from labkit.course.compiler import at_the_cell
from labkit.course.cthreadoptions import help_text, read_options
from labkit.course.cthreadshow import show_run
from labkit.course.magicwords import CTHREADS, FIRST_LINE, KEPT_AS, BadOptions, Interrupted, refuse_to_hide
from labkit.limits import QUIET_VARIABLE
from labkit.native.child import Limits
from labkit.views.base import can_be_live

STEM: Final = "cell"
"""The compiler knows the cell as cell.c."""
SHOWN_AFTER_S: Final = 1.0
"""A shorter run shows no clock; a student must not see it flash."""


def cthreads_cell(line: str, cell: str, shell: Any) -> None:
    """Compile the program, run it, keep the run, and show it.

    Args:
        line: the rest of the cell's first line.
        cell: the C text below it.
        shell: IPython, whose variables are the notebook's.

    Raises:
        BadOptions: the first line cannot be understood, a name is taken, or there is no program.
        BadProgram: it does not compile; complaints stand at the cell's lines.
        NoCompiler: there is none here, and no recorded run of this program.
        Interrupted: somebody interrupted; the program is gone.
    """
    options = read_options(line)
    if options.help:
        print(help_text())
        return
    if not cell.strip():
        raise BadOptions(f"the cell is empty: below {CTHREADS} comes a program in C. `{CTHREADS} --help` shows one.")
    for name in filter(None, (options.name, options.source)):
        refuse_to_hide(name, shell.user_ns)
    if options.source:
        shell.push({options.source: cell})
    kept = [KEPT_AS, *filter(None, [options.name])]
    clock = Clock()
    ended_by_hand = ""
    try:
        run = _compile_and_run(options, cell, clock)
    except native.Interrupted as interrupted:
        run = interrupted.run
        ended_by_hand = f"you ended the program: {run.verdict()} What it did until then: {kept[-1]}"
    except KeyboardInterrupt:
        raise Interrupted("you ended it before the program had begun.") from None
    finally:
        clock.clear()
    shell.push(dict.fromkeys(kept, run))
    try:
        show_run(run, options.show, options.strace)
    except KeyboardInterrupt:
        raise Interrupted(f"you ended it while the run was drawn. The run is kept: {kept[-1]}") from None
    if ended_by_hand:
        raise Interrupted(ended_by_hand)


def _compile_and_run(options: Namespace, cell: str, clock: Clock) -> native.NativeRun:
    try:
        return native.run(
            cell, options.machine, timer_us=options.timer_us, switch=options.switch, count_syscalls=options.strace,
            stdin=options.stdin, limits=Limits(seconds=options.seconds), name=f"{STEM}.c", first_line=FIRST_LINE,
            watch=clock.tick,
        )  # fmt: skip
    except native.BadProgram as error:
        said = at_the_cell(str(error).partition("\n")[2], STEM)
        raise native.BadProgram(f"this C does not make a program (lines count from the top of the cell).\n{said}") from None


class Clock:
    """A line that counts the seconds of a long run, where somebody watches; it leaves nothing behind."""

    def __init__(self) -> None:
        self.silent = bool(os.environ.get(QUIET_VARIABLE)) or not can_be_live()
        self.shown_s = 0

    def tick(self, seconds: float) -> None:
        """The program has been running for so long."""
        if self.silent or seconds < SHOWN_AFTER_S or int(seconds) == self.shown_s:
            return
        self.clear(wait=True)
        self.shown_s = int(seconds)
        print(f"running for {self.shown_s} s; interrupt (■) ends it", flush=True)

    def clear(self, wait: bool = False) -> None:
        """Take the line away; `wait` for what comes in its place."""
        if self.shown_s:
            sys.modules["IPython"].display.clear_output(wait=wait)
            self.shown_s = 0
