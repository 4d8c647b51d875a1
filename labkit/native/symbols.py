"""From an address to a name and a line of C: what the compiler left in the executable about its functions and lines.

Read from the ELF file itself (elf(5)), because addr2line comes with gcc and not with zig. Only what is needed is read: the
table of symbols, and the line tables (labkit/native/linetable.py).
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from labkit.native.linetable import Row, line_rows

FUNCTION: Final = 2
OBJECT: Final = 1
"""Kinds of symbols: STT_FUNC, STT_OBJECT."""
LOAD: Final = 1
"""Kind of a segment that is put into memory: PT_LOAD."""
TOLD_BY: Final = (".symtab", ".strtab", ".shstrtab", ".debug_line")
"""The sections that names and lines are read from."""


@dataclass(frozen=True)
class Where:
    """A place in the source: a function and, if the compiler told, a file and a line."""

    function: str
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        return f"{self.function}(), line {self.line}" if self.line else f"{self.function}()"


class Symbol(NamedTuple):
    """A name for a stretch of memory."""

    address: int
    size: int
    name: str
    kind: int


class Section(NamedTuple):
    """A part of the executable: where it is in memory and in the file."""

    name: str
    address: int
    offset: int
    size: int
    link: int
    kind: int


class Executable:
    """The names and lines of one executable file; addresses count from the file's own beginning."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.known: dict[int, Where | None] = {}

    @cached_property
    def sections(self) -> list[Section]:
        """All sections, in the order of the file."""
        (offset,) = struct.unpack_from("<Q", self.data, 0x28)
        size, count, names = struct.unpack_from("<HHH", self.data, 0x3A)
        heads = [struct.unpack_from("<IIQQQQIIQQ", self.data, offset + i * size) for i in range(count)]
        return [Section(self._text(heads[names][4] + h[0]), h[3], h[4], h[5], h[6], h[1]) for h in heads]

    def section(self, name: str) -> Section | None:
        """The section of this name, if there is one."""
        return next((s for s in self.sections if s.name == name), None)

    @cached_property
    def first_address(self) -> int:
        """Address of the file's first byte in memory, before the kernel moves it to where it likes (segments: PT_LOAD)."""
        (offset,) = struct.unpack_from("<Q", self.data, 0x20)
        size, count = struct.unpack_from("<HH", self.data, 0x36)
        heads = [struct.unpack_from("<IIQQ", self.data, offset + i * size) for i in range(count)]
        return min(int(address) for kind, _, _, address in heads if kind == LOAD) & ~0xFFF

    @cached_property
    def symbols(self) -> list[Symbol]:
        """Functions and variables, by address."""
        table = self.section(".symtab")
        if table is None:
            return []
        strings = self.sections[table.link].offset
        found = []
        for at in range(table.offset, table.offset + table.size, 24):
            name, info, _, where, address, size = struct.unpack_from("<IBBHQQ", self.data, at)
            if where and info & 15 in (FUNCTION, OBJECT):
                found.append(Symbol(address, size, self._text(strings + name), info & 15))
        return sorted(found)

    def symbol(self, address: int, kind: int) -> Symbol | None:
        """The function or variable at this address."""
        i = bisect_right(self.symbols, (address, 1 << 62)) - 1
        while i >= 0 and address - self.symbols[i].address < 1 << 20:
            found = self.symbols[i]
            if found.kind == kind and found.address <= address < found.address + max(found.size, 1):
                return found
            i -= 1
        return None

    @cached_property
    def lines(self) -> list[Row]:
        """Which line every address belongs to, by address."""
        section = self.section(".debug_line")
        if section is None or section.size == 0:
            return []
        rows = line_rows(self.data[section.offset : section.offset + section.size])
        return sorted(rows, key=lambda row: (row.address, row.line > 0))  # an end before the beginning at the same place

    def where(self, address: int) -> Where | None:
        """Function and line of an address of code; None outside of this file's functions."""
        if address not in self.known:  # a loop asks for the same few addresses again and again
            self.known[address] = self._look_up(address)
        return self.known[address]

    def _look_up(self, address: int) -> Where | None:
        function = self.symbol(address, FUNCTION)
        if function is None:
            return None
        i = bisect_right(self.lines, address, key=lambda row: row.address) - 1
        row = self.lines[i] if i >= 0 else Row(0, "", 0)
        return Where(function.name, row.file, row.line)

    def _text(self, at: int) -> str:
        return self.data[at : self.data.index(0, at)].decode(errors="replace")


def names_and_lines(executable: Executable) -> bytes:
    """The executable with nothing but what this file reads of it: the rest is zeros, which take no room when packed."""
    data = executable.data
    kept = bytearray(len(data))
    tables = []
    for offset_at, sizes_at in ((0x20, 0x36), (0x28, 0x3A)):  # of its segments, of its sections
        (offset,) = struct.unpack_from("<Q", data, offset_at)
        size, count = struct.unpack_from("<HH", data, sizes_at)
        tables.append((offset, size * count))
    told = [(s.offset, s.size) for s in executable.sections if s.name in TOLD_BY]
    for start, size in ((0, 64), *tables, *told):
        kept[start : start + size] = data[start : start + size]
    return bytes(kept)
