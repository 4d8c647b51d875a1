"""Wait until all are here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from labkit.errors import BrokenBarrier, LabError
from labkit.sync.waitqueue import Primitive, WaitQueue, timeout_to_ns
from labkit.thread import Thread


class Barrier(Primitive):
    """Threads wait until `parties` of them have come, then all go on; it can be used again at once.

    >>> from labkit import run, spawn
    >>> gate = Barrier(2)
    >>> run(lambda: [t.join() for t in (spawn(gate.wait), spawn(gate.wait))]).result
    [0, 1]
    """

    kind = "barrier"

    def __init__(self, parties: int, action: Callable[[], Any] | None = None, name: str | None = None) -> None:
        if not isinstance(parties, int) or parties < 1:
            raise LabError(f"Barrier({parties!r}): it waits for a whole number of threads, at least 1")
        self.parties = parties
        self.action = action
        super().__init__(name)

    def reset_state(self) -> None:
        self.broken = False
        self.queue = WaitQueue(self)
        self.turned_away: set[Thread] = set()  # woken, but not because all had come

    @property
    def n_waiting(self) -> int:
        """How many threads wait here now."""
        return len(self.queue)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the others; returns the order of coming: 0 for the first, parties - 1 for the last, as in threading.

        The last to come runs the action, if there is one, before anybody goes on.

        Raises:
            BrokenBarrier: it was aborted or reset, or somebody's timeout ended, or the action raised.
        """
        machine = self._enter("wait")
        with machine.no_preempt:
            self._check()
            order = len(self.queue)
            if order == self.parties - 1:
                self._open()
                return order
            me = machine.current
            woken = self.queue.wait(timeout_to_ns(timeout, "wait"))
            if not woken:
                self._break()
            if not woken or me in self.turned_away:
                self.turned_away.discard(me)
                raise BrokenBarrier(f"{self.describe()} broke while '{me.name}' waited: a timeout, abort() or reset()")
        return order

    def abort(self) -> None:
        """Break the barrier: all that wait, and all that come, get BrokenBarrier."""
        machine = self._enter("abort")
        with machine.no_preempt:
            self._break()

    def reset(self) -> None:
        """Empty it and make it usable again; all that wait get BrokenBarrier."""
        machine = self._enter("reset")
        with machine.no_preempt:
            self._break()
            self.broken = False

    def describe(self) -> str:
        missing = self.parties - len(self.queue)
        return f"{super().describe()} ({missing} of {self.parties} still to come)"

    def _open(self) -> None:
        # Invariant: who comes while the action runs, which may block, waits for the next round and not for this one.
        complete, self.queue = self.queue, WaitQueue(self)
        try:
            if self.action is not None:
                self.action()
        except BaseException:
            self.turned_away |= set(complete.wake_all())
            self._break()
            raise
        if self.broken:
            self.turned_away |= set(complete.threads)
        complete.wake_all()

    def _break(self) -> None:
        self.broken = True
        self.turned_away |= set(self.queue.wake_all())

    def _check(self) -> None:
        if self.broken:
            raise BrokenBarrier(f"{self.describe()} is broken; reset() makes it usable again")
