"""A file is written whole or not at all, so that nobody ever reads half of one."""

from __future__ import annotations

import os
from pathlib import Path


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file beside its place and move it there; its folder is made if it is not there.

    A text is written as UTF-8; what no UTF-8 can say (half of a surrogate pair, out of a damaged file) as an escape.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        if isinstance(content, bytes):
            fresh.write_bytes(content)
        else:
            fresh.write_text(content, encoding="utf-8", errors="backslashreplace", newline="")
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
