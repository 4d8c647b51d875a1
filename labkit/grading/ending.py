"""How a child ends, and everything that it started with it: nobody outlives whoever waits for him.

Three threads to pull. Whoever loses his parent is ended by the kernel (PR_SET_PDEATHSIG). A child's whole group is killed
at once. And who left the group by two forks is adopted by the zygote (PR_SET_CHILD_SUBREAPER) and killed there: prctl(2).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
_libc = ctypes.CDLL(None)


def adopt_orphans() -> None:
    """From now on, a descendant whose parent ends becomes a child of this process."""
    _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_with(parent: int) -> None:
    """The kernel ends this process when its parent ends; at once, if that has happened already."""
    _libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def end(pid: int) -> tuple[int, Any]:
    """End a child that leads a group, and all of its descendants; its status and what it used."""
    for kill in (os.killpg, os.kill):  # the group is not there before the child's first line
        with contextlib.suppress(ProcessLookupError):
            kill(pid, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    while _orphans_left():
        for orphan in _children():
            with contextlib.suppress(ProcessLookupError):
                os.kill(orphan, signal.SIGKILL)
            os.waitpid(orphan, 0)
    return status, usage


def _orphans_left() -> bool:
    """Whether there is a child that is not waited for yet."""
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return False
    return bool(_children())


def _children() -> list[int]:
    """Pids. A confined zygote cannot look, and need not: its children are not allowed to fork."""
    try:
        return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]
    except OSError:
        return []


def ended_by(status: int) -> str:
    """Name of the signal that ended a process; "" if none did."""
    number = status & 0x7F
    return signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}" if number else ""
