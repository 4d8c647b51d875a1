"""Waiting until something becomes true: Condition, and Event for the simplest case."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any

from labkit import here
from labkit.errors import LabError, NotOwner
from labkit.sync.mutex import Mutex, RLock
from labkit.sync.waitqueue import Primitive, WaitQueue, timeout_to_ns


class Condition(Primitive):
    """wait() gives up the lock and sleeps in one step; notify() wakes who has waited longest, and keeps the lock.

    Woken is not granted: between the wake-up and the return of wait() others may take the lock and change things
    (Mesa semantics), so a wait stands in a `while`. wait_for() writes that loop.

    >>> from labkit import run, spawn
    >>> ready, box = Condition(), []
    >>> def consumer():
    ...     with ready: ready.wait_for(lambda: box); return box.pop()
    >>> def main():
    ...     t = spawn(consumer)
    ...     with ready: box.append("x"); ready.notify()
    ...     return t.join()
    >>> run(main).result
    'x'
    """

    kind = "condition"

    def __init__(self, lock: Mutex | None = None, name: str | None = None) -> None:
        if lock is not None and not isinstance(lock, Mutex):
            raise LabError(f"Condition({lock!r}): its lock is a Mutex or an RLock")
        self.lock = lock if lock is not None else RLock(f"{name}.lock" if name else None)
        super().__init__(name)

    def reset_state(self) -> None:
        self.queue = WaitQueue(self, "a notify of {}")

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Take the lock."""
        return self.lock.acquire(blocking, timeout)

    def release(self) -> None:
        """Give the lock back."""
        self.lock.release()

    def wait(self, timeout: float | None = None) -> bool:
        """Give up the lock, sleep until notified, take the lock again; False if the timeout came first.

        Raises:
            NotOwner: the current thread does not hold the lock.
        """
        machine = self._enter("wait")
        with machine.no_preempt:
            self._must_own("waits at")
            depth = self.lock.give_up()
            woken = self.queue.wait(timeout_to_ns(timeout, "wait"))
            machine.point("reacquire", self.lock)
            self.lock.take_back(depth)
        return woken

    def wait_for(self, predicate: Callable[[], Any], timeout: float | None = None) -> Any:
        """Wait until predicate() is true, and return what it gave; on a timeout, whatever it gives then."""
        limit_ns = timeout_to_ns(timeout, "wait_for")
        end_ns = None if limit_ns is None else here.machine.now_ns() + limit_ns
        while not (value := predicate()):
            left_ns = None if end_ns is None else end_ns - here.machine.now_ns()
            if left_ns is not None and left_ns <= 0:
                break
            self.wait(None if left_ns is None else left_ns / 1e9)
        return value

    def notify(self, n: int = 1) -> None:
        """Wake the n threads that have waited longest; with nobody waiting it does nothing, and is not remembered."""
        machine = self._enter("notify")
        with machine.no_preempt:
            self._must_own("notifies")
            self.queue.wake(n)

    def notify_all(self) -> None:
        """Wake all that wait."""
        machine = self._enter("notify_all")
        with machine.no_preempt:
            self._must_own("notifies")
            self.queue.wake_all()

    def __enter__(self) -> Condition:
        self.lock.acquire()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.lock.release()

    def _must_own(self, does: str) -> None:
        me = here.machine.current
        if self.lock.owner is not me:
            raise NotOwner(f"'{me.name}' {does} {self.describe()} without holding its lock. Put it inside `with condition:`.")


class Event(Primitive):
    """A flag that threads can wait for: set() lets all through until clear().

    >>> from labkit import run
    >>> go = Event()
    >>> run(lambda: (go.is_set(), go.set(), go.wait())).result
    (False, None, True)
    """

    kind = "event"

    def __init__(self, name: str | None = None) -> None:
        super().__init__(name)

    def reset_state(self) -> None:
        self.flag = False
        self.queue = WaitQueue(self)

    def is_set(self) -> bool:
        """Whether set() came last, and not clear()."""
        self._enter("is_set")
        return self.flag

    def set(self) -> None:
        """Let all waiting threads go, and all that come later."""
        machine = self._enter("set")
        with machine.no_preempt:
            self.flag = True
            self.queue.wake_all()

    def clear(self) -> None:
        """Make wait() wait again."""
        machine = self._enter("clear")
        with machine.no_preempt:
            self.flag = False

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the flag is set; False if the timeout came first."""
        machine = self._enter("wait" if timeout is None else "try_wait")
        with machine.no_preempt:
            return self.flag or self.queue.wait(timeout_to_ns(timeout, "wait"))
