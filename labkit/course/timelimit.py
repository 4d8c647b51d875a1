"""A limit on how long a piece of code may take, for code that may never end.

A second OS thread waits; when the time is up it sends SIGINT to the main thread, which is what Ctrl-C does, and what every
machine of labkit ends cleanly on. SIGALRM would be simpler and is taken: it is the preemptive machine's.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final

REPEAT_S: Final = 0.5
"""How long after an interrupt that was swallowed (by a bare `except:`) the next one follows."""


class TimeUp(KeyboardInterrupt):
    """The time is up. A KeyboardInterrupt, so that whatever ends cleanly on Ctrl-C does on this; `where` says where it was."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.where = where


class _Limit:
    """State shared by the code under the limit and the thread that waits."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.ended = False
        self.where = ""
        self.sent = 0
        self.seen = 0
        self.lock = threading.Lock()

    def wait_then_interrupt(self, seconds: float, target: int) -> None:
        while not self.over.wait(seconds):
            with self.lock:
                # Race: the code may end between wait() and here; `over` is set under the same lock, so one of us is first.
                if self.over.is_set():
                    return
                self.sent += 1
                # Why: interrupt_main() only sets a flag; a real signal also wakes a main thread that waits inside C.
                signal.pthread_kill(target, signal.SIGINT)
            seconds = REPEAT_S


@contextmanager
def time_limit(seconds: float, locate: Callable[[FrameType | None], str]) -> Iterator[None]:
    """Raise TimeUp in the block when it takes longer. Only in the main thread: elsewhere there is no limit.

    Args:
        seconds: the limit.
        locate: says in words where a frame is; called at the moment of the interrupt, before anything is unwound.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    limit = _Limit()
    before: Any = signal.getsignal(signal.SIGINT) or signal.default_int_handler

    def on_interrupt(number: int, frame: FrameType | None) -> None:
        if limit.seen < limit.sent:
            limit.seen = limit.sent
            if not limit.ended:
                limit.where = limit.where or locate(frame)
                raise TimeUp(limit.where)
        elif callable(before):
            before(number, frame)

    threading.Thread(target=limit.wait_then_interrupt, args=(seconds, threading.get_ident()), daemon=True).start()
    signal.signal(signal.SIGINT, on_interrupt)
    try:
        try:
            yield
        finally:
            limit.ended = True
    finally:
        # Race: an interrupt that lands just before the line above leaves by this second door, with the next 0.5 s away.
        limit.ended = True
        with limit.lock:
            limit.over.set()
        # Why: a signal that was sent must be taken while our handler is in place, or it would look like a Ctrl-C later.
        until = time.monotonic() + REPEAT_S
        while limit.seen < limit.sent and time.monotonic() < until:
            time.sleep(0.001)
        signal.signal(signal.SIGINT, before)
