"""Mutual exclusion by waiting in a queue: Mutex, and RLock for a holder who comes back."""

from __future__ import annotations

from labkit import here
from labkit.errors import LabError
from labkit.sync.owned import OwnedLock
from labkit.sync.waitqueue import FOREVER, WaitQueue, timeout_to_ns
from labkit.thread import Thread


class Mutex(OwnedLock):
    """One thread at a time. release() hands it to the thread that has waited longest, so nobody starves.

    threading.Lock's verbs, with an owner: only the thread that holds it may release it.

    >>> from labkit import run
    >>> lock = Mutex("door")
    >>> run(lambda: (lock.acquire(), lock.locked(), lock.release())).result
    (True, True, None)
    """

    kind = "mutex"
    reentrant = False

    def reset_state(self) -> None:
        super().reset_state()
        self.depth = 0
        self.queue = WaitQueue(self)

    def acquire(self, blocking: bool = True, timeout: float | None = FOREVER) -> bool:
        """Take the lock, waiting for it if blocking, at most `timeout` seconds; True if it is taken."""
        machine = self._enter("acquire" if blocking and timeout in (None, FOREVER) else "try_acquire")
        with machine.no_preempt:
            me: Thread = machine.current
            if self.owner is me:
                return self._again(blocking and timeout in (None, FOREVER))
            if self.owner is not None:
                machine.emit("lock_contend", me.tid, self.name, self.owner.tid)
                if not blocking or not self.queue.wait(timeout_to_ns(timeout, "acquire")):
                    return False
            self._take(me)
        return True

    def _give_back(self) -> None:
        """To the thread that has waited longest, when it has been released as often as acquired."""
        self.depth -= 1
        if self.depth == 0:
            self._hand_over()

    # ---- used by Condition, inside no_preempt

    def give_up(self) -> int:
        """Release however deep it is held; returns the depth for take_back()."""
        depth, self.depth = self.depth, 0
        self._hand_over()
        return depth

    def take_back(self, depth: int) -> None:
        """Take it again after give_up(), waiting as long as it takes."""
        machine = here.machine
        if self.owner is not None:
            machine.emit("lock_contend", machine.current.tid, self.name, self.owner.tid)
            self.queue.wait()
        self._take(machine.current)
        self.depth = depth

    def _take(self, me: Thread) -> None:
        self.owner = me
        self.depth = 1
        here.machine.emit("lock_acquire", me.tid, self.name)

    def _hand_over(self) -> None:
        machine = here.machine
        machine.emit("lock_release", machine.current.tid, self.name)
        # Invariant: the owner is set at once to the thread that was woken, so nobody can slip in before it runs.
        woken = self.queue.wake()
        self.owner = woken[0] if woken else None

    def _again(self, forever: bool) -> bool:
        """The holder acquires once more."""
        if self.reentrant:
            self.depth += 1
            return True
        if forever:
            raise LabError(
                f"'{here.machine.current.name}' acquires {self.describe()}, which it holds already: it would wait for "
                "itself for ever. Release it first, or use an RLock, which its holder may acquire again."
            )
        return False


class RLock(Mutex):
    """A mutex that its holder may acquire again; it is free after as many releases.

    >>> from labkit import run
    >>> lock = RLock()
    >>> run(lambda: (lock.acquire(), lock.acquire(), lock.release(), lock.locked(), lock.release())).result
    (True, True, None, True, None)
    """

    kind = "rlock"
    reentrant = True
