"""The machine that is running right now, and its verbs as plain functions: what a program calls.

One run at a time in a process: `machine` is a module global and not a thread-local, because a context switch that costs
150 ns should not pay 40 ns to find out on which machine it happens.
"""

from __future__ import annotations

import math
import weakref
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from types import TracebackType
from typing import Any, NamedTuple

from labkit.errors import LabError, NotInRun
from labkit.thread import Thread


class Nobody:
    """Stands in for a machine when none runs: every verb says so."""

    current = None
    run_id = None
    shortcut = False

    def point(self, op: str, on: Any, argument: Any = None) -> Any:
        """An operation of a primitive, where nobody can wait."""
        raise NotInRun("sleep()" if on is SLEEP else f"{op}() of {on.describe()}")

    def __getattr__(self, verb: str) -> Any:
        if verb.startswith("__"):
            raise AttributeError(verb)
        raise NotInRun(verb)


class Touches(NamedTuple):
    """What an operation reads or writes, where that is more, or other, than the thing it is done to.

    Attributes:
        places: (thing, part of it, whether it is written); None is the thing that the operation is done to.
    """

    places: tuple[tuple[Any, str, bool], ...]


class Sleep:
    """What a sleeping thread waits for: time."""

    def describe(self) -> str:
        """What is waited for, in words."""
        return "its sleep to end"

    def holders(self) -> tuple[str, ...]:
        """Nobody holds time."""
        return ()


SLEEP = Sleep()
machine: Any = Nobody()
waitables: weakref.WeakValueDictionary[int, Any] = weakref.WeakValueDictionary()
"""Every primitive there is, in order of creation: each begins a run as it was made."""
numbers: Counter[str] = Counter()
"""How many nameless primitives of each kind this run has named so far."""
NO_GUARD = nullcontext()
"""What stands for no_preempt where no machine runs, for the few things that work outside a run."""


def spawn(fn: Callable[..., Any], *args: Any, name: str | None = None, **attributes: Any) -> Thread:
    """Create a thread that will call fn(*args); it becomes runnable at once.

    Args:
        fn: what the thread does; its return value is what join() gives.
        args: handed to fn.
        name: unique word for schedules and pictures; "A", "B", ... if none is given.
        attributes: wishes of the thread, see labkit.thread.ATTRIBUTES (priority, weight, stack_bytes, detached, ...).
    """
    if not callable(fn):
        raise LabError(f"spawn({fn!r}): give a function to run, not its result: spawn(f, x), without calling f")
    thread: Thread = machine.spawn(fn, *args, name=name, **attributes)
    return thread


def sched_yield() -> None:
    """Let another runnable thread run; come back when the policy chooses this one again."""
    # Why: the short path of the cooperative machine stands here, not in a method of it: a call less is a tenth of a switch.
    m = machine
    if m.shortcut:
        m.points += 1
        runq = m.runq
        runq.append(m.current)
        m.current = thread = runq.popleft()
        thread.resume()
    else:
        m.sched_yield()


def sleep(seconds: float) -> None:
    """Block for this long, by the machine's clock; on a virtual clock it costs no real time."""
    timeout_ns = check_seconds(seconds, "sleep")
    machine.point("sleep", SLEEP)
    machine.block(SLEEP, timeout_ns, "sleep")


def now() -> float:
    """Seconds since the run began, by the machine's clock."""
    seconds: float = machine.now()
    return seconds


def burn(seconds: float) -> None:
    """Use the processor for this long and reach no scheduling point: a computation, as the scheduler sees it."""
    machine.burn(seconds)


def current_thread() -> Thread:
    """The thread that calls this."""
    thread: Thread | None = machine.current
    if thread is None:
        raise NotInRun("current_thread()")
    return thread


class Guard(AbstractContextManager[None]):
    """no_preempt of one machine: a depth, so that it nests; the last exit delivers a preemption that came inside."""

    def __init__(self, machine: Any) -> None:
        self.machine = machine

    def __enter__(self) -> None:
        self.machine.depth += 1

    def __exit__(self, *exc: object) -> None:
        machine = self.machine
        if machine.depth <= 0:
            raise LabError("no_preempt was left more often than it was entered; `with no_preempt:` does both")
        machine.depth -= 1
        if machine.pending and not machine.depth:
            machine.deliver()


class NoPreempt:
    """Hold off preemption: `with no_preempt:` counts, so it nests; the last exit lets a pending tick through.

    On the pthread machine's free mode nothing can hold off the OS: there it is one machine-wide lock, which keeps out
    other threads that use it (every primitive does), and no others.
    """

    def __enter__(self) -> None:
        machine.no_preempt.__enter__()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        machine.no_preempt.__exit__(kind, error, tb)
        machine.point("no_preempt", None)  # a tick that came inside is due now, in the exact form too

    def __call__(self) -> NoPreempt:
        """So that `with no_preempt():` means the same."""
        return self


no_preempt = NoPreempt()


def take_over(new: Any) -> None:
    """A run begins on this machine."""
    global machine
    numbers.clear()
    for waitable in list(waitables.values()):
        waitable.begin_run()
    machine = new


def check_seconds(seconds: float, verb: str) -> int:
    """Seconds as ns.

    Raises:
        LabError: not a number, or negative.
    """
    if not isinstance(seconds, (int, float)) or isinstance(seconds, bool) or not 0 <= seconds < math.inf:
        raise LabError(f"{verb}({seconds!r}): give a number of seconds, 0 or more, not for ever")
    return int(seconds * 1e9)
