"""What lies where in the memory of a program: /proc/self/maps, each stretch with the name that a lesson gives it.

The kernel's list (proc_pid_maps(5)) knows files and permissions only. Where .data ends, which stack is whose, and which page is a
guard, the program itself has told: labkit/native/recording.py.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from labkit.native.recording import CThread, Recording
from labkit.native.symbols import Executable

KINDS: Final = {
    "text": "machine code of the program",
    "rodata": "constants: string literals, const variables",
    "data": "variables with a first value",
    "bss": "variables that begin as 0",
    "heap": "what malloc gives",
    "stack": "local variables and return addresses of one thread",
    "guard": "a page that nobody may touch, below a stack",
    "tls": "variables that every OS thread has its own of",
    "library": "shared libraries",
    "kernel": "pages that the kernel lends: vdso, vvar",
    "other": "something else",
}
"""What a region can be, in the order in which a lesson meets them."""
ARENA_BYTES: Final = 64 << 20
"""glibc gives threads heaps of their own, each at a multiple of this address: HEAP_MAX_SIZE, malloc/arena.c, glibc 2.36."""
_LINE: Final = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) (\S{4}) \S+ \S+ \d+\s*(.*)$")


@dataclass(frozen=True)
class Region:
    """A stretch of memory that is one thing.

    Attributes:
        start, end: addresses; end is the first one that does not belong to it.
        perms: "rw-p" and the like: read, write, execute, private.
        kind: one of KINDS.
        thread: whose it is; empty if it is everybody's.
        path: the file that is mapped, if any.
    """

    start: int
    end: int
    perms: str
    kind: str
    thread: str = ""
    path: str = ""

    def __contains__(self, address: int) -> bool:
        return self.start <= address < self.end

    def __str__(self) -> str:
        whose = f" of {self.thread}" if self.thread else ""
        return f"{self.start:014x}-{self.end:014x} {self.perms} {(self.end - self.start) >> 10:8} KiB  {self.kind}{whose}"


def read_regions(recording: Recording, program: str, executable: Executable) -> list[Region]:
    """The program's memory as it was when its first thread ended, or when it asked, or at its own end."""
    found = []
    everywhere = sorted(set(_cuts(recording)))
    for start, end, perms, path in _lines(recording.maps):
        cuts = everywhere[bisect_right(everywhere, start) : bisect_left(everywhere, end)]
        for low, high in zip([start, *cuts], [*cuts, end], strict=True):
            found.append(Region(low, high, perms, "other", path=path))
    rodata = executable.section(".rodata")
    bias = recording.text_start - executable.first_address
    constants = rodata.address + bias if rodata else 0
    owners = _Owners(recording.threads)
    return [owners.claim(region) or _name(region, recording, program, constants) for region in found]


def _lines(maps: str) -> Iterator[tuple[int, int, str, str]]:
    for line in maps.splitlines():
        if match := _LINE.match(line):
            yield int(match[1], 16), int(match[2], 16), match[3], match[4]


def _cuts(recording: Recording) -> Iterable[int]:
    """Addresses where one thing ends and another begins, though the kernel sees one mapping."""
    yield recording.data_end
    for thread in recording.threads:
        if thread.guard_bytes:
            yield from (thread.stack_low - thread.guard_bytes, thread.stack_low, thread.stack_high)
            if thread.stack_low < thread.tls < thread.stack_high:
                yield thread.tls & ~0xFFF


def _name(region: Region, recording: Recording, program: str, constants: int) -> Region:
    """A region that is no thread's own, with its kind."""
    kind = "other"
    if region.path == program:
        kind = _part(region, recording, constants)
    elif region.path == "[heap]":
        kind = "heap"
    elif region.path.startswith("[v"):
        kind = "kernel"
    elif region.path.startswith("/") and region.path.partition(":")[0] != "/memfd":
        kind = "library"
    elif not region.path and region.start % ARENA_BYTES == 0 and "w" in region.perms:
        kind = "heap"
    elif not region.path and recording.data_end <= region.start < recording.bss_end:
        kind = "bss"
    return replace(region, kind=kind)


def _part(region: Region, recording: Recording, constants: int) -> str:
    """Which part of the executable a mapping of it is."""
    if "x" in region.perms:
        return "text"
    if "w" in region.perms:
        return "bss" if region.start >= recording.data_end else "data"
    return "rodata" if constants in region else "other"


class _Owners:
    """Which regions are a thread's own; there may be ten thousand threads, so they are looked up by address."""

    def __init__(self, threads: list[CThread]) -> None:
        # A later thread may have got the stack of one that has ended: of those at one place, the last is kept.
        by_low = {thread.stack_low - thread.guard_bytes: thread for thread in threads if thread.guard_bytes}
        self.stacks = [by_low[low] for low in sorted(by_low)]
        self.lows = sorted(by_low)
        self.by_tls = sorted((thread.tls, thread.name) for thread in threads if thread.tls)

    def claim(self, region: Region) -> Region | None:
        """The region as the stack, guard page or thread-local storage of a thread, if it is that."""
        at = bisect_right(self.lows, region.start) - 1
        if at >= 0 and region.start < self.stacks[at].stack_high:
            thread = self.stacks[at]
            if region.start < thread.stack_low:
                return replace(region, kind="guard", thread=thread.name) if region.perms.startswith("---") else None
            own = thread.stack_low <= thread.tls < thread.stack_high and region.start >= thread.tls & ~0xFFF
            return replace(region, kind="tls" if own else "stack", thread=thread.name)
        at = bisect_left(self.by_tls, (region.start, ""))
        if at < len(self.by_tls) and self.by_tls[at][0] in region:
            return replace(region, kind="tls", thread=self.by_tls[at][1])
        return replace(region, kind="stack", thread="main") if region.path == "[stack]" else None
