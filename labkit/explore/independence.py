"""Which operations can change places without anybody noticing, and which can happen at all.

Two operations are independent if they touch different places, or only read. Everything an explorer saves comes from
here, and everything it could miss too: an operation that is called independent and is not hides a schedule.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from labkit.errors import LabError
from labkit.sync import Atomic, Barrier, Channel, Condition, Event, Mutex, Primitive, RLock, RWLock, Semaphore, Spinlock

READ, WRITE = False, True

Place = Any
"""What is touched: hashable, and the same in every run of the program."""
Footprint = tuple[tuple[Place, bool], ...]
"""The places that an operation touches, each READ or WRITE."""


class Rule(NamedTuple):
    """What an operation of a primitive means to the explorer."""

    writes: Callable[[Any, Any, Any], bool]
    """(state before, thread, argument) → whether it changes the primitive; a failed try or compare-and-swap only reads."""
    enabled: Callable[[Any, Any], bool] | None = None
    """(state before, thread) → whether the operation can happen; None: always."""
    after: Callable[[Any], Any] | None = None
    """state before → state after, for operations that commute with each other and yet change what is possible."""


def _yes(state: Any, thread: Any, argument: Any) -> bool:
    return True


def _no(state: Any, thread: Any, argument: Any) -> bool:
    return False


def _free(state: Any, thread: Any) -> bool:
    return state is None or state is thread


def _takes(state: Any, thread: Any, argument: Any) -> bool:
    return state is None or state is thread


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
    Mutex: lambda p: p.owner,
    RLock: lambda p: p.owner,
    Spinlock: lambda p: p.owner,
    Semaphore: lambda p: p.value,
    Condition: lambda p: len(p.queue),
    Event: lambda p: p.flag,
    Barrier: lambda p: None,
    RWLock: lambda p: (len(p.readers), p.writer),
    Channel: lambda p: None,
    Atomic: lambda p: p.value,
}


def rule_of(on: Primitive, op: str) -> tuple[Rule, Callable[[Any], Any]]:
    """The rule of an operation, and how to read the primitive's state.

    Raises:
        LabError: nobody has said yet what the operation means.
    """
    for kind in type(on).__mro__:
        rules = RULES.get(kind)
        if rules is not None and op in rules:
            return rules[op], _STATE[kind]
    raise LabError(f"explore does not know what {op}() of {on.describe()} means; add it to labkit/explore/independence.py")


def dependent(a: Footprint, b: Footprint) -> bool:
    """Whether the order of two operations can matter."""
    for place, write in a:
        for other, also in b:
            if place == other and (write or also):
                return True
    return False
