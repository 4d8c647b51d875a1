"""A log that grows on the screen while its kernel runs.

The kernel's lines come one by one, thousands at once in a flood; the screen gets them together, ten times a second.
"""

from __future__ import annotations

import re
import threading
from functools import partial
from types import TracebackType
from typing import Any, Final

from labkit.course.frontend import display
from labkit.kmsg import Record, Records
from labkit.views.base import WIDGET_MIME, View
from labkit.views.dmesg import Dmesg

BATCH_S: Final = 0.1
"""How often the screen gets what is new."""
UNKNOWN_LEVEL: Final = 6
"""A line does not tell its level: info, until the run has ended and the records themselves are there."""

RUNS: Final = "the kernel runs; interrupt (■) ends it"

_LINE: Final = re.compile(r"\[ *(\d+)\.(\d{6})\] (.*)", re.DOTALL)


class LiveLog:
    """The log of one run; use it in a with statement around the run.

    Args:
        options: dmesg's command line.
        boot_time_s: when the kernel was booted, in seconds since 1970.
        shown: whether there is a picture at all.
        live: whether it is shown while it grows, or only at the end.
    """

    def __init__(self, options: str, boot_time_s: float, shown: bool, live: bool) -> None:
        self.records = Records()
        self.shown = shown
        self.live = live
        self._new_view = partial(Dmesg, options=options, boot_time_s=boot_time_s)
        self._view = self._new_view()
        self._view.status = RUNS
        self._handle: Any = None
        self._new: list[Record] = []
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._sender = threading.Thread(target=self._send_in_batches, name="labkit-livelog", daemon=True)

    def line(self, text: str) -> None:
        """Another line, as dmesg prints it. With the first one the picture appears."""
        record = record_of(text, len(self.records))
        with self._lock:
            self.records.append(record)
            self._new.append(record)
        if self.live and self.shown and self._handle is None:
            self._handle = show(self._view, True, keep=True)
            self._sender.start()

    def finish(self, records: Records) -> None:
        """The run has ended, and this is its log."""
        self._stop()
        self.records = records

    def __enter__(self) -> LiveLog:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._stop()
        if self._handle:
            self._view.finish(self.records)
            # Why: the output that a notebook saves is the one that was displayed, and that was an empty log.
            self._handle.update(self._view)
        elif self.shown and (kind is None or self.records):
            show(self._new_view(self.records), self.live)

    def _stop(self) -> None:
        self._over.set()
        if self._sender.is_alive():
            self._sender.join()

    def _send_in_batches(self) -> None:
        while not self._over.wait(BATCH_S):
            with self._lock:
                new, self._new = self._new, []
            if new:
                self._view.add(new, RUNS)


def record_of(line: str, seq: int) -> Record:
    r"""A line of dmesg as a record, as far as it tells.

    >>> record_of("[   12.000345] two\n               lines", 7)
    Record(level=6, facility=0, seq=7, time_us=12000345, flags='-', text='two\nlines')
    """
    found = _LINE.fullmatch(line)
    if not found:
        return Record(UNKNOWN_LEVEL, 0, seq, 0, "-", line)
    text = found[3].replace("\n" + " " * found.start(3), "\n")
    return Record(UNKNOWN_LEVEL, 0, seq, int(found[1]) * 1_000_000 + int(found[2]), "-", text)


def show(view: View, live: bool, keep: bool = False) -> Any:
    """Display a view; without IPython, its text. Returns what can show it anew if `keep`."""
    if (out := display()) is None:
        print(view.text())
        return None
    if live:
        return out.display(view, display_id=True if keep else None)
    data, metadata = view._repr_mimebundle_(exclude=[WIDGET_MIME])
    return out.display(data, metadata=metadata, raw=True)
