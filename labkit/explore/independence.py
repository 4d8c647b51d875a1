"""Which operations can change places without anybody noticing, and which can happen at all.

Two operations are independent if they touch different places, or only read. Everything an explorer saves comes from
here, and everything it could miss too: an operation that is called independent and is not hides a schedule.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from labkit.sync import Atomic, Barrier, Channel, Condition, Event, Mutex, Primitive, RLock, RWLock, Semaphore, Spinlock

READ, WRITE = False, True

Place = Any
"""What is touched: hashable, and the same in every run of the program."""
Footprint = tuple[tuple[Place, bool], ...]
"""The places that an operation touches, each READ or WRITE."""


class Rule(NamedTuple):
    """What an operation of a primitive means to the explorer."""

    writes: Callable[[Any, Any, Any], bool]
    """(state before, thread's index, argument) → whether it changes the primitive; a failed try only reads."""
    enabled: Callable[[Any, int], bool] | None = None
    """(state before, thread's index) → whether the operation can happen; None: always."""
    after: Callable[[Any], Any] | None = None
    """state before → state after, for operations that commute with each other and yet change what is possible."""


def _yes(state: Any, thread: int, argument: Any) -> bool:
    return True


def _no(state: Any, thread: int, argument: Any) -> bool:
    return False


def _free(state: Any, thread: int) -> bool:
    return state is None or bool(state == thread)


def _takes(state: Any, thread: int, argument: Any) -> bool:
    return state is None or bool(state == thread)


def _owner(lock: Any) -> int | None:
    """Who holds a lock: the thread's index, which is the same in every run."""
    return None if lock.owner is None else lock.owner.index


_LOCK = {
    "acquire": Rule(_yes, _free),
    "reacquire": Rule(_yes, _free),
    "try_acquire": Rule(_takes),
    "release": Rule(_yes),
}
RULES: dict[type[Primitive], dict[str, Rule]] = {
    Mutex: _LOCK,
    RLock: _LOCK,
    Spinlock: _LOCK,
    Semaphore: {
        "acquire": Rule(_yes, lambda value, thread: value > 0),
        "try_acquire": Rule(lambda value, thread, argument: value > 0),
        "release": Rule(_yes),
    },
    Condition: {
        "wait": Rule(_yes),
        "notify": Rule(lambda waiting, thread, argument: waiting > 0),
        "notify_all": Rule(lambda waiting, thread, argument: waiting > 0),
    },
    Event: {
        "is_set": Rule(_no),
        "set": Rule(_yes),
        "clear": Rule(_yes),
        "wait": Rule(_no, lambda flag, thread: flag),
        "try_wait": Rule(_no),
    },
    Barrier: {"wait": Rule(_yes), "abort": Rule(_yes), "reset": Rule(_yes)},
    RWLock: {
        "acquire_read": Rule(_no, lambda s, thread: s[1] is None, lambda s: (s[0] + 1, s[1])),
        "acquire_write": Rule(_yes, lambda s, thread: s[1] is None and not s[0]),
        "try_acquire_read": Rule(_no),
        "try_acquire_write": Rule(lambda s, thread, argument: s[1] is None and not s[0]),
        "release_read": Rule(_no, None, lambda s: (s[0] - 1, s[1])),
        "release_write": Rule(_yes),
    },
    Channel: {"send": Rule(_yes), "receive": Rule(_yes), "close": Rule(_yes)},
    Atomic: {
        "load": Rule(_no),
        "store": Rule(_yes),
        "exchange": Rule(_yes),
        "fetch_add": Rule(_yes),
        "compare_exchange": Rule(lambda value, thread, expected: bool(value == expected)),
    },
}

_STATE: dict[type[Primitive], Callable[[Any], Any]] = {
    Mutex: _owner,
    RLock: _owner,
    Spinlock: _owner,
    Semaphore: lambda p: p.value,
    Condition: lambda p: len(p.queue),
    Event: lambda p: p.flag,
    Barrier: lambda p: None,
    RWLock: lambda p: (len(p.readers), p.writer and p.writer.index),
    Channel: lambda p: None,
    Atomic: lambda p: p.value,
}


_ANY = Rule(_yes)
"""An operation of which nothing is known: always possible, and it may change everything about its object."""


def rule_of(on: Any, op: str, timed: bool = False) -> tuple[Rule, Callable[[Any], Any]]:
    """The rule of an operation, and how to read the primitive's state.

    Args:
        on: the primitive.
        op: the operation's name.
        timed: whether a try_ of this primitive may also mean to wait for a while, and so to join its queue.
    """
    for kind in type(on).__mro__:
        rules = RULES.get(kind)
        if rules is not None and op in rules:
            return (_ANY if timed else rules[op]), _STATE[kind]
    return _ANY, _nothing


def _nothing(on: Any) -> None:
    """The state of what has none."""


def dependent(a: Footprint, b: Footprint) -> bool:
    """Whether the order of two operations can matter."""
    for place, write in a:
        for other, also in b:
            if place == other and (write or also):
                return True
    return False
