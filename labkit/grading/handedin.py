"""The files in a folder or a zip file that others have made: found, and never trusted."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Final

from labkit.grading.notebookfile import BYTES_MOST, NotReadable, too_large
from labkit.grading.zipped import SKIPPED, Found, in_zip, when_of

DEPTH_MOST: Final = 12
"""Folders in folders. An LMS makes three."""


def found_in(place: Path) -> Iterator[Found]:
    """Every file of a folder or zip file, or this one file; what is in a zip file, below the file's own name.

    Args:
        place: given by the instructor: the only link that is followed.
    """
    if place.is_dir():
        yield from _folder(place, PurePosixPath(), 0)
    else:
        yield from _file(place.resolve(), PurePosixPath(place.name))


def _folder(folder: Path, path: PurePosixPath, depth: int) -> Iterator[Found]:
    try:
        with os.scandir(folder) as entries:
            children = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        yield Found(path / "?.ipynb", trouble=f"its folder cannot be read: {error.strerror}")
        return
    for child in children:
        if child.name.startswith(".") or child.name in SKIPPED:
            continue
        below, place = path / child.name, folder / child.name
        if child.is_symlink():
            if place.suffix.lower() in (".ipynb", ".zip") or os.path.isdir(place):
                yield Found(below.with_suffix(".ipynb"), trouble="it is a link to something else, and links are not followed")
        elif not child.is_dir(follow_symlinks=False):
            yield from _file(place, below)
        elif place.suffix.lower() in (".ipynb", ".zip"):
            yield Found(below, trouble="it is a folder with a notebook's name: hand in the .ipynb file that JupyterLab saves")
        elif depth < DEPTH_MOST:
            yield from _folder(place, below, depth + 1)
        else:
            yield Found(below / "?.ipynb", trouble=f"it lies more than {DEPTH_MOST} folders deep")


def _file(place: Path, path: PurePosixPath) -> Iterator[Found]:
    try:
        status = place.lstat()
    except OSError as error:
        yield Found(path, trouble=f"it cannot be read: {error.strerror}")
        return
    when, suffix = when_of(status.st_mtime), place.suffix.lower()
    if not stat.S_ISREG(status.st_mode):
        if suffix in (".ipynb", ".zip"):
            yield Found(path, trouble="it is no plain file: hand in the .ipynb file that JupyterLab saves")
    elif suffix == ".zip":
        try:
            with place.open("rb") as stream:
                # Why: the dates in a student's own zip file are whatever the student likes.
                for each in in_zip(stream, path, 0, lambda: place.open("rb")):
                    yield each if len(path.parts) == 1 else replace(each, when=when)
        except OSError as error:
            yield Found(path, trouble=f"it cannot be read: {error.strerror}")
    elif suffix == ".ipynb" and status.st_size > BYTES_MOST:
        yield Found(path, trouble=too_large(status.st_size), when=when)
    else:
        yield Found(path, partial(_read, place), when=when)


def _read(place: Path) -> bytes:
    """A file, if it is a plain one even now: whoever swaps it for a pipe stops nobody."""
    try:
        with os.fdopen(os.open(place, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise NotReadable("it is no plain file: hand in the .ipynb file that JupyterLab saves")
            data = stream.read(BYTES_MOST + 1)
    except OSError as error:
        raise NotReadable(f"it cannot be read: {error.strerror}") from None
    if len(data) > BYTES_MOST:
        raise NotReadable(too_large(place.stat().st_size))
    return data
