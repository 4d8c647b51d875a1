"""Locks, queues and the like that a program made before the exploration began: one of ours, that begins as each is now."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any

from labkit.explore import shim_locks, shim_queue
from labkit.explore.shim_threads import Local

Like = Callable[[Any], Any]


class Held(Exception):
    """Its state now cannot be carried over."""


def like(real: Any, function: Like, stand_in: Like) -> Any:
    """One of ours, in the same state.

    Args:
        real: of threading or queue.
        function: rewrites a function of the student's.
        stand_in: one of ours for what belongs to it.

    Raises:
        Held: it is a lock that somebody holds, or cannot be looked into.
        KeyError: it is nothing of which we have one.
    """
    if type(real) in _LIKE:
        return _LIKE[type(real)](real)
    if type(real) is threading.Condition:
        return shim_locks.Condition(stand_in(real._lock))  # type: ignore[attr-defined]
    if type(real) is threading.Barrier:
        return shim_locks.Barrier(real.parties, function(real._action), real._timeout)  # type: ignore[attr-defined]
    raise KeyError(type(real))


def _lock(real: Any) -> Any:
    if real.locked():
        raise Held
    return shim_locks.Lock()


def _rlock(real: Any) -> Any:
    if repr(real).startswith("<locked"):
        raise Held
    return shim_locks.RLock()


def _simple(real: Any) -> Any:
    if not real.empty():
        raise Held
    return shim_queue.SimpleQueue()


def _queue(kind: type[shim_queue.Queue]) -> Like:
    return lambda real: kind(real.maxsize, (tuple(real.queue), real.unfinished_tasks))


_LIKE: dict[type, Like] = {
    type(threading.Lock()): _lock,
    type(threading.RLock()): _rlock,
    threading.Semaphore: lambda real: shim_locks.Semaphore(real._value),
    threading.BoundedSemaphore: lambda real: shim_locks.BoundedSemaphore(real._value, real._initial_value),
    threading.Event: lambda real: shim_locks.Event(real.is_set()),
    queue.Queue: _queue(shim_queue.Queue),
    queue.LifoQueue: _queue(shim_queue.LifoQueue),
    queue.PriorityQueue: _queue(shim_queue.PriorityQueue),
    queue.SimpleQueue: _simple,
    threading.local: lambda real: Local(dict(vars(real))),
}
