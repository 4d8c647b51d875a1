"""Walls around the zygote itself: bubblewrap, where it is installed and may make namespaces.

Landlock and seccomp (confine.py) keep a student's code from reading, writing, connecting and signalling. What they do not
hide is that a file is there: its name and its size. In a bubble nothing is there but Python, its packages, the C library and
the folder for a child's own files; there is no network device, and no process but the zygote and its children.

A bubble is one more wall, never the only one: where there is none, grading goes on, and notes() says so. Source: bwrap(1).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

NAMESPACES: Final = ("--unshare-user", "--unshare-net", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--die-with-parent")
SYSTEM: Final = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/alternatives", "/etc/ld.so.cache")
"""The C library and its programs: read only."""
TRYING_S: Final = 10.0


def around(read: list[str], work: str) -> list[str]:
    """What to put before a command so that it runs in a bubble; nothing where bubblewrap is missing or may not.

    Args:
        read: what it may read, besides the system's programs.
        work: the one folder that it may write.
    """
    return _prefix(read, work) if works(tuple(read)) else []


def notes(read: Sequence[str] = ()) -> list[str]:
    """What this machine lacks that grading can do without; one sentence each, with the cure. `read`: as for around()."""
    if works(tuple(read)):
        return []
    if shutil.which("bwrap") is None:
        return ["bubblewrap is not installed: a student's code can see which files exist (apt install bubblewrap)"]
    return ["bubblewrap may not make namespaces here, as in most containers: a student's code can see which files exist"]


@cache
def works(read: tuple[str, ...] = ()) -> bool:
    """Whether a bubble that shows these can be made here, tried once with this very Python."""
    if sys.platform != "linux" or shutil.which("bwrap") is None:
        return False
    try:
        command = [*_prefix(list(read), ""), sys.executable, "-I", "-S", "-c", "import _ctypes"]
        return subprocess.run(command, capture_output=True, timeout=TRYING_S, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _prefix(read: list[str], work: str) -> list[str]:
    arguments = [shutil.which("bwrap") or "bwrap", *NAMESPACES, "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
    for path in SYSTEM:
        if os.path.islink(path):
            arguments += ["--symlink", os.readlink(path), path]
        elif os.path.exists(path):
            arguments += ["--ro-bind", path, path]
    shown = list(SYSTEM)
    for path in sorted({*read, *_python()}):
        real = os.path.realpath(path)
        if not os.path.exists(real) or real.startswith(("/dev/", "/proc/")):
            continue
        if not _within(real, shown):
            arguments += ["--ro-bind", real, real]
            shown.append(real)
        if not _within(path, shown):  # by another name: a link on the way to it
            arguments += ["--symlink", real, path]
            shown.append(path)
    if work:
        arguments += ["--bind", work, work]
    return [*arguments, "--chdir", "/", "--"]


def _python() -> set[str]:
    """Where this Python is: its environment, what that was made from, and each link on the way to its program."""
    found, program = {sys.prefix, sys.base_prefix, sys.exec_prefix}, Path(sys.executable)
    for _ in range(10):
        found.add(str(program.parent))
        if not program.is_symlink():
            break
        program = program.parent / program.readlink()
    return found


def _within(path: str, folders: list[str]) -> bool:
    return any(path == folder or path.startswith(folder + "/") for folder in folders)
