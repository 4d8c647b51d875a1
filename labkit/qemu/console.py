"""What the guest says, read: the report of a run, /proc's files, and the last words on the console.

Everything here takes text and gives values, so that it is tested on recorded runs, without a VM.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from labkit.kmsg import Record, Records, parse_kmsg
from labkit.taskinfo import TaskInfo, read_task

BEGIN: Final = "labkit: begin"
END: Final = "labkit: end"

_HEADER = re.compile(r"^==> (\d+)/(\w+) <==\n", re.MULTILINE)
_CONSOLE = re.compile(r"\[ *(\d+)\.(\d{6})\] (.*)")
_PANIC = "Kernel panic - not syncing"
_LOUD: Final = ((_PANIC, 0), ("---[ end Kernel panic", 0), ("BUG: ", 1), ("#PF: ", 1), ("INFO: task ", 3), ("labkit: ", 7))


class Section(NamedTuple):
    """One part of the report: its name, the words behind the name, and its text."""

    name: str
    words: tuple[str, ...]
    text: str


def sections(report: str) -> dict[str, Section]:
    """The report of a run, cut into its sections."""
    found = {}
    for part in report.split("\x02")[1:]:
        head, _, text = part.partition("\n")
        name, *words = head.split()
        found[name] = Section(name, tuple(words), text)
    return found


def read_tasks(text: str) -> list[TaskInfo]:
    """The tasks in what `tail -v` shows of /proc; one that went away while it was read is left out."""
    parts = _HEADER.split(text)
    files: dict[int, dict[str, str]] = {}
    for pid, file, content in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        files.setdefault(int(pid), {})[file] = content
    for file_texts in files.values():
        for file in list(file_texts)[:-1]:  # tail puts an empty line between two files
            file_texts[file] = file_texts[file].removesuffix("\n")
    return [
        read_task(
            f["stat"], f["status"].rstrip("\n"), f.get("comm"), f.get("cmdline", ""), f.get("wchan", "0"), f.get("stack", "")
        )
        for f in files.values()
        if f.get("stat", "").strip() and f.get("status", "").strip()
    ]


def read_log(text: str) -> Records:
    """The records of one run: those between the two marks that it sets in the kernel's log."""
    records = parse_kmsg(text, strict=False)
    begin = max((i + 1 for i, r in enumerate(records) if r.text == BEGIN and r.facility), default=0)
    end = min((i for i, r in enumerate(records) if r.text == END and r.facility), default=len(records))
    return Records(records[begin:end])


def read_console(text: str) -> Records:
    """The records of a run that ended in a panic, from the console, which shows no levels.

    The level is told by the text where the text tells it (a panic, an oops) and is 6, info, elsewhere.
    """
    records = Records()
    lines = text.replace("\r", "").split("\n")
    begin = max((i for i, line in enumerate(lines) if line.endswith("] " + BEGIN)), default=-1)
    for seq, line in enumerate(lines[begin + 1 :]):
        if found := _CONSOLE.search(line):
            level = next((level for start, level in _LOUD if found[3].startswith(start)), 6)
            records.append(Record(level, 0, seq, int(found[1]) * 1_000_000 + int(found[2]), "-", found[3]))
    return records


def panicked(console: str) -> bool:
    """Did the kernel panic?"""
    return _PANIC in console
