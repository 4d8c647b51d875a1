"""One schedule again, with all that a person may ask about it afterwards: who held which lock, who could have gone on."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Any, NamedTuple

from labkit.errors import LabError
from labkit.explore.explored import Explored
from labkit.explore.failures import Found, look
from labkit.explore.follow import FLUSHES, Follow, Recorder, Shown, show_safely, student_line, words
from labkit.explore.independence import WRITE, Footprint
from labkit.explore.machine import Strayed
from labkit.explore.naming import condition_of, in_words, student, variable
from labkit.explore.rewriting import Rewriting
from labkit.explore.session import Session
from labkit.explore.spin import Endless, Spinning
from labkit.explore.steps import can_happen
from labkit.explore.values import failing_values
from labkit.explore.watch import Returned
from labkit.explore.weak import hooks_for, machine_for
from labkit.sync import Atomic, Primitive
from labkit.thread import EXITED, Thread
from labkit.tracelog import Schedule

MUTATES = {"store", "exchange", "fetch_add", "compare_exchange"}
"""Operations of an Atomic that may write."""


TOLD = {"reads", "reads the length of", "looks in", "calls"}
"""What has a value that is told afterwards."""


VALUE_MOST = 60
"""Characters of a value that are shown."""


def shorten(text: str, most: int) -> str:
    """The text, or its beginning and three dots."""
    return text if len(text) <= most else f"{text[: most - 3]}..."


UNTOLD = Shown("")
"""Stands for a value that nobody told."""


class Hold(NamedTuple):
    """A lock that a thread holds, and where it took it."""

    lock: str
    line: int
    on: Any
    how: str = ""
    """"reading" if others may read meanwhile."""


class Stand(NamedTuple):
    """Where a thread stands: what it is about to do, or waits in."""

    op: str
    on: Any
    line: int


class Fact(NamedTuple):
    """One step, with what stood around it."""

    nth: int
    thread: str
    op: str
    verb: str
    place: str
    line: int
    value: Any
    on: Any
    footprint: Footprint
    held: tuple[Hold, ...]
    waiting: int
    """How many threads waited at the primitive."""
    file: str

    @property
    def is_data(self) -> bool:
        """Whether it reads or writes a value: plain data, or an atomic one."""
        return self.on is None or isinstance(self.on, Atomic)

    @property
    def writes(self) -> bool:
        """Whether it changes what it touches."""
        return any(write for _, write in self.footprint)

    @property
    def reads(self) -> bool:
        """Whether it looks at what it touches."""
        if isinstance(self.on, Atomic):
            return self.op != "store"
        return not self.writes or self.op not in ("writes", "deletes")

    @property
    def thing(self) -> str:
        """The place without what is called on it: jobs of jobs.pop()."""
        return self.place.rsplit(".", 1)[0] if self.op == "calls" else self.place

    def touches(self, other: Fact) -> bool:
        """Whether the two meet at a place, and one of them writes there."""
        return any(p == q and (w or v) for p, w in self.footprint for q, v in other.footprint)

    def __str__(self) -> str:
        value = ""
        if self.value is not UNTOLD and (self.value is not None or self.op in ("reads", "writes")):
            shown = shorten(repr(self.value), VALUE_MOST)
            value = {"writes": f" {shown}", "calls": f", which returns {shown}"}.get(self.op, f": {shown}")
        return f"{self.thread} {self.verb} {self.place}{value}" + (f" (line {self.line})" if self.line else "")


class Choosing(Follow):
    """Follows a schedule, and remembers who could have gone on at each step."""

    def __init__(self, schedule: Sequence[int], late: str) -> None:
        super().__init__(schedule)
        self.late = late
        self.able: list[list[int]] = []
        self.chosen: list[int] = []

    def choose(self, machine: Any) -> Explored | None:
        able = [t.index for t in machine.threads if can_happen(t)]
        if self.late and self.step >= len(self.schedule):
            self._put_off(machine, able)
        found = super().choose(machine)
        if found is not None:
            self.able.append(able)
            self.chosen.append(found.index)
        return found

    def _put_off(self, machine: Any, able: list[int]) -> None:
        """After the schedule's end: let somebody else go on than the thread that is to be late."""
        last = self.last
        if last is None or last.index not in able or last.name == self.late:
            others = [t for t in machine.threads if t.index in able and t.name != self.late]
            self.last = others[0] if others else last


class Witness(Recorder):
    """A recorder that remembers more."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.facts: list[Fact] = []
        self.locks: dict[tuple[str, int], Hold] = {}
        self.variables: dict[int, str] = {}
        self.aliased: set[int] = set()
        self.failed_at: int | None = None
        self.failed_by = self.extra = ""
        self.woken: dict[int, list[str]] = {}
        self.stands: dict[str, Stand] = {}

    def arrive(self, footprint: Any, what: Any, rule: Any = None, on: Any = None, *rest: Any) -> None:
        if self.aborting:
            self._stop()
        frame = student(sys._getframe(1))
        if on is not None:
            self._name(on, frame)
        me = self.current
        self.stands[me.name] = Stand(what[0], on, student_line(frame))
        super().arrive(footprint, what, rule, on, *rest)
        act = self.acts[-1]
        place = self.called(on) if on is not None else in_words(act.place, frame)
        value = act.value if len(what) > 3 else UNTOLD
        held = tuple(hold for (name, _), hold in self.locks.items() if name == me.name and _holds(hold.on, me))
        queue = getattr(on, "queue", None)
        touched = me.did if isinstance(on, Atomic) and me.did else footprint
        self.facts.append(
            Fact(len(self.facts), me.name, what[0], act.verb, place, act.line, value, on, touched, held,
                 len(queue) if queue is not None else 0, frame.f_code.co_filename if frame is not None else "")
        )  # fmt: skip
        self.asks = on is None and what[0] in TOLD
        if what[0] in ("acquire", "try_acquire", "acquire_read", "acquire_write") and not (on is not None and _holds(on, me)):
            how = "reading" if what[0].endswith("_read") else ""
            self.locks[me.name, id(on)] = Hold(place, act.line, on, how)
        elif what[0] == "release" and not hasattr(on, "owner"):
            self.locks.pop((me.name, id(on)), None)

    def puts(self, entry: Any) -> None:
        """The write just told went into the thread's store buffer."""
        self.facts[-1] = self.facts[-1]._replace(footprint=((entry.place, WRITE), (entry.own, WRITE)))

    def flushes(self, thread: Explored, entry: Any) -> None:
        super().flushes(thread, entry)
        put = next(f for f in reversed(self.facts) if f.footprint[-1][0] == entry.own)
        told = {"thread": thread.name, "op": FLUSHES, "verb": FLUSHES, "on": thread, "held": (), "nth": len(self.facts)}
        self.facts.append(put._replace(**told))

    def tell(self, value: Any) -> None:
        if self.asks and self.facts:
            self.asks = False
            if (self.facts[-1].op == "calls") != isinstance(value, Returned):
                return
            value = value.value if isinstance(value, Returned) else value
            self.facts[-1] = self.facts[-1]._replace(value=show_safely(value))

    def _next(self) -> Explored | None:
        me = self.current
        if self.failed_at is None and me is not None and me.error is not None:
            self.failed_at, self.failed_by = len(self.facts), me.name
            data = [fact.nth for fact in self.facts if fact.thread == me.name and fact.is_data]
            alone = all(fact.thread == me.name for fact in self.facts[data[-1] if data else 0 :])
            self.extra = failing_values(me.error) if alone or me.name == "main" else ""
        return super()._next()

    def wake(self, thread: Any) -> None:
        if self.current is not None and not self.aborting:
            self.woken.setdefault(len(self.facts) - 1, []).append(thread.name)
        super().wake(thread)

    def _block(self, me: Explored, on: Any) -> None:
        if isinstance(on, Thread):
            self.stands[me.name] = Stand("join", on, student_line(student(sys._getframe(1))))
        elif isinstance(on, Spinning):
            self.stands[me.name] = Stand("spin", on, on.line)
        super()._block(me, on)

    def called(self, on: Any) -> str:
        """A primitive in the student's words: its name, or the variable that it is in."""
        if isinstance(on, Primitive) and id(on) in self.variables and (on._given is None or id(on) in self.aliased):
            return self.variables[id(on)]
        return Primitive.describe(on) if isinstance(on, Primitive) else words(on)

    def _name(self, on: Any, frame: FrameType | None) -> None:
        if id(on) not in self.variables:
            condition = condition_of(on, sys._getframe(2))
            if condition is not None:
                self._name(condition, frame)
                self.variables[id(on)] = f"the lock of {self.called(condition)}"
                self.aliased.add(id(on))
            elif frame is not None and (found := variable(on, frame)):
                self.variables[id(on)] = found


def _holds(on: Any, me: Any) -> bool:
    """Whether the thread holds it. Of a semaphore nobody knows: who took one has it until it releases one."""
    owner = getattr(on, "owner", None)
    if hasattr(on, "owner"):
        return owner is me
    if hasattr(on, "readers"):
        return on.writer is me or me in on.readers
    return hasattr(on, "value") and not isinstance(on, Atomic)


@dataclass
class Seen:
    """What a run was like.

    Attributes:
        found: what was wrong with it; None if nothing was.
        facts: its steps.
        order: who took each step, by index; able: who could have.
        names: index → name of a thread.
        failed_at: how many steps had happened when it failed; failed_by: the thread that did.
        schedule: the same as text.
        waits: threads that wait for ever, and where each stands.
        ended: threads that have come to their end.
        holds: thread → the locks it holds in the end.
        woken: step → the threads that it woke.
        called: what a primitive is called.
        extra: what the values in a failing line of main were.
    """

    found: Found | None
    facts: list[Fact]
    order: list[int]
    able: list[list[int]]
    names: dict[int, str]
    failed_at: int
    failed_by: str
    schedule: str
    waits: dict[str, Stand]
    ended: set[str]
    holds: dict[str, list[Hold]]
    woken: dict[int, list[str]]
    called: Callable[[Any], str]
    extra: str


def see(
    origin: Session, order: Sequence[int], length: int | None = None, late: str = "", follow: type[Choosing] = Choosing
) -> Seen | None:
    """Run a program along a schedule, and beyond its end without preemption; None if it cannot be followed.

    Args:
        origin: the exploration of the program.
        order: threads, by index.
        length: steps of the schedule that is to be shown; by default all.
        late: a thread that goes on after the schedule's end only when no other can.
        follow: what follows the schedule.
    """
    watch = origin.watch
    program = Rewriting(watch, hooks_for(watch.memory))
    chooser = follow(order, late)
    machine = machine_for(watch.memory, Witness)(chooser, program, origin.machine and origin.machine.indices)
    known = [set(places) for places in (watch.watched, watch.rebound, watch.timed)]
    watch.begin()
    try:
        found = look(machine.execute(origin.main), machine)
        threads = machine.threads
        return Seen(
            found=found,
            facts=machine.facts,
            order=chooser.chosen,
            able=chooser.able,
            names={t.index: t.name for t in threads},
            failed_at=len(machine.facts) if machine.failed_at is None else machine.failed_at,
            failed_by=machine.failed_by,
            schedule=str(Schedule(names_of(threads, chooser.chosen[:length]))),
            waits={t.name: machine.stands[t.name] for t in threads if t.state != EXITED and t.name in machine.stands},
            ended={t.name for t in threads if t.state == EXITED},
            holds={t.name: [h for (n, _), h in machine.locks.items() if n == t.name and _holds(h.on, t)] for t in threads},
            woken=machine.woken,
            called=machine.called,
            extra=machine.extra,
        )
    except (LabError, Strayed, Endless):
        return None
    finally:
        with contextlib.suppress(KeyboardInterrupt):
            watch.end()
        program.close()
        watch.watched, watch.rebound, watch.timed = known  # Why: a schedule means the same steps only with the same places


def names_of(threads: Sequence[Any], order: Sequence[int]) -> list[str]:
    """Indices of threads as names."""
    names = {t.index: t.name for t in threads}
    return [names[i] for i in order]
