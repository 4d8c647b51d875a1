"""What lies where in the memory of a program: /proc/self/maps, each stretch with the name that a lesson gives it.

The kernel's list (proc_pid_maps(5)) knows files and permissions only. Where .data ends, which stack is whose, and which page is a
guard, the program itself has told: labkit/native/recording.py.
"""

from __future__ import annotations

import re
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
    for start, end, perms, path in _lines(recording.maps):
        cuts = sorted({c for c in _cuts(recording) if start < c < end})
        for low, high in zip([start, *cuts], [*cuts, end], strict=True):
            found.append(Region(low, high, perms, "other", path=path))
    rodata = executable.section(".rodata")
    bias = recording.text_start - executable.first_address
    constants = rodata.address + bias if rodata else 0
    return [_name(region, recording, program, constants) for region in found]


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
    """The region with its kind and its thread."""
    if owner := _owner(region, recording.threads):
        return owner
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


def _owner(region: Region, threads: list[CThread]) -> Region | None:
    """The region as the stack, guard page or thread-local storage of a thread, if it is that."""
    for thread in threads:
        low, high = thread.stack_low, thread.stack_high
        if thread.guard_bytes and low - thread.guard_bytes <= region.start < low and region.perms.startswith("---"):
            return replace(region, kind="guard", thread=thread.name)
        if thread.guard_bytes and low <= region.start < high:
            kind = "tls" if thread.tls >= low and thread.tls < high and region.start >= thread.tls & ~0xFFF else "stack"
            return replace(region, kind=kind, thread=thread.name)
        if thread.tls in region:
            return replace(region, kind="tls", thread=thread.name)
    return replace(region, kind="stack", thread="main") if region.path == "[stack]" else None
