"""One schedule again, step by step, with a record of what happens: for failures, for replay(), for pictures."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any

from labkit.errors import BadSchedule
from labkit.explore.explored import Explored
from labkit.explore.failures import Act, is_ours
from labkit.explore.machine import ExploreMachine
from labkit.explore.refused import Refused
from labkit.explore.renamed import Renamed
from labkit.explore.spin import can_happen
from labkit.explore.steps import settle
from labkit.limits import POINT_COST_NS, TRACE_MAX_EVENTS
from labkit.sync import Primitive
from labkit.thread import BLOCKED, EXITED, RUNNABLE
from labkit.tracelog import Schedule, Trace

VERBS = {"acquire": "acquires", "release": "releases", "reacquire": "acquires again", "try_acquire": "tries to acquire",
         "wait": "waits at", "notify": "notifies", "notify_all": "notifies all at", "set": "sets", "clear": "clears",
         "is_set": "looks at", "try_wait": "waits for a while at", "send": "sends through", "receive": "receives from",
         "close": "closes", "load": "loads", "store": "stores in", "exchange": "exchanges", "fetch_add": "adds to",
         "compare_exchange": "compares and exchanges", "acquire_read": "reads under", "acquire_write": "writes under",
         "release_read": "ends reading under", "release_write": "ends writing under", "abort": "aborts", "reset": "resets",
         "put": "puts into", "try_put": "tries to put into", "get": "takes from", "try_get": "tries to take from",
         "task_done": "is done with a task of", "join": "waits until all is done of", "qsize": "looks at the size of",
         "end": "comes to the end of", "is_alive": "asks whether it has ended:",
         "try_acquire_read": "tries to read under", "try_acquire_write": "tries to write under"}  # fmt: skip
"""What a thread does, by the name of the operation."""


FLUSHES = "flushes"
"""What a store buffer does with its oldest write."""


class Follow:
    """Chooses whom a schedule names; after its end, the current thread goes on as long as it can.

    Args:
        schedule: threads, by index or by name.
    """

    def __init__(self, schedule: Sequence[int] | Sequence[str]) -> None:
        self.schedule = schedule
        self.step = 0
        self.last: Explored | None = None
        self.left_over = 0

    def choose(self, machine: ExploreMachine) -> Explored | None:
        """The thread that the schedule names."""
        able = [t for t in machine.threads if can_happen(t)]
        if self.step < len(self.schedule):
            wanted = self.schedule[self.step]
            self.step += 1
            found = next((t for t in able if wanted in (t.index, t.name)), None)
            if found is None:
                machine.failure = BadSchedule(self.step, str(wanted), [t.name for t in able])
                return None
        elif able:
            self.left_over += 1
            found = self.last if self.last in able else able[0]
        else:
            return None
        self.last = found
        settle(found)
        return found


class Recorder(ExploreMachine):
    """A machine that tells what happens: acts in the student's words, events of a Trace, and the schedule by names."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.acts: list[Act] = []
        self.decisions: list[str] = []
        self.trace = Trace(machine=self.name)
        self.running = 0
        self.asks = False  # whether the last act was a read, whose value is still to come
        self.refused, self.renamed = Refused(self), Renamed()

    def execute(self, main: Callable[[], Any], plan: Any = (), limit: int = 0) -> Explored:
        self.watch.telling = self.tell
        try:
            return super().execute(main, plan, limit)
        finally:
            self.watch.telling = None
            self.renamed.write_into(self.trace)

    # ---- what happens

    def spawn(self, fn: Callable[..., Any], *args: Any, name: str | None = None, **attributes: Any) -> Explored:
        by = self.current.tid if self.current is not None else 0
        thread = super().spawn(fn, *args, name=name, **attributes)
        self.trace.threads[thread.tid] = thread.name
        self.event("spawn", thread.tid, by)
        if by == 0:
            self.runs_now(thread, "start")
        return thread

    def _next(self) -> Explored | None:
        before = self.position
        thread = super()._next()
        if thread is not None and self.position > before:
            self.decisions.append(thread.name)
            self.refused.look_again(self.running)
            self.runs_now(thread, "preempt")
        elif thread is not None and self.refused.goes_on(thread, self.running):
            self.refused.look_again(self.running)
            self.runs_now(thread, "preempt")
        elif thread is None and not self.aborting and not any(map(can_happen, self.threads)):
            self.refused.the_end()
        return thread

    def flushes(self, thread: Explored, entry: Any) -> None:
        """A write leaves its thread's store buffer."""
        value = show_safely(entry.value)
        self.acts.append(Act(thread.name, FLUSHES, words(entry.what[1]), entry.what[2], value))
        self.event("access", -thread.tid, FLUSHES, words(entry.what[1]), value)

    def runs_now(self, thread: Explored, cause: str) -> None:
        """Another thread has the processor now, as far as a picture is concerned. A store buffer, of tid < 0, needs none."""
        if thread.tid < 0:
            return
        if thread.tid != self.running:
            leaves = next((t for t in self.threads if t.tid == self.running), None)
            state = BLOCKED if self.refused.refuses(leaves) else leaves.state if leaves is not None else RUNNABLE
            cause = {BLOCKED: "block", EXITED: "exit"}.get(state, cause)
            self.event("sched_switch", self.running, state, thread.tid, cause)
            self.running = thread.tid

    def wake(self, thread: Any) -> None:
        if thread.state == BLOCKED:
            self.event("sched_wakeup", thread.tid, self.current.tid if self.current is not None else 0)
        super().wake(thread)

    def _block(self, me: Explored, on: Any) -> None:
        if not self.aborting:
            self.event("wait", me.tid, on.describe())
            self.refused.blocks(me, on)
        super()._block(me, on)

    def arrive(self, footprint: Any, what: Any, *rest: Any) -> None:
        me = self.current
        line = what[2] if len(what) > 2 else student_line(sys._getframe(1))
        self.renamed.meets(what[1], sys._getframe(1))
        super().arrive(footprint, what, *rest)
        verb, place = VERBS.get(what[0], what[0]), words(what[1])
        value = what[3] if len(what) > 3 else None
        self.acts.append(Act(me.name, verb, place, line, show_safely(value)))
        self.asks = verb == "reads"
        self.event("access", me.tid, verb, place, show_safely(value))

    def tell(self, value: Any) -> None:
        """The thread has read this value."""
        if self.asks:
            self.asks = False
            self.acts[-1] = self.acts[-1]._replace(value=show_safely(value))
            last = self.trace.raw[-1]
            if last[1] == "access":
                self.trace.raw[-1] = (*last[:6], show_safely(value))

    def emit(self, kind: str, tid: int, *fields: Any) -> None:
        super().emit(kind, tid, *fields)
        self.event(kind, tid, *fields)

    def event(self, kind: str, tid: int, *fields: Any) -> None:
        """Append an event to the trace."""
        if self.aborting:
            return
        if len(self.trace.raw) < TRACE_MAX_EVENTS:
            self.trace.raw.append((len(self.trace.raw) * POINT_COST_NS, kind, tid, 0, *fields))
        else:
            self.trace.lost += 1

    @property
    def schedule(self) -> Schedule:
        """The decisions of this run, by name."""
        return Schedule(self.decisions)


def words(place: Any) -> str:
    """A place in the student's words."""
    if isinstance(place, Primitive):
        return place.describe()
    if not isinstance(place, tuple):
        return place if isinstance(place, str) else place.describe() if hasattr(place, "describe") else str(place)
    if len(place) == 2:
        return f"{place[0]}[{place[1]!r}]"
    thing, name, word = place
    if word in ("self", "?"):
        word = thing.__name__ if isinstance(thing, type) else type(thing).__name__.lower()
    return f"{word}.{name}"


def show_safely(value: Any) -> Any:
    """A value as it is now: what may change later is kept as text."""
    if isinstance(value, (int, float, str, bool, type(None))):
        return value
    if getattr(type(value), "__repr__", None) is object.__repr__:
        return Shown(f"a {type(value).__name__}")
    try:
        return Shown(repr(value))
    except Exception:
        return Shown(f"<{type(value).__name__}>")


class Shown(str):
    """The text of a value that may have changed since."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def student_line(frame: FrameType | None) -> int:
    """The line of the student's code that is being run."""
    while frame is not None and is_ours(frame.f_code.co_filename):
        frame = frame.f_back
    return frame.f_lineno if frame is not None else 0
