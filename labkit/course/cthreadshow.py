"""What a %%cthreads cell shows of its run: output, verdict, pictures, and the first switches as a table."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final, TextIO

from labkit import native
from labkit.course.compiler import at_the_cell
from labkit.course.livelog import show
from labkit.limits import QUIET_VARIABLE
from labkit.views.base import can_be_live, count

SWITCHES_SHOWN: Final = 20
CHARACTERS_SHOWN: Final = 50_000
"""A loop around printf fills a megabyte, and the notebook would keep it."""
OURS: Final = "uthread: "
"""Begins the line in which a program says on stderr what went wrong; the verdict says the same, and where."""


def show_run(run: native.NativeRun, wish: tuple[str, ...] | None, strace: bool) -> None:
    """What was asked for; if nothing was, what there is to tell."""
    if wish is None:
        many = len(run.trace.threads) > 1
        wish = ("output", "verdict", *(["timeline"] if many else []), *(["syscalls"] if strace else []))
    if run.recorded and not os.environ.get(QUIET_VARIABLE):
        print(_why_recorded())
    if run.warnings:
        said = at_the_cell(run.warnings, Path(run.program.source).stem)
        print(f"The compiler warns (lines count from the top of the cell).\n{said}")
    verdict = run.verdict()
    if "output" in wish:
        _show_output(run, told_below="verdict" in wish and bool(verdict))
    if "verdict" in wish and verdict and not run.ended.interrupted:
        print(f"It ended with {verdict}" if run.exit and verdict.startswith("exit code") else f"What went wrong: {verdict}")
    for view in ("timeline", "memory"):
        if view in wish:
            show(getattr(run, view)(), can_be_live())
    if "switches" in wish:
        print(switches_text(run))
    if "syscalls" in wish:
        print(run.syscalls)


def _why_recorded() -> str:
    """Why another machine's run is shown, and what would let it run here."""
    try:
        native.find_compiler()
    except native.NoCompiler as error:
        return f"A recorded run, made on another machine: {error}"
    return "A recorded run, made on another machine."


def _show_output(run: native.NativeRun, told_below: bool) -> None:
    """What the program wrote, each stream where a program's belongs."""
    _print(run.stdout, sys.stdout)
    fault = run.recording.fault
    wrong = run.stderr.replace(f"{OURS}{fault.said}\n", "") if told_below and fault else run.stderr
    _print(wrong, sys.stderr)


def _print(text: str, stream: TextIO) -> None:
    if (more := len(text) - CHARACTERS_SHOWN) > 0:
        text = f"{text[:CHARACTERS_SHOWN]}\n… {more:,} more characters\n"
    if text:
        print(text, end="" if text.endswith("\n") else "\n", file=stream, flush=True)


def switches_text(run: native.NativeRun) -> str:
    """The first switches as a table: who left, who came, why, and where it left. No times and no addresses."""
    rows = [("", "left", "came", "why", "where it left")]
    for number, switch in enumerate(run.switches[:SWITCHES_SHOWN], 1):
        rows.append((str(number), switch.thread, switch.next, switch.cause, str(switch.where or "")))
    widths = [max(len(row[i]) for row in rows) for i in range(5)]
    lines = ["  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    more = len(run.switches) - SWITCHES_SHOWN
    return "\n".join([count(len(run.switches), "switch", "switches"), *lines, *([f"… {more:,} more"] if more > 0 else [])])
