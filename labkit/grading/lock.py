"""One grading at a time in one folder: a lock that the kernel gives back whatever becomes of its holder."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from labkit.errors import LabError


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold a folder's lock. After `kill -9` it is free again, so that nobody ever has to remove a file.

    Raises:
        LabError: another process holds it, or nothing can be written there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        cure = "give --out a folder that you may write to"
        raise LabError(f"{folder} cannot be written to: {error.strerror}; {cure}") from None
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(file, 20, 0).decode(errors="replace").strip() or "unknown"
            raise LabError(
                f"another labkit (process {holder}) is at work in {folder}: wait until it ends, or give --out another folder"
            ) from None
        except OSError as error:
            raise LabError(
                f"{folder} cannot be locked: {error.strerror}; give --out a folder on a disk of this machine"
            ) from None
        _write(file, f"{os.getpid()}\n")
        yield
    finally:
        os.close(file)


def _write(file: int, text: str) -> None:
    """Who holds it, for the message of whoever comes second. On a full disk that message says less, and no more."""
    try:
        os.ftruncate(file, 0)
        os.pwrite(file, text.encode(), 0)
    except OSError:
        return
