"""One process with limits: started, listened to, and ended in time, whatever it does.

A program that hangs is first asked where its threads are (SIGTERM; fault.c answers), then killed with everything it started.
Output is kept up to a limit and the program stopped there: a loop around printf fills a disk faster than one can click.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import subprocess
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from typing import IO, Final

from labkit.errors import LabError

ASK, KILL = 15, 9
"""SIGTERM and SIGKILL, the same numbers on every Linux: signal(7)."""
ANSWER_S: Final = 1.0
"""How long a program that is asked where it is may take to answer."""
CHUNK: Final = 1 << 16


@dataclass(frozen=True)
class Limits:
    """What a program may use.

    Attributes:
        seconds: a program that has not ended by then is asked where it is, and stopped.
        memory_mb: address space; None for no limit, which AddressSanitizer needs.
        output_kb: output that is kept; a program that writes more is stopped.
        file_mb: size of a file that it writes.
        forks: may it start other processes?
    """

    seconds: float = 10.0
    memory_mb: int | None = 4096
    output_kb: int = 1024
    file_mb: int = 64
    forks: bool = False

    def __post_init__(self) -> None:
        if not self.seconds > 0:
            raise LabError(f"Limits(seconds={self.seconds!r}): give a number above 0")

    def text(self, fixed_addresses: bool) -> str:
        """How limits.c reads them."""
        cpu = int(self.seconds * (os.cpu_count() or 1)) + 2
        numbers = (cpu, (self.memory_mb or 0) << 20, self.file_mb << 20, int(self.forks), int(fixed_addresses))
        return ",".join(map(str, numbers))


DEFAULT: Final = Limits()


@dataclass
class Ended:
    """How a process ended: its exit code, negative for a signal as subprocess has it, and what it wrote."""

    code: int
    stdout: bytes
    stderr: bytes
    seconds: float
    timed_out: bool = False
    flooded: str = ""
    """Name of the stream that had more than the limit; else empty."""


@dataclass(frozen=True)
class Child:
    """A program to be run: its call, its environment, a file descriptor that it shall have, and what it can read."""

    call: list[str]
    environment: dict[str, str]
    fd: int
    stdin: bytes = b""

    def run(self, limits: Limits, before: tuple[str, ...] = ()) -> Ended:
        """Run it to its end or to its limits, in an empty folder; `before` is a program that runs it, such as strace."""
        start = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="labkit-native-") as folder:
            child = subprocess.Popen(
                [*before, *self.call], cwd=folder, env=self.environment, pass_fds=(self.fd,), start_new_session=True,
                stdin=subprocess.PIPE if self.stdin else subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            )  # fmt: skip
            try:
                return _listen(child, start, limits.seconds, limits.output_kb << 10, self.stdin)
            finally:
                _kill(child)
                for stream in (child.stdin, child.stdout, child.stderr):
                    if stream is not None:
                        stream.close()


def _listen(child: subprocess.Popen[bytes], start: float, limit_s: float, most: int, stdin: bytes) -> Ended:
    """Read both streams until the program has ended; what its children still hold open is not waited for."""
    assert child.stdout is not None
    assert child.stderr is not None
    kept: dict[IO[bytes], bytearray] = {child.stdout: bytearray(), child.stderr: bytearray()}
    deadline, timed_out, asked, flooded, over = start + limit_s, False, False, "", False
    pidfd = os.pidfd_open(child.pid)
    with closing(os.fdopen(pidfd, "rb", buffering=0)) as end, selectors.DefaultSelector() as selector:
        for stream in (*kept, end):
            selector.register(stream, selectors.EVENT_READ, stream)
        if child.stdin is not None:
            os.set_blocking(child.stdin.fileno(), False)
            selector.register(child.stdin, selectors.EVENT_WRITE, None)
        while True:
            found = selector.select(0.0 if over else max(0.0, deadline - time.monotonic()))
            for key, _ in found:
                if key.data is None:
                    stdin = _feed(child, selector, stdin)
                elif key.data is end:
                    selector.unregister(end)
                    over = True
                else:
                    _take(key.data, selector, kept[key.data], most)
            if not flooded and (flooded := _flooded(kept, most)):
                deadline = 0.0  # it is asked where it is; what it still writes is thrown away
            if over and (flooded or not found):
                break  # it has ended, and everything that it wrote, or all that is kept of it, is read
            if not over and time.monotonic() >= deadline:
                if asked:
                    break
                timed_out, asked, deadline = not flooded, True, time.monotonic() + ANSWER_S
                child.send_signal(ASK)
    if not over:
        _kill(child)
    return Ended(child.wait(), bytes(kept[child.stdout]), bytes(kept[child.stderr]), time.monotonic() - start, timed_out, flooded)


def _take(stream: IO[bytes], selector: selectors.BaseSelector, kept: bytearray, most: int) -> None:
    """Read what the program has written, and keep it as long as there is room."""
    chunk = os.read(stream.fileno(), CHUNK)
    kept += chunk[: most - len(kept)]
    if not chunk:
        selector.unregister(stream)


def _flooded(kept: dict[IO[bytes], bytearray], most: int) -> str:
    """The stream that had more than is kept; empty if none had."""
    return next((name for name, data in zip(("stdout", "stderr"), kept.values(), strict=True) if len(data) >= most), "")


def _feed(child: subprocess.Popen[bytes], selector: selectors.BaseSelector, stdin: bytes) -> bytes:
    """Give the program some of its input; what is left of it."""
    assert child.stdin is not None
    try:
        stdin = stdin[os.write(child.stdin.fileno(), stdin[:CHUNK]) :]
    except BrokenPipeError:
        stdin = b""  # it does not want to read
    if not stdin:
        selector.unregister(child.stdin)
        child.stdin.close()
    return stdin


def _kill(child: subprocess.Popen[bytes]) -> None:
    """End the program, and whatever it has started: all of it is in the session of its own that it began with."""
    with contextlib.suppress(ProcessLookupError):  # nobody is left
        os.killpg(child.pid, KILL)
    child.wait()
