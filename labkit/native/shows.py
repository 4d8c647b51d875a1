"""What a program has shown with UTHREAD_SHOW: a variable, what it held, and in which functions the thread was then."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from labkit.native.recording import FRAMES, CEvent
from labkit.thread import free_name

if TYPE_CHECKING:
    from labkit.native.nativerun import NativeRun

PLACE: Final = struct.Struct(f"<88sQ{FRAMES}Q{FRAMES}Q")
"""struct event.place of record.h."""
INTEGERS, POINTER, REAL = (1, 2, 3, 4), 5, 8
"""Types as GCC and Clang number them for __builtin_classify_type (gcc/typeclass.h): integer, char, enum, bool; pointer; real."""
PLAIN_NAME: Final = re.compile(r"\w+(\.\w+)*")
LINK_BYTES: Final = 16
"""At a frame pointer lie the caller's frame pointer and the return address."""


class Frame(NamedTuple):
    """A function of the program that had been called and had not returned."""

    function: str
    base: int
    """Its frame pointer."""


class Show(NamedTuple):
    """One UTHREAD_SHOW.

    Attributes:
        raw: its first 8 bytes, as a number; 0 if they are not known.
        type: of __builtin_classify_type; 0 if the program did not tell.
        frames: the program's own functions, the outermost first.
        locals_below: local variables lie below the frame pointer, as on x86_64; else above it.
        top: all these frames lie below this address.
    """

    thread: str
    name: str
    address: int
    size: int
    type: int
    raw: int
    frames: tuple[Frame, ...]
    locals_below: bool
    top: int

    @property
    def is_local(self) -> bool:
        """Is it a variable of the function that shows it, if it lies on the stack? So it is, if it has a plain name there.

        Why: where a frame begins and ends, frame pointers tell for some compilers only; clang for ARM has it on both sides.
        """
        return self.type != 0 and PLAIN_NAME.fullmatch(self.name) is not None

    @property
    def pointer(self) -> int:
        """The address that it may hold: of a pointer, or of 8 bytes of which nobody has told what they are."""
        return self.raw if self.size == struct.calcsize("<Q") and self.type not in (0, REAL) else 0

    @property
    def value(self) -> str:
        """What it holds, where that is a number."""
        data = struct.pack("<Q", self.raw)
        if self.type in INTEGERS and self.size in (1, 2, 4, 8):
            return str(int.from_bytes(data[: self.size], "little", signed=True))
        if self.type == REAL and self.size in (4, 8):
            (number,) = struct.unpack("<f" if self.size == 4 else "<d", data[: self.size])
            return f"{number:.6g}"
        return "NULL" if self.type == POINTER and self.size == 8 and not self.raw else ""


def frame_of(address: int, frames: tuple[Frame, ...], locals_below: bool) -> Frame | None:
    """The frame that an address of this stack lies in, as far as frame pointers tell; frames stand outermost first."""
    if locals_below:
        return next((frame for frame in reversed(frames) if address < frame.base + LINK_BYTES), None)
    return next((frame for frame in frames if address >= frame.base), None)


def names_of(run: NativeRun) -> dict[int, str]:
    """tid → a name that no other thread of the run has."""
    taken: set[str] = set()
    return {thread.tid: free_name(thread.name.replace(" ", "-") or "thread", taken, 0) for thread in run.recording.threads}


def shows(run: NativeRun) -> list[Show]:
    """Everything that was shown, thread by thread: no race between threads decides the order."""
    names = names_of(run)
    events = [event for event in run.recording.events() if event.kind == "PLACE" and event.tid in names]
    return [_show(run, event, names[event.tid]) for event in sorted(events, key=lambda event: event.tid)]


def _show(run: NativeRun, event: CEvent, thread: str) -> Show:
    name, type_, *words = PLACE.unpack(event.rest)
    frames = tuple(_frames(run, words[:FRAMES], words[FRAMES:]))[::-1]
    text = name.partition(b"\0")[0].decode(errors="replace")
    top = max(words[FRAMES:])  # of the frame that called them, labkit's own
    top += LINK_BYTES * (bool(frames) and frames[0].base == top)
    return Show(thread, text, event.address, event.other, type_ & 0xFF, event.known, frames, bool(type_ >> 8), top)


def _frames(run: NativeRun, pcs: list[int], bases: list[int]) -> Iterator[Frame]:
    for pc, base in zip(pcs, bases, strict=True):
        # Why - 1: a return address is the instruction after the call, which may belong to the next line.
        place = run.where(pc - 1) if pc else None
        if place is not None and place.file == run.program.source:
            yield Frame(f"{place.function.partition('.')[0]}()", base)
