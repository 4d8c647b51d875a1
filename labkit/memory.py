"""What lies where in a program's memory at one moment: plain data that one view draws, whoever has looked.

A C program's picture is read from addresses (labkit/native/picture.py), a Python program's from the frames of its threads
(labkit/look.py). Nothing here is an address: a picture is the same in every run that does the same. What differs from run to
run, such as addresses, goes into `details`, which no stored form shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from labkit.draw import draw

KINDS: Final = {
    "stack": "local variables and return addresses of one thread",
    "guard": "a page that nobody may touch, below a stack",
    "tls": "variables that every OS thread has its own of",
    "library": "code and data of shared libraries",
    "heap": "what malloc gives, or what Python makes",
    "globals": "global variables of the program's modules",
    "bss": "variables that begin as 0",
    "data": "variables with a first value",
    "rodata": "constants: string literals, const variables",
    "text": "machine code of the program",
    "other": "something else",
}
"""What an area can be, in the order of a picture: high addresses first, as in most textbooks."""


@dataclass
class Cell:
    """A variable, or a part of a thing on the heap.

    Attributes:
        key: what arrows and details know it by; unique in its picture.
        name: its name in the source.
        value: what it holds, in words; empty if that is not known, or if it holds an arrow.
        to: key of the cell, box or area that it points to; empty for a plain value.
        bytes: its size; 0 if that makes no sense.
        shared_by: the threads that have a name for it, when there are more than one.
        also: other names that it has.
    """

    key: str
    name: str
    value: str = ""
    to: str = ""
    bytes: int = 0
    shared_by: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@dataclass
class Box:
    """Cells that belong together: one frame of a stack, one thing on the heap; or, without a title, loose variables.

    Attributes:
        gone: the function has returned, so nobody should use these cells any more.
        shared_by: as of a cell.
    """

    key: str
    title: str = ""
    cells: list[Cell] = field(default_factory=list)
    gone: bool = False
    shared_by: tuple[str, ...] = ()


@dataclass
class Area:
    """A part of memory: a thread's stack, the heap, .data.

    Attributes:
        key: as of a cell.
        kind: one of KINDS.
        title: "stack of A", ".data".
        thread: whose it is; empty if it is everybody's. Nothing keeps other threads out of it: it is one address space.
        boxes: what lies in it: of a stack the frames, the outermost first.
        guard_pages: pages below it that nobody may touch.
        note: a remark under the title.
    """

    key: str
    kind: str
    title: str
    thread: str = ""
    boxes: list[Box] = field(default_factory=list)
    guard_pages: int = 0
    note: str = ""

    @property
    def cells(self) -> list[Cell]:
        """All cells of its boxes."""
        return [cell for box in self.boxes for cell in box.cells]


class Found(NamedTuple):
    """Where something lies: a cell in a box in an area; cell or box is None where the thing is bigger."""

    area: Area
    box: Box | None
    cell: Cell | None


@dataclass
class Picture:
    """Memory at one moment.

    Attributes:
        areas: everything there is, stacks first, in order of creation.
        threads: names of all threads, in order of creation.
        moment: when it was, in the program's own words; may be empty.
        language: "C" or "Python".
        details: key → what is true for this run only: addresses, sizes, the line of /proc/self/maps.
    """

    areas: list[Area] = field(default_factory=list)
    threads: list[str] = field(default_factory=list)
    moment: str = ""
    language: str = "Python"
    details: dict[str, str] = field(default_factory=dict)

    def all(self) -> Iterator[Found]:
        """Every area, box and cell."""
        for area in self.areas:
            yield Found(area, None, None)
            for box in area.boxes:
                yield Found(area, box, None)
                yield from (Found(area, box, cell) for cell in box.cells)

    def find(self, name: str) -> list[Found]:
        """The cells of this name, and where they lie; more than one where each thread has its own.

        >>> counter = Cell("c", "counter", "0")
        >>> [found.area.title for found in Picture([Area("d", "data", ".data", boxes=[Box("b", "", [counter])])]).find("counter")]
        ['.data']
        """
        return [found for found in self.all() if found.cell is not None and found.cell.name == name]

    def at(self, key: str) -> Found | None:
        """What has this key."""
        return next((f for f in self.all() if (f.cell or f.box or f.area).key == key), None)

    def where(self, key: str, seen_from: str = "") -> str:
        """Where something lies, in words, as the owner of the cell or box `seen_from` would say it."""
        found, reader = self.at(key), self.at(seen_from)
        if found is None:
            return "nowhere"
        area, box, cell = found
        name = f"{cell.name} in " if cell else ""
        if area.kind != "stack" or box is None:
            inside = "on the heap" if area.kind == "heap" else f"in {area.title}"
            return f"{cell.name} {inside}" if cell else area.title if box is None else f"{box.title} {inside}"
        if reader is not None and reader.area is area and reader.box is not None:
            up = area.boxes.index(reader.box) - area.boxes.index(box)
            whose = f"{up} frame{'s' * (up > 1)} up" if up > 0 else "the same frame" if not up else "a frame further down"
        else:
            whose = f"the {area.title}"
        if not box.title:
            return f"{name}the {area.title}"
        return f"{name}{box.title}, {whose}" + (", which has returned" if box.gone else "")

    def memory(self, **options: Any) -> Any:
        """The picture itself."""
        return draw("memory", [self], **options)
