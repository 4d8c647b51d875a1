"""The ring buffer behind dmesg: the newest records, and a number that tells how many were overwritten.

As in Linux 6.1 (kernel/printk/printk_ringbuffer.c): records have sequence numbers that are never used twice; when room is
needed, the oldest go; each reader has its own place; "clearing" moves a mark and erases nothing. Simplified: a record never
has to lie in one piece, so nothing is wasted where the ring's end meets its beginning.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from labkit import here
from labkit.errors import LabError
from labkit.kmsg import LEVELS, Record, Records
from labkit.sync.waitqueue import Primitive, WaitQueue

LOG_BUF_BYTES: Final = 1 << 17
"""128 KiB: CONFIG_LOG_BUF_SHIFT=17, Debian's and most others'."""
RECORD_BYTES: Final = 32
"""The ring keeps at most one record for so many of its bytes: PRB_AVGBITS is 5."""
LINE_MAX: Final = 992
"""LOG_LINE_MAX in kernel/printk/printk.c: bytes of one record's text, a NUL included."""
TRUNCATED: Final = "<truncated>"


class LogBuffer(Primitive):
    """Records in a ring of bounded size. Works outside of a run too; at the start of a run it is empty again.

    Args:
        size_bytes: room for all texts together, each rounded up to 8 bytes after a head of 8.

    Attributes:
        next_seq: number of the next record.
        overwritten: how many records have made room for newer ones.
        clear_seq: dmesg shows records from this number on.
        console: what was printed on the console, in order.
        console_loglevel, default_message_loglevel, minimum_console_loglevel, default_console_loglevel: the four numbers
            of /proc/sys/kernel/printk. A record goes to the console if its level is less than the first.

    >>> log = LogBuffer(64)
    >>> for word in ("one", "two", "three", "four"):
    ...     _ = log.append(6, word)
    >>> [f"{r.seq} {r.text}" for r in log.records()], log.overwritten
    (['2 three', '3 four'], 2)
    """

    kind = "log"

    def __init__(self, size_bytes: int = LOG_BUF_BYTES, name: str | None = None) -> None:
        if not isinstance(size_bytes, int) or size_bytes < RECORD_BYTES:
            raise LabError(f"LogBuffer({size_bytes!r}): its size is a whole number of bytes, at least {RECORD_BYTES}")
        self.size_bytes = size_bytes
        super().__init__(name)

    def reset_state(self) -> None:
        self.next_seq = self.overwritten = self.clear_seq = 0
        self.console: list[Record] = []
        self.console_loglevel = self.default_console_loglevel = 7
        self.default_message_loglevel = 4
        self.minimum_console_loglevel = 1
        self.saved_loglevel: int | None = None
        self.shut = False
        self.waiting = WaitQueue(self, "a record in {}")
        self._ring: deque[Record] = deque()
        self._bytes = 0
        self._unfinished_by: Any = None  # Invariant: not None exactly while the newest record may still be continued

    def append(
        self, level: int, text: str, facility: int = 0, cont: bool = False, final: bool = True, time_us: int | None = None
    ) -> Record:
        """Store one record, in one step; it has no scheduling point of its own.

        Args:
            level: 0 to 7.
            facility: 0 for the kernel.
            text: a newline at its end is taken off.
            cont: continue the newest record, if this same thread began it and left it unfinished; else it is a new one,
                with the flag "c".
            final: False leaves the record unfinished; nobody sees it until it is finished or the next one begins.
            time_us: µs since boot; by default, the time of the run.
        """
        if not 0 <= level < len(LEVELS):
            raise LabError(f"append({level!r}, ...): a level is a number from 0 (emerg) to 7 (debug)")
        who = here.machine.current or self
        stamp_us = _now_us() if time_us is None else time_us
        with _guard():
            text = text.removesuffix("\n")
            if cont and self._unfinished_by is who and _size(self._ring[-1].text + text) < LINE_MAX:
                record = self._extend(text)
            else:
                self._finish()
                record = Record(level, facility, self.next_seq, stamp_us, "c" if cont else "-", self._fitting(text))
                self.next_seq += 1
                self._ring.append(record)
            self._unfinished_by = who
            self._bytes += _room(record)
            self._make_room()
            if final:
                self._finish()
        return record

    def records(self, since: int = 0) -> Records:
        """The finished records that are still there, from sequence number `since` on; a copy."""
        with _guard():
            ring = list(self._ring)
            if self._unfinished_by is not None:
                ring.pop()
        return Records(r for r in ring if r.seq >= since)

    def next_from(self, seq: int) -> Record | None:
        """The first finished record with this number or a later one; None if there is none yet. Called inside no_preempt."""
        if seq >= self.next_seq - (self._unfinished_by is not None):
            return None
        return self._ring[max(0, seq - self._ring[0].seq)]

    def reader(self) -> Reader:
        """Open /dev/kmsg: a reader that stands at the oldest record."""
        return Reader(self)

    def clear(self) -> None:
        """dmesg -C: later dmesgs begin here. Nothing is erased: a new reader still gets every record."""
        self.clear_seq = self.next_seq - (self._unfinished_by is not None)

    def console_level(self, level: int) -> None:
        """dmesg -n: from now on, records below this number go to the console; never less than the minimum.

        Raises:
            LabError: not a number from 1 to 8.
        """
        if not 1 <= level <= len(LEVELS):
            raise LabError(f"console level {level!r}: a number from 1 (only emerg) to 8 (everything); it means 'below this'")
        self.console_loglevel = max(level, self.minimum_console_loglevel)
        self.saved_loglevel = None

    def console_off(self) -> None:
        """dmesg -D: only level 0 reaches the console."""
        if self.saved_loglevel is None:
            self.saved_loglevel = self.console_loglevel
        self.console_loglevel = self.minimum_console_loglevel

    def console_on(self) -> None:
        """dmesg -E: as before console_off()."""
        if self.saved_loglevel is not None:
            self.console_loglevel, self.saved_loglevel = self.saved_loglevel, None

    def sysctl(self) -> str:
        """The text of /proc/sys/kernel/printk."""
        return (
            f"{self.console_loglevel}\t{self.default_message_loglevel}\t{self.minimum_console_loglevel}\t"
            f"{self.default_console_loglevel}\n"
        )

    def close(self) -> None:
        """No record comes any more: readers that wait are told so."""
        with _guard():
            self._finish()
            self.shut = True
            self.waiting.wake_all()

    def _extend(self, text: str) -> Record:
        last = self._ring.pop()
        self._bytes -= _room(last)
        self._ring.append(replace(last, text=last.text + text))
        return self._ring[-1]

    def _finish(self) -> None:
        if self._unfinished_by is None:
            return
        self._unfinished_by = None
        if self._ring[-1].level < self.console_loglevel:
            self.console.append(self._ring[-1])
        self.waiting.wake_all()

    def _fitting(self, text: str) -> str:
        """A text too big for the ring is cut to a quarter of it (truncate_msg() in printk.c)."""
        if _size(text) + 16 <= self.size_bytes:
            return text
        room = self.size_bytes // 4
        return text[: room - len(TRUNCATED)] + TRUNCATED if room >= len(TRUNCATED) else text[:room]

    def _make_room(self) -> None:
        while len(self._ring) > 1 and (self._bytes > self.size_bytes or len(self._ring) > self.size_bytes // RECORD_BYTES):
            self._bytes -= _room(self._ring.popleft())
            self.overwritten += 1


class Reader:
    """One open /dev/kmsg: reads every record once, at its own pace.

    Attributes:
        seq: number of the record it reads next.
        overwritten: how many records were gone before it came to them; the kernel says EPIPE, and goes on after the gap.
    """

    def __init__(self, log: LogBuffer) -> None:
        self.log = log
        self.overwritten = 0
        self.seq = 0
        self.seq = next((r.seq for r in log.records()), log.next_seq)

    def seek_data(self) -> None:
        """lseek(SEEK_DATA): to the first record after the last clear, as dmesg does."""
        self.seq = self.log.clear_seq

    def seek_end(self) -> None:
        """lseek(SEEK_END): behind the newest record."""
        self.seq = self.log.next_seq

    def read(self, wait: bool = False) -> Record | None:
        """The next record; None if there is none, with wait=True only if something else ended the wait."""
        log = self.log
        if here.machine.run_id is not None:
            here.machine.point("read", log)
        with _guard():
            found = log.next_from(self.seq)
            if found is None and wait and not log.shut:
                log.waiting.wait()
                found = log.next_from(self.seq)
        if found is None:
            return None
        self.overwritten += found.seq - self.seq
        self.seq = found.seq + 1
        return found

    def __iter__(self) -> Iterator[Record]:
        """Records as they come, for ever, or until the log is closed: dmesg -w."""
        while (record := self.read(wait=True)) or not self.log.shut:
            if record is not None:
                yield record


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogateescape"))


def _room(record: Record) -> int:
    """Bytes that a record takes: its number, and its text, rounded up to 8."""
    return 8 + (_size(record.text) + 7) // 8 * 8


def _now_us() -> int:
    return 0 if here.machine.run_id is None else int(here.machine.now_ns()) // 1000


def _guard() -> Any:
    """What makes an operation one step; outside of a run there is nobody to come in between."""
    return here.NO_GUARD if here.machine.run_id is None else here.machine.no_preempt
