"""Which operations can change places without anybody noticing, and which can happen at all.

Two operations are independent if they touch different places, or only read. Everything an explorer saves comes from
here, and everything it could miss too: an operation that is called independent and is not hides a schedule.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from labkit.sync import Atomic, Barrier, Channel, Condition, Event, Mutex, RLock, RWLock, Semaphore, Spinlock

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


_SIMPLE = (int, bool, str, bytes)


def _yes(state: Any, thread: int, argument: Any) -> bool:
    return True


def _no(state: Any, thread: int, argument: Any) -> bool:
    return False


def _free(state: Any, thread: int) -> bool:
    return state is None or bool(state == thread)


def _owner(lock: Any) -> int | None:
    """Who holds a lock: the thread's index, which is the same in every run."""
    return None if lock.owner is None else lock.owner.index


def _takes(state: Any, thread: int, argument: Any) -> bool:
    return state is None


def _takes_again(state: Any, thread: int, argument: Any) -> bool:
    return state is None or bool(state == thread)


def _holds(state: Any, thread: int, argument: Any) -> bool:
    return bool(state == thread)


def _differs(state: Any, thread: int, new: Any) -> bool:
    """Whether setting an Atomic to a value changes it. Two objects may be equal and yet not do the same."""
    return state is not new and not (type(state) is type(new) and type(new) in _SIMPLE and state == new)


def _positive(state: Any, thread: int, argument: Any) -> bool:
    return bool(state > 0)


def _lock(takes: Callable[[Any, int, Any], bool]) -> dict[str, Rule]:
    """A lock: acquire() by a holder who may not is an error, and changes nothing; so is release() by another."""
    return {
        "acquire": Rule(takes, _free),
        "reacquire": Rule(_yes, _free),
        "try_acquire": Rule(takes),
        "release": Rule(_holds),
    }


RULES: dict[type, dict[str, Rule]] = {
    Mutex: _lock(_takes),
    RLock: _lock(_takes_again),
    Spinlock: _lock(_takes),
    Semaphore: {
        "acquire": Rule(_yes, lambda value, thread: bool(value > 0)),
        "try_acquire": Rule(_positive),
        "release": Rule(_yes),
    },
    Condition: {"wait": Rule(_yes), "notify": Rule(_positive), "notify_all": Rule(_positive)},
    Event: {
        "is_set": Rule(_no),
        "set": Rule(_yes),
        "clear": Rule(_yes),
        "wait": Rule(_no, lambda flag, thread: bool(flag)),
        "try_wait": Rule(_no),
    },
    Barrier: {"wait": Rule(_yes), "abort": Rule(_yes), "reset": Rule(_yes)},
    # Why: it lets in first come, first served, so coming is the operation. Readers among themselves: no difference.
    RWLock: {
        "acquire_read": Rule(_no),
        "acquire_write": Rule(_yes),
        "try_acquire_read": Rule(_no),
        "try_acquire_write": Rule(_yes),
        "release_read": Rule(_no),
        "release_write": Rule(_yes),
    },
    Channel: {
        "send": Rule(lambda state, thread, argument: not state[0]),
        "receive": Rule(lambda state, thread, argument: not state[0] or state[1]),
        "close": Rule(_yes),
    },
    Atomic: {
        "load": Rule(_no),
        "store": Rule(_yes),
        "exchange": Rule(_differs),
        "fetch_add": Rule(_yes),
        "compare_exchange": Rule(lambda value, thread, expected: bool(value == expected)),
    },
}

STATE: dict[type, Callable[[Any], Any]] = {
    Mutex: _owner,
    RLock: _owner,
    Spinlock: _owner,
    Semaphore: lambda p: p.value,
    Condition: lambda p: len(p.queue),
    Event: lambda p: p.flag,
    Barrier: lambda p: None,
    RWLock: lambda p: None,
    Channel: lambda p: (p.closed, bool(p.buffer or p.senders.threads)),
    Atomic: lambda p: p.value,
}


ANY = Rule(_yes)
"""An operation of which nothing is known: always possible, and it may change everything about its object."""
LOOK = Rule(_no)
"""An operation that only looks, such as one that is an error."""


def is_gate(rule: Rule | None) -> bool:
    """Whether the operation takes a lock, waiting until it is free, or gives it back: it decides nothing but the order."""
    return rule is not None and (rule.enabled is _free or rule.writes is _holds)


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
            return (ANY if timed else rules[op]), STATE[kind]
    return ANY, state_of(on)


def state_of(on: Any) -> Callable[[Any], Any]:
    """How to read a primitive's state, as the rules of its operations need it."""
    return next((STATE[kind] for kind in type(on).__mro__ if kind in STATE), _nothing)


def _nothing(on: Any) -> None:
    """The state of what has none."""


def dependent(a: Footprint, b: Footprint) -> bool:
    """Whether the order of two operations can matter."""
    for place, write in a:
        for other, also in b:
            if place == other and (write or also):
                return True
    return False
