"""The kernel's log as the ring it is: records side by side, the oldest overwritten when the newest needs their place.

Records are measured as in the simkernel's LogBuffer: a head of 8 bytes and the text rounded up to 8. Linux (6.1,
kernel/printk/printk_ringbuffer.c) keeps each record in one piece and may leave a few bytes unused before the ring's end.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, ClassVar, Final, NamedTuple

from labkit.errors import LabError
from labkit.kmsg import LEVELS, Record
from labkit.views.base import AWKWARD, View, count
from labkit.views.still import INK, clean, cut, label, still

TEXT_RECORDS: Final = 60
"""Newest records in the text twin."""

SVG_RECORDS: Final = 15
"""Newest records listed in the still picture."""

RECORD_BYTES: Final = 32
"""The ring keeps at most one record for so many of its bytes (PRB_AVGBITS is 5)."""

PAGE_MAX_RECORDS: Final = 1_000
"""Records that text/html carries, about 100 bytes each."""

CONSOLE_LEVELS: Final = (1, 8)
"""console_loglevel runs from 1 (only emerg) to 8 (all)."""

HUE: Final = {0: "wait", 1: "wait", 2: "wait", 3: "wait", 4: "can", 5: "run", 6: "run", 7: "plain"}
"""Level → colour: errors, warnings, news, debug."""


class Block(NamedTuple):
    """Where one record lies: `place` in bytes from the ring's beginning; it may go on there after the ring's end.

    After it is written, `oldest` is the index of the oldest record that is still there. bytes is 0 if the record is longer
    than the ring: the kernel drops it.
    """

    place: int
    bytes: int
    oldest: int


class RingBuffer(View):
    """Which records are in the buffer, which were overwritten, which reach the console and which dmesg still shows.

    Args:
        records: in the order in which they were written.
        size_bytes: of the ring, a multiple of 8; Linux has 131072 (LOG_BUF_SHIFT 17) on Debian.
        console_level: a record reaches the console if its level is lower; 4 after a boot with "quiet".
        cleared_after: dmesg -C was called after so many records; None: never.
        title: words above the picture.

    >>> print(RingBuffer([Record(6, 0, 7, 0, "-", "hello")], 64).text().splitlines()[2])
      7  6 info      16  0-16       -        yes    hello
    """

    name: ClassVar[str] = "ring_buffer"
    heading: ClassVar[str] = "ring buffer"

    def __init__(
        self,
        records: Iterable[Record],
        size_bytes: int = 1 << 17,
        console_level: int = 4,
        cleared_after: int | None = None,
        title: str = "",
    ) -> None:
        super().__init__(title)
        if size_bytes < 8 or size_bytes % 8:
            raise LabError(f"size_bytes={size_bytes!r}: a ring has a multiple of 8 bytes, at least 8")
        if not CONSOLE_LEVELS[0] <= console_level <= CONSOLE_LEVELS[1]:
            raise LabError(f"console_level={console_level!r}: a number from 1 (only emerg reaches the console) to 8 (all)")
        self.records = list(records)
        self.size_bytes = size_bytes
        self.console_level = console_level
        self.cleared_after = cleared_after
        self.blocks = lay_out(self.records, size_bytes)

    @classmethod
    def samples(cls) -> dict[str, Callable[[], View]]:
        lines = ((6, "loading"), (5, "worker/0 started"), (7, "queue empty"), (4, "queue is full"), (6, "item 1 done"),
                 (3, "item 2 failed: -5"), (6, "item 3 done"), (7, "sleeping"), (4, "late by 12 ms"), (6, "bye"))  # fmt: skip
        usual = [Record(level, 0, 351 + i, 1000 * i, "-", text) for i, (level, text) in enumerate(lines)]
        bad = [*usual, Record(2, 0, 361, 0, "-", AWKWARD + "\n\x1b[31m"), Record(6, 1, 362, 0, "-", "x" * 500)]
        return {
            "empty": partial(cls, [], 64),
            "usual": partial(cls, usual, 192, cleared_after=6),
            "awkward": partial(cls, bad, 192, 8),
        }

    @property
    def height(self) -> int:
        return 32 + 300 + 32 + 38 + 22 + 6

    @property
    def fits_a_page(self) -> bool:
        return len(self.records) <= PAGE_MAX_RECORDS

    @property
    def oldest(self) -> int:
        """Index of the oldest record that is still in the buffer; also how many were overwritten."""
        return self.blocks[-1].oldest if self.blocks else 0

    def describe(self) -> str:
        return f"{count(len(self.records), 'record')} into {count(self.size_bytes, 'byte')}, {self.oldest} overwritten"

    def on_console(self, record: Record) -> bool:
        """Whether the record goes to the console as well; it is in the buffer in any case."""
        return record.level < self.console_level

    def text(self) -> str:
        """The records that are still there, where they lie, and who gets to see them."""
        lines = [self.words, "seq  level    bytes  place      console  dmesg  text"]
        first = max(self.oldest, len(self.records) - TEXT_RECORDS)
        for i, record in enumerate(self.records[first:], first):
            block = self.blocks[i]
            place = f"{block.place}-{(block.place + block.bytes) % self.size_bytes}" if block.bytes else "too long"
            who = "yes" if self.on_console(record) and block.bytes else "-"
            shown = "yes" if i >= (self.cleared_after or 0) and block.bytes else "-"
            level = f"{record.level} {LEVELS[record.level]}"
            words = f"{record.seq:3}  {level:8}  {block.bytes:4}  {place:9}  {who:7}  {shown:5}  {clean(record.text)}"
            lines.append(cut(words.rstrip(), 140))
        lines += [f"overwritten: {_sequence(self.records[: self.oldest])}"] if self.oldest else []
        lines.append(f"console level {self.console_level}: {', '.join(LEVELS[: self.console_level])} reach the console")
        if self.cleared_after is not None:
            lines.append(
                f"dmesg -C after {count(self.cleared_after, 'record')}: dmesg shows only what came later, /dev/kmsg gives all"
            )
        return "\n".join(lines)

    def pack(self) -> dict[str, Any]:
        return {
            "records": [[r.seq, r.level, r.text, *block] for r, block in zip(self.records, self.blocks, strict=True)],
            "size": self.size_bytes,
            "console": self.console_level,
            "cleared": self.cleared_after,
            "levels": LEVELS,
            "hues": list(HUE.values()),
        }

    def svg(self) -> str:
        """The ring after the last record, and beside it the newest records."""
        first = max(self.oldest, len(self.records) - 200)
        body = [f'<circle cx="150" cy="170" r="{r}" fill="none" stroke="#999"/>' for r in (96, 136)]
        for i, record in enumerate(self.records[first:], first):
            body += self._arc(record, self.blocks[i])
        body.append(label(150, 166, f"{self.size_bytes:,} bytes", 'text-anchor="middle"'))
        body.append(label(150, 184, f"{self.oldest} overwritten", 'text-anchor="middle" opacity=".7"'))
        newest = list(enumerate(self.records))[max(self.oldest, len(self.records) - SVG_RECORDS) :]
        for row, (i, r) in enumerate(newest):
            away = ' opacity=".5"' if i < (self.cleared_after or 0) else ""
            console = "▸ console" if self.on_console(r) and self.blocks[i].bytes else ""
            words = f"{r.seq} {LEVELS[r.level]}: {cut(clean(r.text), 36)}"
            body.append(
                label(322, 44 + 18 * row, words, f'font-size="11"{away}') + label(600, 44 + 18 * row, console, 'font-size="10"')
            )
        note = "thick rim: reached the console; dim: before dmesg -C"
        body.append(label(322, 326, note, 'font-size="10" opacity=".7"'))
        description = (
            "A ring of bytes. Each arc is a record with its number; the newest follows the others clockwise from the top."
        )
        return still(680, 336, self.words, description, "".join(body))

    def _arc(self, record: Record, block: Block) -> Iterator[str]:
        """One record of the still picture, with its number where there is room."""
        if not block.bytes:
            return
        a, b = (2 * math.pi * at / self.size_bytes for at in (block.place, block.place + block.bytes))
        yield f'<path d="{_ring(a, b - 0.01, 98, 134)}" fill="{INK[HUE[record.level]]}" fill-opacity=".75"/>'
        if self.on_console(record):
            yield f'<path d="{_ring(a, b - 0.01, 138, 143)}" fill="currentColor"/>'
        if b - a > 0.16:
            x, y = _point((a + b) / 2, 116)
            yield label(x, y + 4, str(record.seq), 'text-anchor="middle" font-size="10" fill="#111"')


def lay_out(records: list[Record], size_bytes: int) -> list[Block]:
    """Where each record lies, and what it overwrites."""
    blocks: list[Block] = []
    head = used = oldest = 0
    for i, record in enumerate(records):
        need = 8 + (len(record.text.encode("utf-8", "surrogateescape")) + 7) // 8 * 8
        if need > size_bytes:
            blocks.append(Block(head, 0, oldest))
            continue
        used += need
        while oldest < i and (used > size_bytes or i + 1 - oldest > max(1, size_bytes // RECORD_BYTES)):
            used -= blocks[oldest].bytes
            oldest += 1
        blocks.append(Block(head, need, oldest))
        head = (head + need) % size_bytes
    return blocks


def _sequence(records: list[Record]) -> str:
    return f"seq {records[0].seq}" + (f" to {records[-1].seq}" if len(records) > 1 else "")


def _point(angle: float, radius: float) -> tuple[float, float]:
    """A point of the ring; angles run clockwise from the top."""
    return 150 + radius * math.sin(angle), 170 - radius * math.cos(angle)


def _ring(a: float, b: float, inner: float, outer: float) -> str:
    """The path of a piece of the ring."""
    big = 1 if b - a > math.pi else 0
    (x1, y1), (x2, y2), (x3, y3), (x4, y4) = _point(a, outer), _point(b, outer), _point(b, inner), _point(a, inner)
    out = f"M{x1:.1f} {y1:.1f}A{outer} {outer} 0 {big} 1 {x2:.1f} {y2:.1f}"
    return out + f"L{x3:.1f} {y3:.1f}A{inner} {inner} 0 {big} 0 {x4:.1f} {y4:.1f}z"
