"""Mutual exclusion by trying again and again: the lock that never sleeps."""

from __future__ import annotations

from typing import Any

from labkit import here
from labkit.errors import LabError
from labkit.sync.owned import OwnedLock
from labkit.sync.waitqueue import FOREVER, timeout_to_ns
from labkit.thread import EXITED, Thread


class Spinlock(OwnedLock):
    """Test-and-set until it is free. Each failed try yields, as a spinning kernel calls cpu_relax(); it is not fair.

    >>> from labkit import run
    >>> lock = Spinlock()
    >>> run(lambda: (lock.acquire(), lock.acquire(blocking=False), lock.release())).result
    (True, False, None)
    """

    kind = "spinlock"

    def acquire(self, blocking: bool = True, timeout: float = FOREVER) -> bool:
        """Take the lock, spinning until it is free; True if it is taken."""
        machine = self._enter("acquire" if blocking and timeout in (None, FOREVER) else "try_acquire")
        me: Thread = machine.current
        limit_ns = timeout_to_ns(timeout, "acquire")
        end_ns = None if limit_ns is None else machine.now_ns() + limit_ns
        contended = False
        while not self._try(machine, me):
            if not blocking or (end_ns is not None and machine.now_ns() >= end_ns):
                return False
            owner = self.owner
            if owner and not contended:
                contended = True
                machine.emit("lock_contend", me.tid, self.name, owner.tid)
            if end_ns is None and owner and (owner is me or owner.state == EXITED):
                raise LabError(
                    f"'{me.name}' would spin for ever at {self.describe()}: "
                    + ("it holds the lock itself" if owner is me else f"its holder '{owner.name}' ended without releasing it")
                )
            machine.sched_yield()
        return True

    def _give_back(self) -> None:
        machine = here.machine
        self.owner = None
        machine.emit("lock_release", machine.current.tid, self.name)

    def _try(self, machine: Any, me: Thread) -> bool:
        """Test and set, in one step."""
        with machine.no_preempt:
            if self.owner is not None:
                return False
            self.owner = me
            machine.emit("lock_acquire", me.tid, self.name)
            return True
