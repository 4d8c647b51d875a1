"""How a context switch broke down, in a sentence: what it did, on which line of the text, between which threads."""

from __future__ import annotations

import platform
import re
from bisect import bisect_right
from typing import Final

from labkit.native.nativerun import NativeRun
from labkit.native.verdict import SIGNALS

X86: Final = platform.machine() == "x86_64"
STACK_POINTER, PROGRAM_COUNTER = ("rsp", "rip") if X86 else ("sp", "pc")
THREADS: Final = ("main", "A", "B")
VTALRM: Final = 26
"""The signal of a timer that counts processor time only: signal(7)."""


def which(words: list[str]) -> str:
    """Which switch it was: the last three words are its number, who left and who was to come."""
    turn, left, came = map(int, words[-3:])
    return f" (Switch number {turn}, from thread {THREADS[left]} to {THREADS[came]}.)"


def trouble(what: str, value: int) -> str:
    """A switch that can be seen to go wrong before it crashes."""
    to = "stores and loads" if not X86 else "pushes and pops"
    if what == "moved":
        high = "high" if value > 0 else "low"
        return f"{STACK_POINTER} comes back {abs(value)} bytes too {high}: count what it {to}, and what `ret` takes."
    return {
        "stayed": f"It came back and had not switched: {STACK_POINTER} must become next_sp.",
        "unwritten": "*keep_sp holds nothing: the stack pointer of who leaves belongs there, or nobody finds it again.",
        "elsewhere": f"*keep_sp holds {value:#x}, which is not on the stack of the thread that left.",
        "again": "It went to the beginning of a thread that has begun already: the stack it took was not next_sp.",
    }[what]


def crash(done: NativeRun, name: str, lines: list[str], number: int, pc: int, address: int) -> str:
    """Where a signal ended it, and why."""
    signal = SIGNALS.get(number, f"signal {number}")
    at = pc - done.recording.text_start + done.executable.first_address
    rows = done.executable.lines
    row = rows[max(0, bisect_right(rows, at, key=lambda row: row.address) - 1)]
    here = _quoted(row.line, lines) if row.file == name and row.line else ""
    if number == VTALRM:
        return f"It never arrives: half a second of processor time later it is still {here or 'on its way'}."
    if here:
        return f"It crashes {here}: {signal}, address {address:#x}."
    returns = [i for i, line in enumerate(lines, 1) if re.search(r"\b(ret|retq)\b|\bjmp\s+\*|\bbr\s+x", line)]
    by = f" {_quoted(returns[0], lines)}" if len(returns) == 1 else ""
    return f"It goes on at {pc:#x}{by}, where it should not: what it takes for the return address is something else ({signal})."


def _quoted(number: int, lines: list[str]) -> str:
    if number > len(lines):
        return "behind its last line: a `ret` is missing"
    text = lines[number - 1].strip()
    return f"in line {number}, `{text}`"
