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
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import IO, Final

from labkit.errors import LabError

ASK, KILL = 15, 9
"""SIGTERM and SIGKILL, the same numbers on every Linux: signal(7)."""
ANSWER_S: Final = 1.0
"""How long a program that is asked where it is may take to answer."""
CHUNK: Final = 1 << 16
BEFORE: Final[list[Callable[[], None]]] = []
"""What a process does before it becomes the program: labkit/grading confines it there."""
TELL_S: Final = 0.5
"""How often a watcher hears how long the program has been running."""


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
    interrupted: bool = False
    """Somebody pressed Ctrl-C, or ■ in a notebook."""


@dataclass(frozen=True)
class Child:
    """A program to be run: its call, its environment, a file descriptor that it shall have, and what it can read.

    While it runs, `watch` hears now and then for how many seconds it has been running.
    """

    call: list[str]
    environment: dict[str, str]
    fd: int
    stdin: bytes = b""
    watch: Callable[[float], None] | None = None

    def run(self, limits: Limits, before: tuple[str, ...] = ()) -> Ended:
        """Run it to its end or to its limits, in an empty folder; `before` is a program that runs it, such as strace."""
        start = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="labkit-native-") as folder:
            child = subprocess.Popen(
                [*before, *self.call], cwd=folder, env=self.environment, pass_fds=(self.fd,), start_new_session=True,
                stdin=subprocess.PIPE if self.stdin else subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                preexec_fn=_before if BEFORE else None,  # noqa: PLW1509 — a grader's process has one thread
            )  # fmt: skip
            try:
                return _Listener(child, start, limits, self).listen()
            finally:
                _kill(child)
                for stream in (child.stdin, child.stdout, child.stderr):
                    if stream is not None:
                        stream.close()


def _before() -> None:
    for each in BEFORE:
        each()


class _Listener:
    """Reads both streams until the program has ended; what its children still hold open is not waited for."""

    def __init__(self, child: subprocess.Popen[bytes], start: float, limits: Limits, asked: Child) -> None:
        assert child.stdout is not None
        assert child.stderr is not None
        self.child = child
        self.start = start
        self.deadline = start + limits.seconds
        self.most = limits.output_kb << 10
        self.stdin = asked.stdin
        self.watch = asked.watch
        self.kept: dict[IO[bytes], bytearray] = {child.stdout: bytearray(), child.stderr: bytearray()}
        self.timed_out = self.interrupted = self.asked = self.over = False
        self.flooded = ""

    def listen(self) -> Ended:
        """Listen to the end; an interrupt asks the program where it is, as the time limit does. A second one is final."""
        child = self.child
        with closing(os.fdopen(os.pidfd_open(child.pid), "rb", buffering=0)) as end, selectors.DefaultSelector() as selector:
            for stream in (*self.kept, end):
                selector.register(stream, selectors.EVENT_READ, stream)
            if child.stdin is not None:
                os.set_blocking(child.stdin.fileno(), False)
                selector.register(child.stdin, selectors.EVENT_WRITE, None)
            try:
                self._until_the_end(selector, end)
            except KeyboardInterrupt:
                self.interrupted = True
                self._ask()
                self._until_the_end(selector, end)
        if not self.over:
            _kill(child)
        code, seconds = child.wait(), time.monotonic() - self.start
        stdout, stderr = (bytes(text) for text in self.kept.values())
        return Ended(code, stdout, stderr, seconds, self.timed_out, self.flooded, self.interrupted)

    def _until_the_end(self, selector: selectors.BaseSelector, end: IO[bytes]) -> None:
        while True:
            found = selector.select(self._patience())
            for key, _ in found:
                self._take(key.data, selector, end)
            if not self.flooded and (flooded := self._full()):
                self.flooded, self.deadline = flooded, 0.0  # it is asked where it is; what it still writes is thrown away
            if self.over and (self.flooded or not found):
                break  # it has ended, and everything that it wrote, or all that is kept of it, is read
            now = time.monotonic()
            if self.watch:
                self.watch(now - self.start)
            if not self.over and now >= self.deadline:
                if self.asked:
                    break
                self.timed_out = not self.flooded
                self._ask()

    def _patience(self) -> float:
        """How long to wait for something to happen, in seconds."""
        left = max(0.0, self.deadline - time.monotonic())
        return 0.0 if self.over else min(left, TELL_S) if self.watch else left

    def _take(self, what: IO[bytes] | None, selector: selectors.BaseSelector, end: IO[bytes]) -> None:
        """Something has happened: the program reads, it has ended, it has written, or it has closed a stream."""
        if what is None:
            self.stdin = _feed(self.child, selector, self.stdin)
        elif what is end:
            selector.unregister(end)
            self.over = True
        else:
            kept, chunk = self.kept[what], os.read(what.fileno(), CHUNK)
            kept += chunk[: self.most - len(kept)]
            if not chunk:
                selector.unregister(what)

    def _full(self) -> str:
        """The stream that had more than is kept; empty if none had."""
        names = zip(("stdout", "stderr"), self.kept.values(), strict=True)
        return next((name for name, kept in names if len(kept) >= self.most), "")

    def _ask(self) -> None:
        """Ask the program where it is; it has a moment to answer."""
        self.asked = True
        self.deadline = time.monotonic() + ANSWER_S
        self.child.send_signal(ASK)


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
