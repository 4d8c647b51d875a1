"""The process that has everything loaded, and forks one confined child for each check.

It takes one job after another from its socket, runs no student's code itself, and holds nothing that a child could steal:
no expected value, and of the course only cells that every student has. It tells how each child ended and what it sent.
"""

from __future__ import annotations

import builtins
import contextlib
import os
import select
import shutil
import signal
import socket
import sys
import tempfile
import time
from dataclasses import dataclass, field
from typing import Any, Final

from labkit.grading.confine import Confinement, confine, confine_child, confine_parent
from labkit.grading.wire import Frames, packed

MESSAGES_MOST: Final = 4 << 20
OUTPUT_SHOWN: Final = 4000
GRACE_S: Final = 0.2
"""A child that has told its value is given this long to end by itself."""


def serve(connection: socket.socket, kind: str, read: list[str], work: str) -> None:
    """Do jobs until the other side hangs up.

    Args:
        connection: where jobs come from and answers go.
        kind: "plain": this process confines itself, and each child the little that is left. Else each child all of it.
        read: what children may read.
        work: a folder for what they write.
    """
    tempfile.tempdir = work
    if kind == "plain":
        confine_parent(Confinement(read=tuple(read), write=("/dev/null", work)))
    names: dict[str, dict[str, Any]] = {}
    frames = Frames(MESSAGES_MOST)
    while chunk := connection.recv(1 << 16):
        for job in frames.feed(chunk):
            answer = _do(job, names, kind, connection)
            if answer["how"] == "alone":
                return
            connection.sendall(packed(answer))


def _do(job: dict[str, Any], kept: dict[str, dict[str, Any]], kind: str, connection: socket.socket) -> dict[str, Any]:
    key = job["lesson"]
    if key not in kept:
        kept[key] = {"__name__": "__main__", "__builtins__": builtins}
        for cell, source in job["first"]:
            exec(compile(source, f"<{cell}>", "exec"), kept[key])
    return Child(job, kept[key], kind, connection).run()


@dataclass
class Child:
    """One fork for one check."""

    job: dict[str, Any]
    names: dict[str, Any]
    kind: str
    connection: socket.socket
    data: bytearray = field(default_factory=bytearray)
    folder: str = ""
    """The only place where it may write."""

    def run(self) -> dict[str, Any]:
        """Fork, listen, end it, and tell."""
        output = os.memfd_create("output")
        self.folder = tempfile.mkdtemp(prefix="labkit-check-")
        ours, theirs = os.pipe()
        began = time.monotonic()
        pid = os.fork()
        if pid == 0:
            self._become(theirs, output)
        os.close(theirs)
        how = self._listen(ours, pid, began + self.job["limit_s"])
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        _, status, usage = os.wait4(pid, 0)
        took = time.monotonic() - began
        os.close(ours)
        size = os.fstat(output).st_size
        said = os.pread(output, OUTPUT_SHOWN, 0).decode(errors="replace")
        os.close(output)
        shutil.rmtree(self.folder, ignore_errors=True)
        return {
            "id": self.job["id"], "how": how, "status": status, "signal": ended_by(status), "seconds": took,
            "cpu_s": usage.ru_utime + usage.ru_stime, "peak_kb": usage.ru_maxrss,
            "data": self.data.hex(), "output": said, "output_bytes": size,
        }  # fmt: skip

    def _become(self, fd: int, output: int) -> None:
        """The child's life: confined before the first line of anybody else's."""
        try:
            os.setsid()
            nothing = os.open(os.devnull, os.O_RDONLY)
            high = 200
            for source, target in ((nothing, 0), (output, 1), (output, 2), (fd, high)):
                os.dup2(source, target)
            os.closerange(3, high)
            os.closerange(high + 1, high + 100)
            sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115
            os.chdir(self.folder)
            tempfile.tempdir = os.environ["TMPDIR"] = os.environ["HOME"] = self.folder
            wanted = Confinement(**self.job["confinement"], write=("/dev/null", self.folder))
            confine_child(wanted) if self.kind == "plain" else confine(wanted)
            from labkit.grading.harness import Harness

            Harness(self.job, high, self.names, VERDICT[0] if VERDICT else None).run()
        except BaseException as error:
            os.write(1, f"the sandbox cannot be set up: {error!r}".encode())
        finally:
            os._exit(87)

    def _listen(self, fd: int, pid: int, deadline: float) -> str:
        """Take what it sends until it ends or its time is up: "ended", "timeout", "flood", or "alone": nobody waits for it."""
        poll = select.poll()
        poll.register(fd, select.POLLIN)
        poll.register(self.connection, select.POLLRDHUP)
        while (left := deadline - time.monotonic()) > 0:
            heard = dict(poll.poll(left * 1000))
            if self.connection.fileno() in heard:
                return "alone"
            if not heard:
                break
            chunk = os.read(fd, 1 << 16)
            if not chunk:
                return "ended"
            self.data += chunk
            if len(self.data) > MESSAGES_MOST:
                return "flood"
        return "timeout"


def ended_by(status: int) -> str:
    """Name of the signal that ended a process; "" if none did."""
    number = status & 0x7F
    return signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}" if number else ""


VERDICT: list[type] = []
