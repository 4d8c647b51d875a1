"""A limit on how long a piece of code may take, for code that may never end; and Ctrl-C where a loop serves.

A second OS thread waits; when the time is up it sends SIGINT to the main thread, which is what Ctrl-C does, and what every
machine of labkit ends cleanly on. SIGALRM would be simpler and is taken: it is the preemptive machine's.
"""

from __future__ import annotations

import signal
import threading
import time
from asyncio import AbstractEventLoop
from collections.abc import Callable
from types import FrameType
from typing import Any, Final, TypeVar

PATIENCE_S: Final = 3.0
"""How long after the first interrupt the next one follows, if need be: longer than any machine takes to put things back
(limits.PTHREAD_STOP_S), for a second interrupt would disturb that."""

REPEAT_S: Final = 0.1
"""How often the later ones follow: they are swallowed by a bare `except:` in a loop, until one lands outside of its try."""

SETTLE_S: Final = 1.0
"""How long we wait at most for a signal that was sent and must be on its way."""

T = TypeVar("T")
Locate = Callable[[FrameType | None], str]


class TimeUp(KeyboardInterrupt):
    """The time is up. A KeyboardInterrupt, so that whatever ends cleanly on Ctrl-C does on this; `where` says where it was."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.where = where


def call_within(seconds: float, call: Callable[[], T], locate: Locate) -> T:
    """Call, and raise TimeUp if it takes longer. Only in the main thread: elsewhere there is no limit.

    Args:
        seconds: the limit.
        call: what is called.
        locate: says in words where a frame is; asked at the moment of the interrupt, before anything is unwound.
    """
    if threading.current_thread() is not threading.main_thread():
        return call()
    limit = _Limit(seconds, locate)
    try:
        limit.begin()
        limit.calling = True
        return call()
    finally:
        limit.calling = False
        limit.end()


def on_ctrl_c(loop: AbstractEventLoop, call: Callable[[], object]) -> None:
    """Let Ctrl-C call something between two steps of an event loop, instead of raising KeyboardInterrupt in the middle of one.

    Why: tornado logs whatever is raised while it answers a request and goes on (http1connection.py,
    _ExceptionLoggingContext), a KeyboardInterrupt too: now and then a server would not hear its Ctrl-C.
    """
    loop.add_signal_handler(signal.SIGINT, call)


_HERE: Final = call_within.__code__.co_filename


class _Limit:
    """One call under a limit: the thread that waits, and the handler that it wakes."""

    def __init__(self, seconds: float, locate: Locate) -> None:
        self.seconds = seconds
        self.locate = locate
        self.calling = False
        self.where = ""
        self.sent = 0
        self.seen = 0
        self.lock = threading.Lock()
        self.over = threading.Event()
        self.target = threading.get_ident()
        self.waiter = threading.Thread(target=self.wait_then_interrupt, name="labkit-limit", daemon=True)
        self.before: Any = signal.getsignal(signal.SIGINT) or signal.default_int_handler

    def begin(self) -> None:
        signal.signal(signal.SIGINT, self.on_interrupt)
        self.waiter.start()

    def wait_then_interrupt(self) -> None:
        seconds = self.seconds
        while not self.over.wait(seconds):
            with self.lock:
                # Race: the call may end between wait() and here; `over` is set under the same lock, so one of us is first.
                if self.over.is_set():
                    return
                self.sent += 1
                # Why: interrupt_main() only sets a flag; a real signal also wakes a main thread that waits inside C.
                signal.pthread_kill(self.target, signal.SIGINT)
            seconds = PATIENCE_S if self.sent == 1 else REPEAT_S

    def on_interrupt(self, number: int, frame: FrameType | None) -> None:
        if self.seen == self.sent:
            # Nobody of ours sent it: a real Ctrl-C.
            if callable(self.before):
                self.before(number, frame)
            return
        self.seen = self.sent
        # Race: the call may have returned an instant ago, with `calling` not yet taken back. Then this file's own code
        # is what was interrupted, and the call ended in time.
        if self.calling and frame is not None and frame.f_code.co_filename != _HERE:
            self.where = self.where or self.locate(frame)
            raise TimeUp(self.where)

    def end(self) -> None:
        with self.lock:
            self.over.set()
        # Why: a signal that was sent must be taken while our handler is in place, or it would look like a Ctrl-C later.
        until = time.monotonic() + SETTLE_S
        while self.seen < self.sent and time.monotonic() < until:
            time.sleep(0.001)
        signal.signal(signal.SIGINT, self.before)
        if self.waiter.ident is not None:
            # Why: whoever counts the threads of this process next must not find ours among them.
            self.waiter.join()
