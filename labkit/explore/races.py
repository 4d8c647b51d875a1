"""Data races: two threads touch the same place, one of them writes, and nothing orders the two.

What orders: a lock's release before its next acquire, a thread's start and its end before and after its work, a notify
before the wake-up, and so on for every primitive. Plain reads and writes order nothing. A program can give the right
result in every schedule and still have a data race; in C its result would not even be defined.

Vector clocks as in Lamport, "Time, Clocks, and the Ordering of Events in a Distributed System", CACM 21(7), 1978.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, NamedTuple

from labkit.errors import LabError
from labkit.explore.clocks import joined
from labkit.explore.explored import Explored
from labkit.explore.failures import Found
from labkit.explore.follow import student_line, words
from labkit.explore.independence import Footprint, Place, Rule
from labkit.explore.machine import ExploreMachine
from labkit.explore.session import Session
from labkit.explore.spin import Spinning
from labkit.explore.steps import Steps
from labkit.sync import RWLock, WaitQueue
from labkit.thread import EXITED

Clock = list[int]


class Access(NamedTuple):
    """One of the two accesses of a data race."""

    thread: str
    verb: str
    place: str
    line: int

    def __str__(self) -> str:
        return f"{self.thread} {self.verb} {self.place}, line {self.line}"


class DataRace(LabError):
    """Two accesses to one place, at least one a write, that nothing orders.

    Attributes:
        first, second: the accesses, in the order in which they happened.
    """

    def __init__(self, first: Access, second: Access) -> None:
        self.first, self.second = first, second
        a, b = sorted((first, second), key=lambda access: (access.line, access.verb))
        super().__init__(
            f"one thread {a.verb} {a.place} (line {a.line}), another {b.verb} {b.place} (line {b.line}), and nothing orders them"
        )


class _Touched(NamedTuple):
    """The last time that a thread read, or wrote, a place."""

    epoch: int
    """The thread's nth operation."""
    access: Access
    seen: Clock
    """What had led to it."""


class Racing(ExploreMachine):
    """A machine that looks for data races.

    Attributes:
        races: those of this run: (text, race, what must happen for it).
    """

    races: dict[str, tuple[DataRace, Clock]]

    def execute(self, main: Callable[[], Any], plan: Any = (), limit: int = 0) -> Explored:
        self.races = {}
        self.ordered: dict[int, Clock] = {}  # thread → its operations, and those of others that are ordered before what it does
        self.given: dict[tuple[Place, str], Clock] = {}  # primitive, side of it → what is ordered before who takes it
        self.reads: dict[Place, dict[int, _Touched]] = {}
        self.writes: dict[Place, dict[int, _Touched]] = {}
        return super().execute(main, plan, limit)

    # ---- what orders

    def spawn(self, fn: Callable[..., Any], *args: Any, name: str | None = None, **attributes: Any) -> Explored:
        thread = super().spawn(fn, *args, name=name, **attributes)
        creator = self.current
        self.ordered[thread.index] = self.ordered[creator.index] if creator is not None else []
        return thread

    def join(self, thread: Explored) -> Any:
        me = self.current
        try:
            return super().join(thread)
        finally:
            if thread.state == EXITED:
                self._after(me, self.ordered[thread.index])

    def wake(self, thread: Any) -> None:
        on = thread.waiting_on
        if self.current is not None and not isinstance(on, Spinning):
            self._after(thread, self.ordered[self.current.index])
            if isinstance(on, WaitQueue):  # what came before the last of several that had to let go
                for side in ("", "read"):
                    self._after(thread, self.given.get(((self.watch.key(on.owner), ""), side), []))
        super().wake(thread)

    def arrive(
        self,
        footprint: Footprint,
        what: Any,
        rule: Rule | None = None,
        on: Any = None,
        state: Callable[[Any], Any] | None = None,
        argument: Any = None,
    ) -> None:
        super().arrive(footprint, what, rule, on, state, argument)
        me = self.current
        clock = self.ordered[me.index]
        clock = clock + [0] * (me.index + 1 - len(clock))
        clock[me.index] += 1
        self.ordered[me.index] = clock
        if on is None:
            line = what[2] if len(what) > 2 else student_line(sys._getframe(1))
            self._look(me, footprint, Access(me.name, str(what[0]), words(what[1]), line))
            return
        place = footprint[0][0]
        takes, gives = _sides(what[0], on, me, argument)
        for side in takes:
            self._after(me, self.given.get((place, side), []))
        for side in gives:
            at = (footprint[1][0] if side == LOCK else place, "" if side == LOCK else side)
            self.given[at] = joined(self.given.get(at, []), self.ordered[me.index])

    def _after(self, thread: Explored, clock: Clock) -> None:
        """What the thread does from now on is ordered after all that the clock has seen."""
        self.ordered[thread.index] = joined(self.ordered[thread.index], clock)

    # ---- what races

    def _look(self, me: Explored, footprint: Footprint, access: Access) -> None:
        clock = self.ordered[me.index]
        now = _Touched(clock[me.index], access, me.clock)
        for place, write in footprint:
            self._against(self.writes.get(place, {}), me, now)
            if write:
                self._against(self.reads.get(place, {}), me, now)
            (self.writes if write else self.reads).setdefault(place, {})[me.index] = now

    def _against(self, others: dict[int, _Touched], me: Explored, now: _Touched) -> None:
        clock = self.ordered[me.index]
        for index, other in others.items():
            if index != me.index and (index >= len(clock) or clock[index] < other.epoch):
                race = DataRace(other.access, now.access)
                self.races.setdefault(str(race), (race, joined(other.seen, me.clock)))


LOCK = "lock"
"""Stands for the lock of a condition."""
_NONE: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
_BOTH = (("",), ("",))
_TAKES = (("",), ())
_GIVES = ((), ("",))
_SIDES: dict[str, dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "condition": {"wait": ((), (LOCK,)), "notify": _NONE, "notify_all": _NONE},
    "event": {"set": _GIVES, "clear": _GIVES, "wait": _TAKES, "try_wait": _TAKES, "is_set": _TAKES},
    "channel": {"send": (("received",), ("sent",)), "receive": (("sent",), ("received",)), "close": ((), ("sent",))},
    "rwlock": {"acquire_read": _TAKES, "acquire_write": (("", "read"), ()), "release_read": ((), ("read",)),
               "release_write": _GIVES, "try_acquire_read": _TAKES, "try_acquire_write": (("", "read"), ())},
    "atomic": {"load": _TAKES, "store": _GIVES},
    "": {"acquire": _TAKES, "reacquire": _TAKES, "try_acquire": _TAKES, "release": _GIVES},
}  # fmt: skip
"""Kind of primitive → operation → (what it takes, what it gives): a give is ordered before the takes that come after it."""


def _sides(op: str, on: Any, me: Explored, argument: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What an operation takes and gives; one of which nothing is known does both."""
    if op == "times out at" or (op.startswith("try_acquire") and not _comes_in(op, on, me)):
        return _NONE
    if op == "compare_exchange" and on.value != argument:
        return _TAKES
    return _SIDES.get(getattr(on, "kind", ""), _SIDES[""]).get(op, _BOTH)


def _comes_in(op: str, on: Any, me: Explored) -> bool:
    """Whether a try to acquire succeeds at once."""
    if isinstance(on, RWLock):
        return on.writer is None and (op == "try_acquire_read" or not on.readers)
    if hasattr(on, "owner"):
        return on.owner is None or on.owner is me
    return bool(getattr(on, "value", 1) > 0)


class RaceSession(Session):
    """An exploration that also looks for data races: each is a failure, whatever the run returns."""

    machine_class = Racing

    def _judge(self, main: Explored, machine: ExploreMachine, search: Steps) -> None:
        failing = self.verdict.failing
        super()._judge(main, machine, search)
        assert isinstance(machine, Racing)
        for race, needed in machine.races.values():
            self._keep(Found("data_race", race, needed), machine, search)
        if machine.races:
            self.verdict.failing = failing + 1
