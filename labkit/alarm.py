"""The interval timer and its signal: the only room that touches them.

SIGALRM (wall time) or SIGVTALRM (CPU time) at a fixed interval while inside the block; handler, timer and signal mask
are put back however the block ends. Python runs signal handlers in the main thread, between two bytecodes (CPython docs,
"signal", 3.11): a long call into C delays them, and another OS thread never sees them.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any

from labkit.errors import LabError

TIMERS = {"real": (signal.ITIMER_REAL, signal.SIGALRM), "virtual": (signal.ITIMER_VIRTUAL, signal.SIGVTALRM)}
"""Name → (interval timer, the signal it sends), setitimer(2): real counts wall time, virtual the process's user CPU time."""

Handler = Callable[[int, FrameType | None], None]


class Alarm:
    """Call handler(signum, frame) every `seconds` while inside."""

    def __init__(self, timer: str, seconds: float, handler: Handler) -> None:
        if timer not in TIMERS:
            raise LabError(f"timer={timer!r}: choose {' or '.join(map(repr, TIMERS))}")
        self.which, self.signum = TIMERS[timer]
        self.seconds = seconds
        self.handler = handler

    def __enter__(self) -> Alarm:
        if threading.current_thread() is not threading.main_thread():
            raise LabError(
                "the preemptive machine needs SIGALRM, which Python delivers to the main thread only, and this is "
                f"thread {threading.current_thread().name!r}. Call run() from the main thread (a notebook cell is), or "
                "use timeslice_points=k, which needs no signal, or machine='pthread'."
            )
        self.old_handler: Any = signal.signal(self.signum, self.handler)
        self.old_mask = signal.pthread_sigmask(signal.SIG_UNBLOCK, {self.signum})
        self.began = time.monotonic()
        self.old_timer = signal.setitimer(self.which, self.seconds, self.seconds)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        signal.setitimer(self.which, 0)
        settle()
        signal.signal(self.signum, signal.SIG_DFL if self.old_handler is None else self.old_handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, self.old_mask)
        left, interval = self.old_timer
        if left:
            signal.setitimer(self.which, max(left - (time.monotonic() - self.began), 1e-6), interval)


def settle() -> None:
    """Let a tick that has come in already reach its handler, before the handler is taken away.

    # Race: Python notes a signal at once and runs its handler at the next call or jump. Without a call in between,
    # the note would meet the default handler, and Python would print "Signal 14 ignored due to race condition".
    """


def is_free(timer: str) -> bool:
    """Nobody else uses this timer and its signal, and this is the main thread."""
    which, signum = TIMERS[timer]
    if threading.current_thread() is not threading.main_thread():
        return False
    return signal.getsignal(signum) in (signal.SIG_DFL, None) and signal.getitimer(which)[0] == 0.0
