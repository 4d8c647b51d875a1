"""A thread's store buffer: the writes that wait in it, and what it looks like to those who choose who goes on."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple, Protocol

from labkit.explore.clocks import joined
from labkit.explore.explored import Explored, Op
from labkit.explore.independence import WRITE, Footprint, Place
from labkit.explore.machine import ExploreMachine
from labkit.thread import EXITED, RUNNABLE

BUFFERED = "store buffer"
"""Begins the name of an entry's place in a buffer: its thread writes and reads there, and when it leaves, that is a write."""
OWN_SUFFIX = "~"
"""Thread A's buffer is called A~ in schedules."""


class Slot(Protocol):
    """Where a value is kept: read and set behind the program's back."""

    def get(self) -> Any: ...

    def set(self, value: Any) -> None: ...


class Entry(NamedTuple):
    """One write that waits in a buffer."""

    place: Place
    own: Place
    slot: Slot
    value: Any
    clock: list[int]
    what: Any


class Buffer(Explored):
    """The store buffer of a thread; to those who choose, a thread whose operations are its writes to memory.

    Attributes:
        owner: whose it is.
        entries: the writes that wait, the oldest first.
        put, gone: how many writes have come into it, and have left it.
    """

    __slots__ = ("entries", "gone", "owner", "put")

    def __init__(self, owner: Explored, index: int, machine: ExploreMachine) -> None:
        super().__init__(-owner.tid, owner.name + OWN_SUFFIX, int, (), machine)  # type: ignore[arg-type]
        self.index = index
        self.state = EXITED
        self.owner = owner
        self.entries: deque[Entry] = deque()
        self.put = self.gone = 0

    def offer_oldest(self) -> None:
        """The oldest write can go to memory, if there is one."""
        if not self.entries:
            self.op, self.state = None, EXITED
            return
        entry = self.entries[0]
        self.clock = joined(self.clock, entry.clock)
        self.op = Op(((entry.place, WRITE), (entry.own, WRITE)), ("flushes", *entry.what[1:]))
        self.state = RUNNABLE

    def answer(self, place: Place) -> tuple[Place, Callable[[Footprint], Footprint]] | None:
        """Where a read of the place would find its value, and what it then touches; None if only memory can tell."""
        for n, entry in zip(range(self.put, self.gone, -1), reversed(self.entries), strict=True):
            if entry.place == place:
                return entry.own, partial(self._settled, n)
        return None

    def _settled(self, n: int, both: Footprint) -> Footprint:
        """Of a place in memory and one in the nth entry, what a read touches now."""
        return both[1:] if self.gone < n else both[:1]

    def describe(self) -> str:
        """What is waited for, in words."""
        return "its store buffer to be empty"

    def holders(self) -> tuple[str, ...]:
        """Nobody in particular."""
        return ()
