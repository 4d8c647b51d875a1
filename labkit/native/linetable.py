"""Which line of C an address of code belongs to: the line table that a compiler leaves with -gdwarf-4.

DWARF 4, section 6.2 "Line Number Information": versions 2 to 4 of the table are read, others are left out. The table is a
small program that moves an address, a file and a line along, because that takes less room than a list.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple


class Row(NamedTuple):
    """From this address on, the code is of this line; line 0: here a stretch of code ends."""

    address: int
    file: str
    line: int


def line_rows(data: bytes) -> Iterator[Row]:
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
