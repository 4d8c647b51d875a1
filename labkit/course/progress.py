"""What one student predicted and which hints they asked for: one small JSON file in their work folder.

Two notebooks may write it at once, and a click may be handled in another OS thread than the cell that asked. So every
change is read-change-write under one lock, and the file is replaced whole, never rewritten in place.
"""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

PROGRESS_FORMAT: Final = 1
PROGRESS_DIR_VARIABLE: Final = "LABKIT_PROGRESS_DIR"
_FOLDER: Final = ".labkit"

_one_at_a_time = threading.Lock()
_in_memory: dict[str, Any] | None = None
"""Used instead of the file from the moment that writing it failed, so that a lesson goes on in a read-only folder."""


def progress_file() -> Path:
    """Where it is kept: LABKIT_PROGRESS_DIR, else the nearest .labkit/ folder here or above, else a new one here."""
    if named := os.environ.get(PROGRESS_DIR_VARIABLE):
        return Path(named) / "progress.json"
    here = Path.cwd()
    work = next((place for place in (here, *here.parents) if (place / _FOLDER).is_dir()), here)
    return work / _FOLDER / "progress.json"


def read_progress() -> dict[str, Any]:
    """What is recorded now: {"format", "predictions": {id: {...}}, "hints": {exercise id: how many}}."""
    return _in_memory if _in_memory is not None else _read(progress_file())


def change_progress(change: Callable[[dict[str, Any]], None]) -> None:
    """Apply a change to what is recorded, whole or not at all."""
    global _in_memory
    with _one_at_a_time:
        if _in_memory is None:
            path = progress_file()
            try:
                with _locked(path):
                    data = _read(path)
                    change(data)
                    _write(path, data)
                return
            except OSError as error:
                print(f"labkit: {path} cannot be written ({error.strerror}); progress is kept until this notebook is closed.")
                _in_memory = _read(path)
        change(_in_memory)


def timestamp() -> str:
    """Now, in UTC, to the second."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path.with_suffix(".lock"), "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _read(path: Path) -> dict[str, Any]:
    empty: dict[str, Any] = {"format": PROGRESS_FORMAT, "predictions": {}, "hints": {}}
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if not all(isinstance(data[key], dict) for key in ("predictions", "hints")):
            raise ValueError("its parts are not what they should be")
        return empty | data
    except OSError:
        return empty
    except (ValueError, KeyError, TypeError):
        _set_aside(path)
        return empty


def _set_aside(path: Path) -> None:
    """Move a file that cannot be read out of the way: what it still holds is kept for a person to look at."""
    aside = path.with_name(f"progress.unreadable-{time.time_ns()}.json")
    try:
        os.replace(path, aside)
        print(f"labkit: {path.name} could not be read; it is kept as {aside}, and a new one is begun.")
    except OSError:
        print(f"labkit: {path} could not be read; what it holds is not used.")


def _write(path: Path, data: dict[str, Any]) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix="progress-", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(data, file, indent=1, ensure_ascii=False, sort_keys=True)
            file.write("\n")
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
