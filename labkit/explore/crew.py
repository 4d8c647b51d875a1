"""Workers for explore(workers=n): copies of this Python, which fork(2) makes with all they need to know."""

from __future__ import annotations

import os
import pickle
import selectors
from collections.abc import Callable
from typing import Any, NamedTuple

SIGKILL = 9


class Share(NamedTuple):
    """What a worker found."""

    runs: int
    failing: int
    redundant: int
    outcomes: dict[Any, int]
    failures: list[tuple[str, str, Any, int]]
    """(label, kind, order, runs) of each failure."""
    learnt: tuple[set[Any], set[Any], set[Any]] | None
    unseen: list[Any]
    stopped: str


class Crew:
    """Some workers, each busy with one share."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.selector = selectors.DefaultSelector()
        self.pids: dict[int, int] = {}  # pipe → worker

    def start(self, work: Callable[[], Share]) -> None:
        """Let a new worker do this, and send what it returns."""
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            try:
                os.close(reading)
                with os.fdopen(writing, "wb") as pipe:
                    pickle.dump(work(), pipe)
            finally:
                os._exit(0)
        os.close(writing)
        self.pids[reading] = pid
        self.selector.register(reading, selectors.EVENT_READ)

    @property
    def busy(self) -> int:
        """How many work."""
        return len(self.pids)

    def wait(self) -> Share | None:
        """The next share; None if a worker died."""
        reading = self.selector.select()[0][0].fd
        self.selector.unregister(reading)
        with os.fdopen(reading, "rb") as pipe:
            data = pipe.read()
        os.waitpid(self.pids.pop(reading), 0)
        try:
            share: Share = pickle.loads(data)
        except (EOFError, pickle.UnpicklingError):
            return None
        return share

    def end(self) -> None:
        """Send home who is still at work."""
        for reading, pid in self.pids.items():
            os.kill(pid, SIGKILL)
            os.close(reading)
            os.waitpid(pid, 0)
        self.pids.clear()
        self.selector.close()
