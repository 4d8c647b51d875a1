"""The machine under the explorer: every thread waits before its next operation until it is chosen.

A step is an operation and the code after it, up to the thread's next operation; what lies between two operations is the
thread's own business and its order cannot matter. So at each decision all threads stand before their next operation,
and the machine knows what each is about to do. Time does not pass: a thread that sleeps may be late for any length anyway.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from labkit import here
from labkit.errors import Aborted, LabError
from labkit.explore.independence import WRITE, Footprint, Place, Rule, rule_of
from labkit.machines.cooperative import Stack, current_stack
from labkit.sync import Condition
from labkit.thread import BLOCKED, EXITED, RUNNABLE, Thread, check_attributes, check_join, free_name


class Op(NamedTuple):
    """What a thread is about to do."""

    footprint: Footprint
    rule: Rule | None = None
    on: Any = None
    state: Callable[[Any], Any] | None = None
    argument: Any = None
    what: Any = ""
    """For people: (verb, place in the student's words, line)."""


class Explored(Thread):
    """A thread, and what the explorer knows of it."""

    __slots__ = ("clock", "index", "op", "reads", "rounds", "serial", "woken", "wrote")

    op: Op | None
    clock: list[int]
    index: int
    serial: int
    woken: bool
    rounds: dict[Any, Any]
    """loop → the thread's own variables when its last round began."""
    reads: set[Place]
    wrote: bool
    """What it read, and whether it wrote anything, in this round."""


class Strategy(Protocol):
    """Decides: the search, a random walk, a replay."""

    def choose(self, machine: ExploreMachine) -> Explored | None:
        """The thread whose operation happens next, its op still set; None ends the run here."""
        ...


class ExploreMachine:
    """Runs a program once, operation by operation, as a strategy decides.

    Attributes:
        prefix: indices of the threads whose operations come first; the strategy is asked only after them.
        clocks: the vector clocks of those operations, so that they need not be computed again.
        position: how many operations have happened.
    """

    name = "explore"
    shortcut = False
    depth = 0
    aborting = False
    no_preempt = here.NO_GUARD

    def __init__(self, strategy: Strategy) -> None:
        self.strategy = strategy
        self.current: Any = None

    def execute(self, main: Callable[[], Any], prefix: list[int], clocks: list[list[int]]) -> Explored:
        """One run; returns main's thread. Errors of threads stay in the threads."""
        self.run_id = object()
        self.current = None
        self.threads: list[Explored] = []
        self.names: set[str] = set()
        self.fresh: list[Explored] = []  # threads that have to go on to their next operation
        self.prefix = prefix
        self.clocks = clocks
        self.limit = len(prefix)
        self.position = 0
        self.unjoined = 0
        self.failure: BaseException | None = None
        self.aborting = False
        self.hub = current_stack()
        here.take_over(self)
        try:
            thread = self.spawn(main, name="main")
            self.unjoined = 0
            chosen = self._next()
            while chosen is not None:  # a thread that leaves for a newcomer, or ends, says here who is next
                chosen = chosen.carrier.switch()
        finally:
            self._abort()
            here.machine = here.Nobody()
        if self.failure is not None:
            raise self.failure
        return thread

    # ---- the verbs

    def spawn(self, fn: Callable[..., Any], *args: Any, name: str | None = None, **attributes: Any) -> Explored:
        """Create a thread; it goes on to its first operation before the next decision."""
        creator: Explored | None = self.current
        index = len(self.threads)
        thread = Explored(index + 1, free_name(name, self.names, index - 1), self.strategy.prepare(fn), args, self)  # type: ignore[attr-defined]
        thread.run_id = self.run_id
        thread.index = index
        thread.serial = 0
        thread.rounds, thread.reads, thread.wrote = {}, set(), False
        thread.op = None
        thread.clock = creator.clock if creator is not None else []
        if attributes:
            thread.attributes = check_attributes(attributes)
        thread.carrier = Stack(self._body(thread), self.hub)
        thread.state = RUNNABLE
        self.threads.append(thread)
        self.fresh.append(thread)
        self.unjoined += 1
        return thread

    def join(self, thread: Explored) -> Any:
        """Wait for the thread's end. Not an operation: nobody can tell when a thread began to wait."""
        me: Explored = self.current
        check_join(me, thread, self.run_id)
        if thread.state != EXITED:
            thread.joiners.append(me)
            self._block(me, thread)
        else:
            me.clock = joined(me.clock, thread.clock)
        if thread.timed_out is False:
            thread.timed_out = True  # counted as joined
            self.unjoined -= 1
        if thread.error is not None:
            thread.error_seen = True
            raise thread.error
        return thread.result

    def point(self, op: str, on: Any, argument: Any = None) -> None:
        """A primitive's operation is about to happen."""
        if on is None or on is here.SLEEP:
            return
        rule, state = rule_of(on, op)
        footprint: Footprint = ((self.strategy.place(on), WRITE),)  # type: ignore[attr-defined]
        if op == "wait" and isinstance(on, Condition):
            footprint += ((self.strategy.place(on.lock), WRITE),)  # type: ignore[attr-defined]
        self.arrive(Op(footprint, rule, on, state, argument, (op, on)))

    def arrive(self, op: Op) -> None:
        """The current thread stands before an operation; returns when it is its turn."""
        if self.aborting:
            raise Aborted
        me: Explored = self.current
        position = self.position
        if position < self.limit and not self.fresh and self.prefix[position] == me.index:
            self.position = position + 1
            me.clock = self.clocks[position]
            return
        me.op = op
        self._leave(me)

    def block(self, on: Any, timeout_ns: int | None = None, cause: str = "block") -> bool:
        """Wait in a primitive's queue until woken; with a timeout, until it is this thread's turn, whichever comes first."""
        me: Explored = self.current
        if timeout_ns is not None:
            if on is here.SLEEP:
                return False
            me.woken = False
            me.state = BLOCKED
            me.waiting_on = on
            self.arrive(Op(((self.strategy.place(on.owner), WRITE),), None, on.owner, None, None, ("time out at", on.owner)))  # type: ignore[attr-defined]
            me.state = RUNNABLE
            me.waiting_on = None
            return me.woken
        self._block(me, on)
        return True

    def wake(self, thread: Explored) -> None:
        """A thread need wait no longer."""
        if thread.state == BLOCKED:
            thread.state = RUNNABLE
            thread.waiting_on = None
            thread.woken = True
            if self.current is not None:
                thread.clock = joined(thread.clock, self.current.clock)
            if thread.op is None:
                self.fresh.append(thread)

    def sched_yield(self) -> None:
        """Nothing: whoever can run may come next anyway."""

    def emit(self, kind: str, tid: int, *fields: Any) -> None:
        """Nothing: the explorer keeps its own account."""

    def now(self) -> float:
        """0: time does not pass."""
        return 0.0

    def now_ns(self) -> int:
        """0: time does not pass."""
        return 0

    def burn(self, seconds: float) -> None:
        """Nothing: any thread may be late for any length."""

    # ---- inside

    def _body(self, thread: Explored) -> Callable[..., Explored | None]:
        def body(*_: object) -> Explored | None:
            try:
                thread.result = thread.fn(*thread.args)
            except Aborted:
                return None
            except Exception as error:
                thread.error = error
            except BaseException as error:
                self.failure = error
            thread.state = EXITED
            if thread.joiners:
                for joiner in thread.joiners:
                    joiner.clock = joined(joiner.clock, thread.clock)  # type: ignore[attr-defined]
                    joiner.state = RUNNABLE
                    joiner.waiting_on = None
                    self.fresh.append(joiner)  # type: ignore[arg-type]
            return self._next()

        return body

    def _block(self, me: Explored, on: Any) -> None:
        if self.aborting:
            raise Aborted
        me.state = BLOCKED
        me.waiting_on = on
        me.op = None
        self._leave(me)

    def _leave(self, me: Explored) -> None:
        chosen = self._next()
        if chosen is me:
            return
        if chosen is None or not chosen.carrier:
            self.hub.switch(chosen)  # it starts newcomers, and ends the run
        else:
            chosen.carrier.switch()
        if self.aborting:
            raise Aborted

    def _next(self) -> Explored | None:
        """Who goes on: threads that have not reached their next operation, then the one that is chosen."""
        if self.failure is not None:
            return None
        if self.fresh:
            thread = self.fresh.pop()
        elif self.position < self.limit:
            position = self.position
            self.position = position + 1
            thread = self.threads[self.prefix[position]]
            thread.clock = self.clocks[position]
            thread.op = None
        else:
            chosen = self.strategy.choose(self)
            if chosen is None:
                return None
            self.position += 1
            thread = chosen
            thread.op = None
        if thread.state != EXITED and self.position:
            self._account(thread)
        self.current = thread
        return thread

    def _account(self, thread: Explored) -> None:
        """An operation is about to happen: who spins on what it writes may look again."""

    def spin(self, me: Explored) -> None:
        """The thread has gone round a loop and nothing has changed: it waits until something it read is written."""
        self._block(me, Spinning(me.reads))

    def _abort(self) -> None:
        self.aborting = True
        for thread in self.threads:
            if thread.state != EXITED and thread.carrier:
                thread.carrier.throw(Aborted)


class Spinning:
    """What a thread waits for that goes round and round: a change of what it reads."""

    def __init__(self, places: set[Place]) -> None:
        self.places = places

    def describe(self) -> str:
        """What is waited for, in words."""
        return "a change of what its loop reads"

    def holders(self) -> tuple[str, ...]:
        """Nobody in particular."""
        return ()


def joined(a: list[int], b: list[int]) -> list[int]:
    """The least vector clock that has seen both; neither is changed."""
    if len(a) < len(b):
        a, b = b, a
    out = a[:]
    for i, seen in enumerate(b):
        if seen > out[i]:
            out[i] = seen
    return out


__all__ = ["Explored", "ExploreMachine", "LabError", "Op", "Place", "Strategy", "joined"]
