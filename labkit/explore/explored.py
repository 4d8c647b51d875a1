"""What the explorer knows of a thread, and what a thread is about to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from labkit.explore.independence import Footprint, Rule
from labkit.explore.spin import Did, Looping
from labkit.thread import Joinable, Thread

if TYPE_CHECKING:
    from labkit.explore.machine import ExploreMachine


class Op(NamedTuple):
    """What a thread is about to do."""

    footprint: Footprint
    what: Any
    """For people: (verb, place in the student's words, line, value)."""
    rule: Rule | None = None
    on: Any = None
    state: Callable[[Any], Any] | None = None
    argument: Any = None

    def possible(self, thread: int) -> bool:
        """Whether it can happen now, for the thread of this index."""
        rule = self.rule
        return rule is None or rule.enabled is None or rule.enabled(self.state(self.on), thread)  # type: ignore[misc]


class Explored(Thread):
    """A thread, and what the explorer knows of it.

    Attributes:
        index: the same for the same thread in every run, whoever is created first.
        op: what it is about to do; None while it is blocked or runs.
        at: the primitive of its last operation, or of the one it stands before.
        did: what its last operation really touched.
        clock: vector clock: how many operations of each thread it has seen.
        serial: how many objects it has made.
        children: how many threads it has created.
        startled: whether it has been woken once without a notify.
        rounds: the loops it is in; log: what it has touched since the first began.
        goes: what its for loops go through: address of a function's frame → loop → iterator.
        daemon: whether the program may end without it; face: the threading.Thread that the program sees.
    """

    __slots__ = ("at", "children", "clock", "daemon", "did", "face", "goes", "index", "late_ns", "log", "op", "rounds",
                 "serial", "startled", "woken")  # fmt: skip

    index: int
    op: Op | None
    did: Footprint
    clock: list[int]
    serial: int
    children: int
    woken: bool
    startled: bool
    daemon: bool
    late_ns: int
    at: Any
    rounds: dict[tuple[int, int], Looping]
    log: list[Did]
    goes: dict[int, dict[int, Any]]

    def __init__(self, tid: int, name: str, fn: Callable[..., Any], args: tuple[Any, ...], machine: Joinable) -> None:
        super().__init__(tid, name, fn, args, machine)
        self.index = self.serial = self.children = self.late_ns = 0
        self.op = self.at = None
        self.startled = self.daemon = False
        self.face: Any = None
        self.did = ()
        self.clock = []
        self.rounds, self.log, self.goes = {}, [], {}


class Planned(Protocol):
    """An operation of an earlier run, to be repeated."""

    thread: int
    asked: Footprint
    footprint: Footprint
    clock: list[int]


class Chooser(Protocol):
    """Decides: the search, a random walk, a replay."""

    def choose(self, machine: ExploreMachine) -> Explored | None:
        """The thread whose operation happens next, its op still set and its `did` settled; None ends the run here."""
        ...


class Program(Protocol):
    """What the machine must know of the program's text: rewritten functions, and names of objects."""

    watch: Any
    rewritten: set[Any]

    def function(self, f: Any) -> Any: ...

    def rebound_values(self) -> list[Any]: ...

    def forget(self) -> None: ...
