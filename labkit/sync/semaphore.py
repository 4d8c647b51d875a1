"""A counter that one can wait on: Dijkstra's semaphore."""

from __future__ import annotations

from types import TracebackType

from labkit.errors import LabError
from labkit.sync.waitqueue import FOREVER, Primitive, WaitQueue, timeout_to_ns


class Semaphore(Primitive):
    """acquire() takes one of `value` permits and waits at 0; release() gives one to who has waited longest.

    >>> from labkit import run
    >>> seats = Semaphore(2)
    >>> run(lambda: [seats.acquire(blocking=False) for _ in range(3)]).result
    [True, True, False]
    """

    kind = "semaphore"

    def __init__(self, value: int = 1, name: str | None = None) -> None:
        if not isinstance(value, int) or value < 0:
            raise LabError(f"Semaphore({value!r}): it begins with a whole number of permits, 0 or more")
        self._initial = value
        super().__init__(name)

    def reset_state(self) -> None:
        self.value = self._initial
        self.queue = WaitQueue(self, "a permit of {}")

    def acquire(self, blocking: bool = True, timeout: float | None = None) -> bool:
        """Take a permit, waiting for one if blocking, at most `timeout` seconds; True if it is taken."""
        machine = self._enter("acquire" if blocking and timeout in (None, FOREVER) else "try_acquire")
        with machine.no_preempt:
            tid = machine.current.tid
            if self.value > 0:
                self.value -= 1
            else:
                machine.emit("lock_contend", tid, self.name, 0)
                if not blocking or not self.queue.wait(timeout_to_ns(timeout, "acquire")):
                    return False
            machine.emit("lock_acquire", tid, self.name)
        return True

    def release(self, n: int = 1) -> None:
        """Give n permits; any thread may."""
        if not isinstance(n, int) or n < 1:
            raise LabError(f"release({n!r}): give at least 1 permit")
        machine = self._enter("release")
        with machine.no_preempt:
            machine.emit("lock_release", machine.current.tid, self.name)
            # Invariant: a permit given to a waiting thread never appears in value, so nobody can take it away.
            self.value += n - len(self.queue.wake(n))

    def __enter__(self) -> Semaphore:
        self.acquire()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.release()
