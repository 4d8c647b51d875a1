"""What a thread is: a flow of control with its own name, its own stack, its own state.

The stack itself belongs to whoever runs the thread (a greenlet, a pthread), so here it is only a `carrier`: this file
knows what a thread is, and not how it is suspended. States are plain words, in the order of a thread's life.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any, Final, Protocol

from labkit.errors import LabError, Waiting

NEW: Final = "NEW"
RUNNABLE: Final = "RUNNABLE"
RUNNING: Final = "RUNNING"
BLOCKED: Final = "BLOCKED"
EXITED: Final = "EXITED"
STATES: Final = (NEW, RUNNABLE, RUNNING, BLOCKED, EXITED)

ATTRIBUTES: Final[dict[str, Any]] = {
    "priority": 0,
    "weight": 1,
    "tickets": 1,
    "stack_bytes": None,
    "guard_bytes": None,
    "cpus": None,
    "detached": False,
}
"""What spawn() accepts besides the name. priority (higher runs first), weight (fair) and tickets (lottery) are read by
policies; stack_bytes, guard_bytes and cpus by the pthread machine, where the OS answers with what it really gave."""


class Joinable(Protocol):
    """The part of a machine that a thread needs: it can wait for an end."""

    def join(self, thread: Thread) -> Any: ...


class Thread:
    """A flow of control. Made by spawn(), never by hand.

    Attributes:
        tid: number; given by the machine, on the pthread machine by the OS.
        name: unique within the run, no spaces: schedules are written with it.
        state: one of STATES.
        waiting_on: what it is blocked on (anything with `describe()` and `holders()`), else None.
        result: what its function returned, once EXITED.
        error: what its function raised, once EXITED.
        attributes: what spawn() was told besides the name, see ATTRIBUTES.
    """

    __slots__ = ("__weakref__", "args", "attributes", "carrier", "error", "error_seen", "fn", "joiners", "machine", "name",
                 "policy_data", "result", "resume", "run_id", "state", "tid", "timed_out", "waiting_on")  # fmt: skip

    def __init__(self, tid: int, name: str, fn: Callable[..., Any], args: tuple[Any, ...], machine: Joinable) -> None:
        self.tid = tid
        self.name = name
        self.fn = fn
        self.args = args
        self.machine = machine
        self.state: str = NEW
        self.run_id: object = None
        self.carrier: Any = None
        self.resume: Any = None
        self.waiting_on: Any = None
        self.timed_out = False
        self.joiners: list[Thread] = []
        self.error_seen = False
        self.result: Any = None
        self.error: BaseException | None = None
        self.attributes: dict[str, Any] = ATTRIBUTES
        self.policy_data: Any = None

    def join(self) -> Any:
        """Wait until the thread has ended; return its result, or raise its exception here."""
        return self.machine.join(self)

    def describe(self) -> str:
        """The thread as something to wait for."""
        return f"the end of thread '{self.name}'"

    def holders(self) -> tuple[str, ...]:
        """Who can end the wait for this thread: itself."""
        return (self.name,)

    def __repr__(self) -> str:
        return f"<Thread {self.tid} '{self.name}' {self.state}>"


def check_attributes(attributes: dict[str, Any]) -> dict[str, Any]:
    """spawn()'s keyword arguments, checked and completed.

    Raises:
        LabError: an unknown name, or a number that makes no sense.
    """
    for name, value in attributes.items():
        if name not in ATTRIBUTES:
            raise LabError(f"spawn() does not know {name}=; it takes name, {', '.join(ATTRIBUTES)}")
        if name in ("weight", "tickets") and not (isinstance(value, int) and value >= 1):
            raise LabError(f"spawn({name}={value!r}): {name} is a whole number of at least 1")
        if name == "priority" and not isinstance(value, int):
            raise LabError(f"spawn(priority={value!r}): priority is a whole number; the higher runs first")
        if name in ("stack_bytes", "guard_bytes") and not (value is None or (isinstance(value, int) and value >= 0)):
            raise LabError(f"spawn({name}={value!r}): a whole number of bytes, 0 or more")
        if name == "cpus" and not (value is None or (isinstance(value, (set, frozenset, list, tuple, range)) and value)):
            raise LabError(f"spawn(cpus={value!r}): a set of CPU numbers, as in cpus={{0}}")
        if name == "detached" and not isinstance(value, bool):
            raise LabError(f"spawn(detached={value!r}): True or False")
    return {**ATTRIBUTES, **attributes}


def free_name(wish: str | None, taken: set[str], number: int) -> str:
    """A name that no thread of the run has: the wish, or wish-2, ...; without a wish the number-th of A, B, ..., Z, A1, ...

    Raises:
        LabError: the wish is not one word.
    """
    if wish is None:
        names = (chr(65 + i % 26) + str(i // 26 or "") for i in itertools.count(max(number, 0)))
    elif isinstance(wish, str) and wish and not any(c.isspace() or c == "*" for c in wish):
        names = (f"{wish}-{i}" if i > 1 else wish for i in itertools.count(1))
    else:
        raise LabError(f"spawn(name={wish!r}): a name is one word without '*', because schedules are written with it")
    name = next(n for n in names if n not in taken)
    taken.add(name)
    return name


def waits(threads: list[Thread]) -> list[Waiting]:
    """What each blocked thread waits for, and who holds it."""
    blocked = [t for t in threads if t.state == BLOCKED]
    return [Waiting(t.name, t.waiting_on.describe(), tuple(t.waiting_on.holders())) for t in blocked]


def check_join(me: Thread | None, thread: Thread, run_id: object) -> None:
    """Refuse what can never end.

    Raises:
        LabError: the thread is the caller itself, is detached, or belongs to another run than the caller.
    """
    if me is not None and thread.run_id is not run_id:
        raise LabError(f"join: thread '{thread.name}' belongs to another run, which is over")
    if thread is me:
        raise LabError(f"thread '{thread.name}' joins itself: it would wait for its own end for ever")
    if thread.attributes["detached"]:
        raise LabError(f"join: thread '{thread.name}' is detached: its result is thrown away, nobody can wait for it")


def unheard(threads: list[Thread]) -> BaseException | None:
    """The first error that no join has delivered, with a note that says whose it is."""
    for thread in threads:
        if thread.error is not None and not thread.error_seen:
            thread.error.add_note(f"raised in thread '{thread.name}', which nobody joined")
            return thread.error
    return None
