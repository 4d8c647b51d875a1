"""Where threads wait: the one place in which a primitive touches a machine.

Every primitive is a little state and a wait queue. It changes its state inside `machine.no_preempt`, so no other thread
sees it half changed, whatever the machine; it waits with WaitQueue.wait and lets go with WaitQueue.wake.
"""

from __future__ import annotations

from collections import Counter, deque
from typing import Any

from labkit import here
from labkit.errors import LabError, NotInRun
from labkit.thread import Thread

FOREVER = -1
"""threading's word for "no timeout", as in acquire(timeout=-1)."""

_numbers: tuple[object, Counter[str]] = (None, Counter())
"""The run that counts, and how many nameless primitives of each kind it has had."""


class WaitQueue:
    """Threads that wait for one thing, in the order in which they came.

    Args:
        owner: the primitive; its describe() and holders() tell a Deadlock what the wait is for.
        what: a word for what is waited for, if the owner has several queues.
    """

    def __init__(self, owner: Primitive, what: str = "") -> None:
        self.owner = owner
        self.what = what
        self.threads: deque[Thread] = deque()

    def __len__(self) -> int:
        return len(self.threads)

    def wait(self, timeout_ns: int | None = None) -> bool:
        """Block the current thread until it is woken; False if the timeout came first. Called inside no_preempt."""
        machine = here.machine
        me = machine.current
        self.threads.append(me)
        try:
            return bool(machine.block(self, timeout_ns))
        finally:
            self.forget(me)

    def wake(self, n: int = 1) -> list[Thread]:
        """Make the n threads that have waited longest runnable, and return them. Called inside no_preempt."""
        woken = [self.threads.popleft() for _ in range(min(n, len(self.threads)))]
        for thread in woken:
            here.machine.wake(thread)
        return woken

    def wake_all(self) -> list[Thread]:
        """Make all of them runnable."""
        return self.wake(len(self.threads))

    def forget(self, thread: Thread) -> None:
        """The thread waits no longer (its time is up)."""
        if thread in self.threads:
            self.threads.remove(thread)

    def describe(self) -> str:
        """What is waited for, in words."""
        return self.what + (" of " if self.what else "") + self.owner.describe()

    def holders(self) -> tuple[str, ...]:
        """Names of the threads that hold it."""
        return self.owner.holders()


class Primitive:
    """Base of everything threads wait at. State is what it was when made, at the start of every run.

    Attributes:
        name: the word for it in pictures and messages; "mutex-1" and so on if none is given.
    """

    kind = "primitive"

    def __init__(self, name: str | None) -> None:
        if name is not None and not isinstance(name, str):
            raise LabError(f"{type(self).__name__}(name={name!r}): a name is a text")
        self._given = name
        self._run: object = self  # none yet; outside of a run it is None
        self.name = name or self.kind
        self.reset_state()
        if here.machine.run_id is not None:
            self._join_run()

    def reset_state(self) -> None:
        """Be as when made."""
        raise NotImplementedError

    def holders(self) -> tuple[str, ...]:
        """Names of the threads that hold it."""
        return ()

    def describe(self) -> str:
        """What it is, in words."""
        return f"{type(self).__name__} '{self.name}'"

    def _enter(self, op: str) -> Any:
        """Begin an operation: the scheduling point before it. Returns the machine."""
        machine = here.machine
        if self._run is not machine.run_id:
            if machine.run_id is None:
                raise NotInRun(f"{op}() of {self.describe()}")
            self._join_run()
        machine.point(op, self)
        return machine

    def _join_run(self) -> None:
        """First use in this run: forget the run before, and take a number if there is no name."""
        run = here.machine.run_id
        self.reset_state()
        self._run = run
        if self._given is None:
            global _numbers
            if _numbers[0] is not run:
                _numbers = (run, Counter())
            _numbers[1][self.kind] += 1
            self.name = f"{self.kind}-{_numbers[1][self.kind]}"

    def __repr__(self) -> str:
        return f"<{self.describe()}>"


def timeout_to_ns(timeout: float | None, what: str) -> int | None:
    """A timeout in seconds as ns; None for "wait for ever" (None or -1).

    Raises:
        LabError: not a number, or negative.
    """
    if timeout is None or timeout == FOREVER:
        return None
    return here.check_seconds(timeout, f"{what} with timeout ")
