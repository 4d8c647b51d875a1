"""A conversation with a child: it gets its cells and runs them, asks for a question, answers, asks for the next.

Everything that comes from it is a stranger's: bytes are counted here and kept, never believed. A question leaves this
process when the child has asked for it, so what will be asked is not in its memory before.
"""

from __future__ import annotations

import contextlib
import os
import select
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from labkit.grading.wire import lesser, packed

MESSAGES_MOST: Final = 4 << 20
OUTPUT_SHOWN: Final = 4000
GRACE_S: Final = 5.0
"""A child that has answered everything is given this long to look whether all is as it was, and to end."""
LOOK_S: Final = 0.1
"""How often to look at the folder of a child that is silent."""
FILES_MOST: Final = 500
FILES_MB: Final = 16


@dataclass
class Conversation:
    """One child's.

    Attributes:
        up: where it writes.
        down: where it reads.
        output: the file that it prints into.
        folder: where it may write.
        how: "ended" by itself, or because of a "timeout", a "flood" of messages, or too many or too large "files".
        data: what it sent, without its wishes for a next question.
        asked: for each question that it got, where in the data the answer begins.
        times: when it began, each time it wished for a question, when it was over.
        outputs: what it printed first between one of these times and the next.
        printed: bytes.
    """

    up: int
    down: int
    output: int
    folder: str
    how: str = ""
    data: bytearray = field(default_factory=bytearray)
    asked: list[int] = field(default_factory=list)
    times: list[float] = field(default_factory=lambda: [time.monotonic()])
    outputs: list[str] = field(default_factory=list)
    printed: int = 0
    whole: int = 0
    """So many bytes of the data are whole messages."""
    left: list[tuple[Any, float]] = field(default_factory=list)
    signs: tuple[bytes, ...] = ()
    """How a message begins that comes before the first question, and one that is an answer."""
    waiting: bytes = b""
    """What is still to be written."""
    deadline: float = 0.0

    @classmethod
    def begin(cls, folder: str) -> tuple[Conversation, list[int]]:
        """A new one, and the child's three files: where it writes, where it reads, what it prints into."""
        up, theirs_up = os.pipe()
        theirs_down, down = os.pipe()
        output = os.memfd_create("output")
        return cls(up, down, output, folder), [theirs_up, theirs_down, os.dup(output)]

    def close(self) -> None:
        """Close our ends."""
        self.hang_up()
        os.close(self.up)
        os.close(self.output)

    def hold(self, job: Any, questions: Sequence[tuple[Any, float]]) -> None:
        """Give it the job and ask these, each with the seconds it may take, until it ends; the first for the cells as well."""
        self.left, self.waiting = list(questions), packed(job)
        self.signs = tuple(f'["{mark}","'.encode() for mark in (lesser(job["nonce"]), job["nonce"]))
        self.deadline = self.times[0] + self.left[0][1]
        os.set_blocking(self.down, False)
        look = self.times[0] + LOOK_S
        while not self.how:
            poll = select.poll()
            poll.register(self.up, select.POLLIN)
            if self.waiting:
                poll.register(self.down, select.POLLOUT)
            ready = dict(poll.poll(1000 * LOOK_S))
            if self.down in ready:
                self._write()
            if self.up in ready:
                self._read()
            if not self.how and (now := time.monotonic()) > look:
                self.how = "timeout" if now > self.deadline else "files" if used(self.folder) else ""
                look = min(self.deadline, now + LOOK_S)
        self._mark()

    def _read(self) -> None:
        chunk = os.read(self.up, 1 << 16)
        self.data += chunk
        if not chunk or len(self.data) > MESSAGES_MOST:
            self.how = "flood" if chunk else "ended"
        for _ in range(self._wishes()):
            self._grant()

    def _grant(self) -> None:
        """It wished for a question; before the answer to the last one, and after all of them, it wishes in vain.

        Why: a student's code can wish, too, and would know what will be asked. It cannot mark an answer as the grader's.
        """
        since = self.asked[-1] if self.asked else 0
        if self.down < 0 or self.signs[bool(self.asked)] not in self.data[since : self.whole]:
            return
        self._mark()
        if not self.left:
            self.hang_up()
            self.deadline = time.monotonic() + GRACE_S
            return
        question, limit_s = self.left.pop(0)
        if self.asked:
            self.deadline = time.monotonic() + limit_s
        self.asked.append(self.whole)
        self.waiting += packed(question)

    def _write(self) -> None:
        try:
            while self.waiting:
                self.waiting = self.waiting[os.write(self.down, self.waiting) :]
        except BlockingIOError:
            pass
        except BrokenPipeError:
            self.hang_up()

    def parts(self) -> list[dict[str, Any]]:
        """For each question that was asked, what a child would have sent that was asked only this; at least one part."""
        starts = self.asked or [len(self.data)]
        ends = [*self.asked[1:], len(self.data)]
        alike = {"how": self.how, "output_bytes": self.printed}
        parts = []
        for i, (start, end) in enumerate(zip(starts, ends, strict=True)):
            since, until = (i + 1 if i else 0), (i + 2 if self.asked else 1)
            parts.append(alike | {
                "data": (self.data[: starts[0]] + self.data[start:end]).hex(),
                "output": "".join(self.outputs[since:until])[:OUTPUT_SHOWN], "seconds": self.times[until] - self.times[since],
            })  # fmt: skip
        return parts

    def hang_up(self) -> None:
        """There are no more questions."""
        if self.down >= 0:
            os.close(self.down)
        self.down, self.waiting = -1, b""

    def _wishes(self) -> int:
        """How often it wished for a question since the last time: a wish is an empty message. They are taken out."""
        wishes = 0
        while len(self.data) - self.whole >= 4:
            size = int.from_bytes(self.data[self.whole : self.whole + 4], "little")
            if size == 0:
                del self.data[self.whole : self.whole + 4]
                wishes += 1
            elif len(self.data) - self.whole >= 4 + size:
                self.whole += 4 + size
            else:
                break
        return wishes

    def _mark(self) -> None:
        self.times.append(time.monotonic())
        size, before = os.fstat(self.output).st_size, self.printed
        self.outputs.append(os.pread(self.output, max(0, min(size - before, OUTPUT_SHOWN)), before).decode(errors="replace"))
        self.printed = max(size, before)


def used(folder: str) -> bool:
    """Whether a child has used up what it may write: so many files, so many megabytes."""
    files = size = 0
    folders = [folder]
    while folders:
        with contextlib.suppress(OSError), os.scandir(folders.pop()) as entries:
            for entry in entries:
                files += 1
                size += entry.stat(follow_symlinks=False).st_blocks * 512
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                if files > FILES_MOST or size > FILES_MB << 20:
                    return True
    return False
