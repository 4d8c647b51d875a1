"""Locks that belong to the thread that took them: what Mutex and Spinlock have in common."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from labkit import here
from labkit.errors import NotOwner
from labkit.sync.waitqueue import FOREVER, Primitive
from labkit.thread import Thread


class OwnedLock(Primitive):
    """A lock with an owner: only the thread that took it may release it. How one waits for it is the subclass's own."""

    def __init__(self, name: str | None = None) -> None:
        super().__init__(name)

    def reset_state(self) -> None:
        self.owner: Thread | None = None

    def acquire(self, blocking: bool = True, timeout: float = FOREVER) -> bool:
        """Take the lock, waiting for it if blocking, at most `timeout` seconds; True if it is taken."""
        raise NotImplementedError

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
                raise NotOwner(
                    f"'{me.name}' releases {self.describe()}, but {whose}. The thread that acquired a lock releases it; "
                    f"`with {self.kind}:` does both."
                )
            self._give_back()

    def _give_back(self) -> None:
        """The owner releases it, and nobody can preempt."""
        raise NotImplementedError

    def locked(self) -> bool:
        """Whether a thread holds it at this moment."""
        return self.owner is not None and self.owner.run_id is here.machine.run_id

    def holders(self) -> tuple[str, ...]:
        return (self.owner.name,) if self.owner else ()

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.release()
