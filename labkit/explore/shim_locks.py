"""threading's locks as the explorer runs them: labkit's own, with the manners and the errors of the standard library."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from labkit import sync
from labkit.errors import BrokenBarrier
from labkit.explore.independence import RULES, STATE, Rule
from labkit.sync import Primitive


class Named(Primitive):
    """Has the name of the variable that the student keeps it in.

    Attributes:
        word: that name; None if nobody knows it.
        real: what it stands for, if the program made that before the exploration began.
    """

    word: str | None = None
    real: Any = None

    @property
    def name(self) -> str:
        """The student's word for it, or its kind and a number."""
        return self.word or super().name


class Lock(Named, sync.Mutex):
    """threading.Lock: without an owner. Whoever holds it waits if he takes it again, and anybody may release it."""

    kind = "lock"

    def __init__(self) -> None:
        super().__init__()

    def acquire(self, blocking: bool = True, timeout: float | None = -1) -> bool:
        """Take the lock; as in threading, a timeout is for those who wait."""
        _check_timeout(blocking, timeout)
        return super().acquire(blocking, timeout)

    def release(self) -> None:
        """Give the lock back, whoever took it."""
        self._enter("release")
        if self.owner is None:
            raise RuntimeError("release unlocked lock")
        self._give_back()

    def _again(self, forever: bool) -> bool:
        """The holder tries once more, and fails; to wait for ever he never comes here, the explorer does not let him."""
        return False


class RLock(Named, sync.RLock):
    """threading.RLock."""

    def __init__(self) -> None:
        super().__init__()

    def acquire(self, blocking: bool = True, timeout: float | None = -1) -> bool:
        """Take the lock, or take it once more."""
        _check_timeout(blocking, timeout)
        return super().acquire(blocking, timeout)


def _check_timeout(blocking: bool, timeout: float | None) -> None:
    if not blocking and timeout != -1:
        raise ValueError("can't specify a timeout for a non-blocking call")
    if timeout is None or (timeout < 0 and timeout != -1):
        raise ValueError("timeout value must be a non-negative number")


class Condition(Named, sync.Condition):
    """threading.Condition."""

    def __init__(self, lock: sync.Mutex | None = None) -> None:
        super().__init__(RLock() if lock is None else lock)

    notifyAll = sync.Condition.notify_all  # noqa: N815


class Semaphore(Named, sync.Semaphore):
    """threading.Semaphore."""

    def __init__(self, value: int = 1) -> None:
        if value < 0:
            raise ValueError("semaphore initial value must be >= 0")
        super().__init__(value)

    def acquire(self, blocking: bool = True, timeout: float | None = None) -> bool:
        """Take a permit."""
        if not blocking and timeout is not None:
            raise ValueError("can't specify timeout for non-blocking acquire")
        return super().acquire(blocking, timeout)

    def release(self, n: int = 1) -> None:
        """Give n permits."""
        if n < 1:
            raise ValueError("n must be one or more")
        super().release(n)


class BoundedSemaphore(Semaphore):
    """threading.BoundedSemaphore: more permits than it began with are an error."""

    def __init__(self, value: int = 1, most: int | None = None) -> None:
        self._most = value if most is None else most
        super().__init__(value)

    def release(self, n: int = 1) -> None:
        """Give n permits back.

        Raises:
            ValueError: they were never taken.
        """
        if n < 1:
            raise ValueError("n must be one or more")
        self._enter("release")
        if self.value + n > self._most:
            raise ValueError("Semaphore released too many times")
        self.value += n - len(self.queue.wake(n))


class Event(Named, sync.Event):
    """threading.Event."""

    def __init__(self, start: bool = False) -> None:
        self._start = start
        super().__init__()

    def reset_state(self) -> None:
        super().reset_state()
        self.flag = self._start

    isSet = sync.Event.is_set  # noqa: N815


class Broken(BrokenBarrier, threading.BrokenBarrierError):
    """A barrier broke: labkit's error, and threading's too."""


class Barrier(Named, sync.Barrier):
    """threading.Barrier."""

    def __init__(self, parties: int, action: Callable[[], Any] | None = None, timeout: float | None = None) -> None:
        self.timeout = timeout
        super().__init__(parties, action)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the others.

        Raises:
            threading.BrokenBarrierError: it was aborted or reset, or somebody's timeout ended.
        """
        try:
            return super().wait(self.timeout if timeout is None else timeout)
        except BrokenBarrier as error:
            raise Broken(*error.args) from None


RULES[Lock] = {
    **RULES[sync.Mutex],
    "acquire": Rule(lambda owner, thread, argument: owner is None, lambda owner, thread: owner is None),
    "release": Rule(lambda owner, thread, argument: owner is not None),
}
STATE[Lock] = STATE[sync.Mutex]
