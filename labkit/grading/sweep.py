"""Folders that strangers wrote in, removed: however deep, whatever they are called, and without following a link.

What cannot be removed is left, and told to nobody: the next start tries again (see sweep_old).
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
from functools import cache
from itertools import count
from pathlib import Path
from typing import Final

PREFIX: Final = "labkit-grade-"


def sweep(folder: str) -> None:
    """Remove a folder. No recursion: what lies deep is first moved up, so that nothing ever lies deeper than two floors."""
    with contextlib.suppress(OSError):
        os.rmdir(folder)  # nearly always: nothing was written
        return
    names = (f"\udcff{number}" for number in count())
    with contextlib.suppress(OSError):
        while inner := _emptied(folder):
            for one in inner:
                for deep in _emptied(one):
                    os.rename(deep, os.path.join(folder, next(names)))
                os.rmdir(one)
        os.rmdir(folder)


def _emptied(folder: str) -> list[str]:
    """Unlink the files of a folder; the folders in it."""
    with contextlib.suppress(OSError):
        os.chmod(folder, 0o700)
    inner = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                inner.append(entry.path)
            else:
                os.unlink(entry.path)
    return inner


def claim() -> tuple[str, int]:
    """A new folder, and the fd that says, as long as it is open, that somebody uses it."""
    while True:
        folder = tempfile.mkdtemp(prefix=PREFIX)
        with contextlib.suppress(FileNotFoundError):  # Race: who sweeps meanwhile has taken it for an old one
            fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            fcntl.flock(fd, fcntl.LOCK_SH)
            if os.path.isdir(folder):
                return folder, fd
            os.close(fd)


@cache
def sweep_old() -> None:
    """Remove what a grader that was killed has left; once in the life of a process.

    Why a lock and no pid: another container may use the same folder, where our pids mean nothing.
    """
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                sweep(str(folder))
            finally:
                os.close(fd)
