"""From an address to a name and a line of C: what the compiler left in the executable about its functions and lines.

Read from the ELF file itself (elf(5); DWARF 4, section 6.2 "Line Number Information"), because addr2line comes with gcc and
not with zig. Only what is needed is read: the table of symbols, and line tables of versions 2 to 4, which -gdwarf-4 makes.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

FUNCTION: Final = 2
OBJECT: Final = 1
"""Kinds of symbols: STT_FUNC, STT_OBJECT."""
LOAD: Final = 1
"""Kind of a segment that is put into memory: PT_LOAD."""


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


class Row(NamedTuple):
    """From this address on, the code is of this line; line 0: here a stretch of code ends."""

    address: int
    file: str
    line: int


class Executable:
    """The names and lines of one executable file; addresses count from the file's own beginning."""

    def __init__(self, data: bytes) -> None:
        self.data = data

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

    @property
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
        rows = _line_rows(self.data[section.offset : section.offset + section.size])
        return sorted(rows, key=lambda row: (row.address, row.line > 0))  # an end before the beginning at the same place

    def where(self, address: int) -> Where | None:
        """Function and line of an address of code; None outside of this file's functions."""
        function = self.symbol(address, FUNCTION)
        if function is None:
            return None
        i = bisect_right(self.lines, address, key=lambda row: row.address) - 1
        row = self.lines[i] if i >= 0 else Row(0, "", 0)
        return Where(function.name, row.file, row.line)

    def _text(self, at: int) -> str:
        return self.data[at : self.data.index(0, at)].decode(errors="replace")


class _Reader:
    """Numbers and texts of a line table, one after the other."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data = data
        self.at = at

    def take(self, form: str) -> int:
        (value,) = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return int(value)

    def uleb(self) -> int:
        value = shift = 0
        while True:
            byte = self.take("B")
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def sleb(self) -> int:
        start = self.at
        value = self.uleb()
        bits = 7 * (self.at - start)
        return value - (1 << bits) if value >> (bits - 1) else value

    def text(self) -> str:
        end = self.data.index(0, self.at)
        value = self.data[self.at : end].decode(errors="replace")
        self.at = end + 1
        return value


def _line_rows(data: bytes) -> Iterator[Row]:
    """All line tables of a section."""
    at = 0
    while at + 4 < len(data):
        reader = _Reader(data, at)
        length = reader.take("I")
        if length == 0xFFFFFFFF:  # the 64-bit form, which no compiler uses for a program of this size
            return
        at = reader.at + length
        version = reader.take("H")
        if 2 <= version <= 4:
            yield from _one_table(reader, version, at)


class _Head(NamedTuple):
    """What stands before the program of a line table."""

    step: int
    line_base: int
    line_range: int
    opcode_base: int
    operands: list[int]
    """How many numbers follow each standard opcode: those that are not known here are skipped so."""
    files: list[str]


def _read_head(reader: _Reader, version: int) -> _Head:
    program = reader.take("I")
    program += reader.at
    step = reader.take("B")
    reader.at += 2 if version >= 4 else 1  # maximum_operations_per_instruction, default_is_stmt
    line_base, line_range, opcode_base = reader.take("b"), reader.take("B"), reader.take("B")
    operands = [reader.take("B") for _ in range(opcode_base - 1)]
    folders = [""]  # the first one, which is not listed, is where the compiler was started
    while folder := reader.text():
        folders.append(f"{folder}/")
    files = [""]
    while name := reader.text():
        files.append(folders[reader.uleb()] + name)
        reader.uleb(), reader.uleb()  # time and size
    reader.at = program
    return _Head(step, line_base, line_range, opcode_base, operands, files)


def _one_table(reader: _Reader, version: int, end: int) -> Iterator[Row]:
    """One line table: a small program for a machine with an address, a file and a line (DWARF 4, 6.2.2)."""
    head = _read_head(reader, version)
    address, file, line = 0, 1, 1
    while reader.at < end:
        opcode = reader.take("B")
        special = opcode - head.opcode_base if opcode >= head.opcode_base else 255 - head.opcode_base
        if opcode >= head.opcode_base:  # on by so many addresses and lines, and a row
            address += special // head.line_range * head.step
            line += head.line_base + special % head.line_range
        if opcode >= head.opcode_base or opcode == 1:
            yield Row(address, head.files[file], line)
        elif opcode == 0:
            if (moved := _extended(reader)) is None:
                yield Row(address, "", 0)
                address, file, line = 0, 1, 1
            else:
                address = moved or address
        elif opcode == 2:
            address += reader.uleb() * head.step
        elif opcode == 3:
            line += reader.sleb()
        elif opcode == 4:
            file = reader.uleb()
        elif opcode == 8:
            address += special // head.line_range * head.step
        elif opcode == 9:
            address += reader.take("H")
        else:
            for _ in range(head.operands[opcode - 1]):
                reader.uleb()


def _extended(reader: _Reader) -> int | None:
    """One of the rarer orders: None for the end of a stretch of code, an address to go to, or 0 for any other."""
    end = reader.uleb() + reader.at
    opcode = reader.take("B")
    address = reader.take("Q") if opcode == 2 else 0
    reader.at = end
    return None if opcode == 1 else address
