"""Whoever has left his parent is ended all the same: the process that adopted him (PR_SET_CHILD_SUBREAPER) ends him."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Final

KILL: Final = 9
"""SIGKILL, signal(7)."""


def end_orphans() -> None:
    """End every process that this one has inherited, until there is none."""
    while _has_children():
        for pid in _children(os.getpid()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, KILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)


def _has_children() -> bool:
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return False
    return True


def _children(parent: int) -> list[int]:
    """Pids, from /proc/PID/stat: not every kernel has the file `children`."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1]) == parent:
                found.append(int(path.parent.name))
    return found
