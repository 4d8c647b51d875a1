"""How often a program went into the kernel by its own will: counted by strace, or by the machine itself."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from labkit.native.child import Child, Ended, Limits

BEGINS: Final = 'prctl(PR_SET_NAME, "main"'
"""With this call fault.c says that the program itself begins: what strace saw before was the loader."""


@dataclass(frozen=True)
class Syscalls:
    """System calls of a run, and how they were counted."""

    how: str
    """"strace": all of them, from main's first line on. "known calls": those that the machine makes itself, and no others."""
    by_name: Counter[str]

    @property
    def total(self) -> int:
        """All of them together."""
        return self.by_name.total()

    def __str__(self) -> str:
        each = ", ".join(f"{count} {name}" for name, count in self.by_name.most_common())
        return f"{self.total} system calls ({self.how}): {each or 'none'}"


def under_strace(child: Child, limits: Limits) -> tuple[Ended | None, Counter[str] | None]:
    """The program under strace, and its system calls by name; None where strace is missing or not allowed here."""
    if shutil.which("strace") is None:
        return None, None
    with tempfile.TemporaryDirectory(prefix="labkit-strace-") as folder:
        log = Path(folder) / "log"
        ended = child.run(limits, before=("strace", "-f", "-qq", "-o", str(log)))
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    begin = next((i for i, line in enumerate(lines) if BEGINS in line), None)
    if begin is None:
        return (ended, Counter()) if ended.interrupted else (None, None)
    calls = (re.match(r"^\d+ +(\w+)\(", line) for line in lines[begin + 1 :])
    return ended, Counter(found[1] for found in calls if found)
