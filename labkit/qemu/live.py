"""The kernel's log while the guest runs, read out of the guest's memory from outside.

The guest does nothing for it and notices nothing: a run that is watched has the same bytes as one that is not. Where things
lie is told by the kernel itself in VMCOREINFO, a text made for tools that read the memory of a dead kernel (Linux 6.1,
Documentation/admin-guide/kdump/vmcoreinfo.rst); the ring buffer is kernel/printk/printk_ringbuffer.h.
"""

from __future__ import annotations

import functools
import mmap
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from labkit.kmsg import Record, Records
from labkit.qemu.console import BEGIN, END
from labkit.qemu.vm import MEMORY_MB

LOOK_S: Final = 0.1
"""How often the log is looked at: ten times a second reads as live."""
KERNEL: Final = 0xFFFF_FFFF_8000_0000
"""Where the kernel's own variables begin (__START_KERNEL_map); without KASLR that is physical address 0."""
FINAL: Final = 2
"""State of a record that is complete (desc_finalized): nothing can be added to its line any more."""
REUSABLE: Final = 3
"""State of a place that holds no record yet, or whose record is given up."""
NO_TEXT: Final = 1
"""Bit of a text's position that says that there is none (LPOS_DATALESS)."""
ID_BITS: Final = 62
"""A descriptor's state variable holds its id in the low bits and its state in the two above."""
DIRECT: Final = 0xFFFF_8880_0000_0000
"""Where the kernel sees all memory (__PAGE_OFFSET_BASE_L4)."""
MEMORY_BYTES: Final = MEMORY_MB << 20
NOTE: Final = re.compile(rb"OSRELEASE=[\x20-\x7e\n]*?SYMBOL\(prb\)=[\x20-\x7e\n]*")
FACT: Final = re.compile(r"^(SYMBOL|OFFSET|SIZE)\((prb|(?:printk_|prb_)[a-z_.]+)\)=([0-9a-f]+)$", re.MULTILINE)


class Watcher:
    """Gives each new line of the log to a function, as dmesg shows it.

    Args:
        pid: QEMU's process.
        ram: the file from which the guest's memory was mapped.
        watch: takes one line.
    """

    def __init__(self, pid: int, ram: Path, watch: Callable[[str], None]) -> None:
        self._watch = watch
        self._given: Counter[str] = Counter()
        self._begun = self._ended = False
        self._log = _Log(pid, ram)

    def look(self) -> None:
        """Give what is new."""
        for record in self._log.new():
            if record.facility and record.text in (BEGIN, END):
                self._begun, self._ended = True, record.text == END
            elif (self._begun or self._log.overrun) and not self._ended:
                self._give(str(record))

    def finish(self, dmesg: Records) -> None:
        """Give what is in the finished run's log and was not seen live."""
        left = Counter(self._given)
        for line in map(str, dmesg):
            if left[line]:
                left[line] -= 1
            else:
                self._give(line)

    def _give(self, line: str) -> None:
        self._given[line] += 1
        self._watch(line)


class _Log:
    """The ring buffer in the memory of one QEMU process."""

    def __init__(self, pid: int, ram: Path) -> None:
        self._path = Path(f"/proc/{pid}/mem")
        self._facts = _facts(ram)
        self._base = _mapped_at(pid, ram)
        self._next = 0
        self.overrun = False

    def new(self) -> Iterator[Record]:
        """The complete records that were not seen yet; none where the system forbids to look (ptrace_scope)."""
        if not self._facts or not self._base:
            return
        try:
            with self._path.open("rb", buffering=0) as self._memory:
                ring = self._number(self._facts["prb"])
                descriptors = ring + self._facts["printk_ringbuffer.desc_ring"]
                head, tail = (self._number(descriptors + self._facts[f"prb_desc_ring.{end}_id"]) for end in ("head", "tail"))
                self.overrun |= 0 < self._next < tail  # records were overwritten between two looks
                self._next = max(self._next, tail)
                while self._next <= head and self._state(descriptors, self._next) in (FINAL, REUSABLE):
                    if self._state(descriptors, self._next) == FINAL:
                        yield self._record(ring, descriptors, self._next)
                    self._next += 1
        except OSError:
            return  # it has just ended, or what it holds makes no sense any more

    def _state(self, descriptors: int, id: int) -> int:
        """How far the record with this id is; -1 when another one has its place."""
        state, holder = divmod(self._number(self._descriptor(descriptors, id)), 1 << ID_BITS)
        return state if holder == id else -1

    def _descriptor(self, descriptors: int, id: int) -> int:
        return (
            self._number(descriptors + self._facts["prb_desc_ring.descs"])
            + self._index(descriptors, id) * self._facts["prb_desc"]
        )

    def _index(self, descriptors: int, id: int) -> int:
        return id & ((1 << self._number(descriptors, 4)) - 1)

    def _record(self, ring: int, descriptors: int, id: int) -> Record:
        facts, descriptor = self._facts, self._descriptor(descriptors, id)
        info = self._number(descriptors + facts["prb_desc_ring.infos"]) + self._index(descriptors, id) * facts["printk_info"]
        size = self._number(info + facts["printk_info.text_len"], 2)
        facility, bits = self._read(info + facts["printk_info.text_len"] + 2, 2)  # u8 facility, u8 flags:5, u8 level:3
        text = self._text(ring + facts["printk_ringbuffer.text_data_ring"], descriptor + facts["prb_desc.text_blk_lpos"], size)
        time_us = self._number(info + facts["printk_info.ts_nsec"]) // 1000
        return Record(bits >> 5, facility, self._number(info), time_us, "-", text.decode("utf-8", "surrogateescape"))

    def _text(self, ring: int, position: int, size: int) -> bytes:
        begin, end = self._number(position), self._number(position + 8)
        if begin & NO_TEXT:
            return b""
        bits = self._number(ring, 4)
        wraps = begin >> bits != (end - 1) >> bits  # then the text stands whole at the ring's begin
        block = self._number(ring + self._facts["prb_data_ring.data"]) + (0 if wraps else begin & ((1 << bits) - 1))
        return self._read(block + 8, size)  # before the text stands the record's id

    def _number(self, address: int, size: int = 8) -> int:
        return int.from_bytes(self._read(address, size), "little")

    def _read(self, address: int, size: int) -> bytes:
        physical = address - (KERNEL if address >= KERNEL else DIRECT)
        if not 0 <= physical <= MEMORY_BYTES - size:
            raise OSError(f"{address:#x} is no address of the guest's memory")  # a dying kernel may write anything anywhere
        data = os.pread(self._memory.fileno(), size, self._base + physical)
        if len(data) < size:  # Why: proc(5) gives nothing, and no error, once the process has let go of its memory
            raise OSError("QEMU has just ended")
        return data


@functools.cache
def _facts(ram: Path) -> dict[str, int]:
    """What VMCOREINFO says of the ring buffer: offsets and sizes by name, and where prb is; empty if there is none."""
    with ram.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as memory:
        note = NOTE.search(memory)
        text = note[0].decode() if note else ""
    return {name: int(value, 16 if kind == "SYMBOL" else 10) for kind, name, value in FACT.findall(text)}


def _mapped_at(pid: int, ram: Path) -> int:
    """Where in QEMU's own memory the guest's begins; 0 if that cannot be seen."""
    try:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            if line.endswith(f" {ram}"):
                return int(line.partition("-")[0], 16)
    except OSError:
        pass
    return 0
