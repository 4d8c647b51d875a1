"""One line of the kernel's diary: a record, as /dev/kmsg gives it and takes it.

It reads "6,351,1364787,-;text": priority (facility × 8 + level), sequence number, time in µs, flags; text. Many of them
make what dmesg prints; how, is told in labkit/dmesg.py, whose names can also be had from here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from labkit.dmesg import FACILITIES, LEVELS, dmesg, dmesg_options, facility_number, level_number
from labkit.errors import LabError

__all__ = ["FACILITIES", "LEVELS", "Record", "Records", "dmesg", "dmesg_options", "escape", "facility_number", "format_kmsg",
           "level_number", "parse_kmsg", "unescape"]  # fmt: skip

_LINE = re.compile(r"(\d+),(\d+),(\d+),([^;]*);(.*)", re.DOTALL)
_ESCAPE = re.compile(rb"\\x([0-9a-fA-F]{2})")
_UNSAFE = re.compile(rb"[^ -\[\]-~]")


@dataclass(frozen=True, slots=True)
class Record:
    """One message in the kernel's ring buffer.

    Attributes:
        level: 0 (emerg) to 7 (debug).
        facility: 0 for the kernel, 1 for a user, see FACILITIES.
        seq: number of the record since boot; none is given twice.
        time_us: µs since boot.
        flags: "-", or "c" for a piece that continues the line before; on some kernels ",caller=T1" follows.
        text: what was printed, without its last newline. Bytes that are not UTF-8 are kept as surrogates.
    """

    level: int
    facility: int
    seq: int
    time_us: int
    flags: str
    text: str

    @property
    def priority(self) -> int:
        """Facility and level in one number, as /dev/kmsg and syslog write it."""
        return self.facility << 3 | self.level

    def __str__(self) -> str:
        return dmesg([self]).removesuffix("\n")


class Records(list[Record]):
    """Records in order; printed, they read as dmesg shows them."""

    def dmesg(self, words: str = "", **options: Any) -> str:
        """The same with options: as on a command line, dmesg("-x -l err"), or as dmesg() names them."""
        return dmesg(self, **dmesg_options(words), **options)

    def __str__(self) -> str:
        return dmesg(self).removesuffix("\n")

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What Jupyter shows for them."""
        printer.text(str(self))


def parse_kmsg(text: str, strict: bool = True) -> Records:
    """What was read from /dev/kmsg, as records; the " KEY=value" lines that may follow one are left out.

    Args:
        text: any number of records, one a line.
        strict: False passes over lines that are no records (a console mixes them with others).

    Raises:
        LabError: strict, and a line is no record.
    """
    records = Records()
    for number, line in enumerate(text.split("\n"), 1):
        found = _LINE.fullmatch(line.removesuffix("\r"))
        if found:
            priority, seq, time_us, flags, body = found.groups()
            level, facility = int(priority) & 7, int(priority) >> 3
            records.append(Record(level, facility, int(seq), int(time_us), flags, unescape(body)))
        elif strict and line and not line.startswith(" "):
            raise LabError(f"line {number} is no /dev/kmsg record: {line[:60]!r}; one looks like 6,351,1364787,-;text")
    return records


def format_kmsg(record: Record) -> str:
    """The record as a line of /dev/kmsg, without the newline that ends it."""
    return f"{record.priority},{record.seq},{record.time_us},{record.flags};{escape(record.text)}"


def escape(text: str) -> str:
    r"""Bytes below 32, from 127 on, and the backslash as \xNN (msg_add_ext_text in kernel/printk/printk.c)."""
    return _UNSAFE.sub(_hex, _bytes(text)).decode("ascii")


def unescape(text: str) -> str:
    r"""Every \xNN as the byte it stands for."""
    return _ESCAPE.sub(lambda m: bytes([int(m[1], 16)]), _bytes(text)).decode("utf-8", "surrogateescape")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _hex(found: re.Match[bytes]) -> bytes:
    return b"\\x%02x" % found[0][0]
