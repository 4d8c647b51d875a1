"""What a C program left in the memory that it shared with labkit: record.h, read from Python.

The layout is the C compiler's own for x86_64 and aarch64, little-endian; record.h asserts the sizes that are counted on
here. The program may have died in the middle of a write: an event whose number does not fit its place is left out.
"""

from __future__ import annotations

import os
import platform
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from labkit.errors import LabError

FORMAT: Final = 2
REGISTERS: Final = 36
FRAMES: Final = 12
CALLERS: Final = 6
ROWS: Final = 16384
HEAD: Final = struct.Struct("<4I7Q8Q")
NEXT_AT: Final = 64
"""Where in it the number of events stands."""
FAULT: Final = struct.Struct(f"<4iQ{REGISTERS}Q1024s")
MAPS_AT: Final = HEAD.size + FAULT.size
MAPS_BYTES: Final = 256 << 10
ROW: Final = struct.Struct(f"<24s4i9Q{FRAMES}Q")
ROWS_AT: Final = MAPS_AT + 8 + MAPS_BYTES
EVENT: Final = struct.Struct(f"<2Q4H2i2Q{CALLERS}Q")
EVENT_BYTES: Final = EVENT.size + 8 * REGISTERS
RING_AT: Final = ROWS_AT + ROWS * ROW.size

KINDS: Final = ("", "SWITCH", "WAKEUP", "SPAWN", "EXIT", "WAIT", "ACQUIRE", "CONTEND", "RELEASE", "TIMER", "NOTE", "PLACE")
CAUSES: Final = ("start", "yield", "preempt", "block", "wake", "exit")
STATES: Final = ("NEW", "RUNNABLE", "RUNNING", "BLOCKED", "EXITED")
CALLS: Final = ("rt_sigprocmask", "rt_sigreturn", "setitimer", "mmap", "mprotect", "munmap")
TROUBLES: Final = ("", "signal", "overflow", "misuse", "deadlock")

_X86: Final = "rax rbx rcx rdx rsi rdi rbp rsp r8 r9 r10 r11 r12 r13 r14 r15 rip rflags sigmask mxcsr x87"
_ARM: Final = " ".join(f"x{i}" for i in range(31)) + " sp pc pstate sigmask fpcr"
REGISTERS_OF: Final = {"x86_64": tuple(_X86.split()), "aarch64": tuple(_ARM.split())}
"""Processor → the names of its registers, by the number that record.h gives them."""
REGISTER_NAMES: Final = REGISTERS_OF.get(platform.machine(), REGISTERS_OF["x86_64"])
"""Those of the processor here; a recorded run has its own."""


def stack_pointer(registers: dict[str, int]) -> int:
    """Where the stack of a thread with these registers ends; 0 if that was not saved."""
    return registers.get("rsp") or registers.get("sp", 0)


def program_counter(registers: dict[str, int]) -> int:
    """The instruction at which a thread with these registers goes on; 0 if that was not saved."""
    return registers.get("rip") or registers.get("pc", 0)


class CEvent(NamedTuple):
    """One event as the program wrote it."""

    t_ns: int
    kind: str
    tid: int
    other: int
    cpu: int
    cause: str
    state: str
    address: int
    known: int
    frames: tuple[int, ...]
    rest: bytes
    """Registers or text, by kind."""
    names: tuple[str, ...]
    """What the registers are called on the processor that it ran on."""

    @property
    def text(self) -> str:
        """The text of an event that has one."""
        return _text(self.rest)

    @property
    def registers(self) -> dict[str, int]:
        """The registers that were saved, by name."""
        values = struct.unpack(f"<{REGISTERS}Q", self.rest)
        return {name: values[i] for i, name in enumerate(self.names) if self.known >> i & 1}


@dataclass(frozen=True)
class CThread:
    """One thread as it was last seen."""

    name: str
    os_tid: int
    tid: int
    state: str
    parent: int
    guard_bytes: int
    stack_low: int
    stack_high: int
    stack_used: int
    tls: int
    fn: int
    voluntary: int
    involuntary: int
    sp: int
    frames: tuple[int, ...]


@dataclass(frozen=True)
class Fault:
    """What went wrong: one of TROUBLES, by which thread, and what the program said about it."""

    trouble: str
    signal: int
    tid: int
    address: int
    registers: dict[str, int]
    said: str


class Shared:
    """Memory for a program to write into: a file without a name, as long as the program's struct recording.

    Args:
        events: room in the ring, a power of two; when it is full, the newest event replaces the oldest.
    """

    def __init__(self, events: int) -> None:
        if events < 1 or events & (events - 1):
            raise LabError(f"events={events}: room for a power of two, such as 65536")
        self.events = events

    def __enter__(self) -> Shared:
        self.fd = os.memfd_create("labkit-recording")
        os.ftruncate(self.fd, RING_AT + self.events * EVENT_BYTES)
        return self

    def __exit__(self, *exc: object) -> None:
        os.close(self.fd)

    def environment(self) -> dict[str, str]:
        """How the program finds it."""
        return {"LABKIT_RECORD_FD": str(self.fd), "LABKIT_RECORD_EVENTS": str(self.events)}

    def read(self) -> Recording:
        """What is in it now; of the ring, only the part that was used."""
        (written,) = struct.unpack_from("<Q", os.pread(self.fd, HEAD.size, 0), NEXT_AT)
        return Recording(os.pread(self.fd, RING_AT + min(written, self.events) * EVENT_BYTES, 0))


class Recording:
    """What the program has written.

    Args:
        data: the bytes of its struct recording.
        processor: where it ran, as platform.machine() names it.
    """

    def __init__(self, data: bytes, processor: str = platform.machine()) -> None:
        self.data = data
        self.processor = processor
        self.register_names = REGISTERS_OF.get(processor, REGISTER_NAMES)

    @cached_property
    def _head(self) -> tuple[int, ...]:
        return HEAD.unpack_from(self.data, 0)

    @property
    def capacity(self) -> int:
        """Room in the ring, if what the program says of it can be true: else as much as there is."""
        here = max(0, len(self.data) - RING_AT) // EVENT_BYTES
        return self._head[4] if self._head[10] <= here <= self._head[4] else here

    @property
    def page_bytes(self) -> int:
        """Size of a page."""
        return self._head[2]

    @property
    def begun(self) -> bool:
        """Did the program come as far as to find this recording?"""
        return self._head[0] == FORMAT

    @property
    def text_start(self) -> int:
        """Where the program lies in memory."""
        return self._head[6]

    @property
    def data_end(self) -> int:
        """Where .data ends and .bss begins."""
        return self._head[8]

    @property
    def bss_end(self) -> int:
        """Where .bss ends."""
        return self._head[9]

    @property
    def lost(self) -> int:
        """Events that newer ones have replaced."""
        return max(0, self._head[10] - self.capacity)

    @property
    def calls(self) -> dict[str, int]:
        """System calls that the machine made itself, as it counted them."""
        return {name: count for name, count in zip(CALLS, self._head[11:], strict=False) if count}

    @cached_property
    def maps(self) -> str:
        """/proc/self/maps of the program."""
        (size,) = struct.unpack_from("<Q", self.data, MAPS_AT)
        whole = self.data[MAPS_AT + 8 : MAPS_AT + 8 + size].decode(errors="replace")
        return whole[: whole.rfind("\n") + 1]  # where it was too long, the last line is cut

    @cached_property
    def fault(self) -> Fault | None:
        """What went wrong, if the program told."""
        trouble, _, signal, tid, address, *registers, said = FAULT.unpack_from(self.data, HEAD.size)
        if not 0 < trouble < len(TROUBLES):
            return None
        named = dict(zip(self.register_names, registers, strict=False))
        return Fault(TROUBLES[trouble], signal, tid, address, named, _text(said))

    @property
    def rows_used(self) -> int:
        """Rows that hold a thread, and an empty one before them."""
        return min(self._head[3] + 1, ROWS)

    @cached_property
    def threads(self) -> list[CThread]:
        """All threads, in order of creation; of more than ROWS, the last ones."""
        found = []
        for slot in range(self.rows_used):
            name, os_tid, tid, state, *numbers = ROW.unpack_from(self.data, ROWS_AT + slot * ROW.size)
            if tid > 0:
                parent, guard, low, high, used, tls, fn, voluntary, involuntary, sp, *rest = numbers
                own = (low, high, used, tls, fn, voluntary, involuntary, sp)
                frames = tuple(frame for frame in rest if frame)
                found.append(CThread(_text(name), os_tid, tid, _word(STATES, state), parent, guard, *own, frames))
        return sorted(found, key=lambda thread: thread.tid)

    def events(self) -> Iterator[CEvent]:
        """The events that are kept and whole, in the order in which they happened."""
        written = self._head[10]
        kept = []
        for place in range(max(0, written - self.capacity), written):
            at = RING_AT + place % self.capacity * EVENT_BYTES
            number, t_ns, kind, cause, state, cpu, tid, other, address, known, *frames = EVENT.unpack_from(self.data, at)
            if number == place + 1 and 0 < kind < len(KINDS):
                words = (_word(CAUSES, cause), _word(STATES, state))
                rest = self.data[at + EVENT.size : at + EVENT_BYTES]
                names = self.register_names
                kept.append(CEvent(t_ns, KINDS[kind], tid, other, cpu, *words, address, known, tuple(frames), rest, names))
        # Why: places are taken before the clock is read, so two processors may come in either order.
        yield from sorted(kept, key=lambda event: event.t_ns)


def _word(words: tuple[str, ...], number: int) -> str:
    """The word for a number; a program that writes at random into its memory may have left any number."""
    return words[number] if 0 <= number < len(words) else words[0]


def _text(data: bytes) -> str:
    return data.partition(b"\0")[0].decode(errors="replace")
