"""Where threads wait: the one place in which a primitive touches a machine.

Every primitive is a little state and a wait queue. It changes its state inside `machine.no_preempt`, so no other thread
sees it half changed, whatever the machine; it waits with WaitQueue.wait and lets go with WaitQueue.wake.
"""

from __future__ import annotations

import itertools
from collections import deque
from typing import Any

from labkit import here
from labkit.errors import LabError
from labkit.thread import Thread

FOREVER = -1
"""threading's word for "no timeout", as in acquire(timeout=-1)."""

_serial = itertools.count()


class WaitQueue:
    """Threads that wait for one thing, in the order in which they came.

    Args:
        owner: the primitive; its describe() and holders() tell a Deadlock what the wait is for.
        what: what is waited for, with {} for the owner in words.
    """

    def __init__(self, owner: Primitive, what: str = "{}") -> None:
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
        return self.what.format(self.owner.describe())

    def holders(self) -> tuple[str, ...]:
        """Names of the threads that hold it."""
        return self.owner.holders()


class Primitive:
    """Base of everything threads wait at. State is what it was when made, at the start of every run."""

    kind = "primitive"

    def __init__(self, name: str | None) -> None:
        if name is not None and not isinstance(name, str):
            raise LabError(f"{type(self).__name__}(name={name!r}): a name is a text")
        self._name = self._given = name
        self.begin_run()
        here.waitables[next(_serial)] = self

    def begin_run(self) -> None:
        """Forget the run before; a name that was only a number is given anew, at first use."""
        self._name = self._given
        self.reset_state()

    @property
    def name(self) -> str:
        """The word for it in pictures and messages: as given, or its kind and a number, counted anew in each run."""
        if self._name is None:
            here.numbers[self.kind] += 1
            self._name = f"{self.kind}-{here.numbers[self.kind]}"
        return self._name

    def reset_state(self) -> None:
        """Be as when made."""
        raise NotImplementedError

    def holders(self) -> tuple[str, ...]:
        """Names of the threads that hold it."""
        return ()

    def describe(self) -> str:
        """What it is, in words."""
        return f"{type(self).__name__} '{self.name}'"

    def _enter(self, op: str, argument: Any = None) -> Any:
        """Begin an operation: the scheduling point before it. Returns the machine."""
        machine = here.machine
        machine.point(op, self, argument)
        return machine

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
