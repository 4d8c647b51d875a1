"""Mutual exclusion by trying again and again: the lock that never sleeps."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from labkit import here
from labkit.errors import LabError, NotOwner
from labkit.sync.waitqueue import FOREVER, Primitive, timeout_to_ns
from labkit.thread import EXITED, Thread


class Spinlock(Primitive):
    """Test-and-set until it is free. Each failed try yields, as a spinning kernel calls cpu_relax(); it is not fair.

    >>> from labkit import run
    >>> lock = Spinlock()
    >>> run(lambda: (lock.acquire(), lock.acquire(blocking=False), lock.release())).result
    (True, False, None)
    """

    kind = "spinlock"

    def __init__(self, name: str | None = None) -> None:
        super().__init__(name)

    def reset_state(self) -> None:
        self.owner: Thread | None = None

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

    def release(self) -> None:
        """Give the lock back.

        Raises:
            NotOwner: the current thread does not hold it.
        """
        machine = self._enter("release")
        with machine.no_preempt:
            me: Thread = machine.current
            if self.owner is not me:
                whose = f"'{self.owner.name}' holds it" if self.owner else "nobody holds it"
                raise NotOwner(f"'{me.name}' releases {self.describe()}, but {whose}. The thread that acquired it releases it.")
            self.owner = None
            machine.emit("lock_release", me.tid, self.name)

    def locked(self) -> bool:
        """Whether a thread holds it at this moment."""
        return self.owner is not None and self.owner.run_id is here.machine.run_id

    def holders(self) -> tuple[str, ...]:
        return (self.owner.name,) if self.owner else ()

    def __enter__(self) -> Spinlock:
        self.acquire()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.release()

    def _try(self, machine: Any, me: Thread) -> bool:
        """Test and set, in one step."""
        with machine.no_preempt:
            if self.owner is not None:
                return False
            self.owner = me
            machine.emit("lock_acquire", me.tid, self.name)
            return True
