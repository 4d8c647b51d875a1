"""Values and primitives as text, without running any code of the student's: a __repr__ could take a step of its own."""

from __future__ import annotations

from collections import deque
from typing import Any

from labkit.explore.kinds import ATOMS
from labkit.explore.shim_queue import Queue
from labkit.explore.witness import VALUE_MOST, shorten
from labkit.sync import Atomic, Barrier, Channel, Condition, Event, RWLock, Semaphore

ITEMS_MOST, DEPTH_MOST = 12, 3


def state_of(on: Any) -> str:
    """How a primitive stands."""
    if isinstance(on, Atomic | Semaphore):
        return shown(on.value)
    if isinstance(on, Event):
        return "set" if on.flag else "not set"
    if isinstance(on, Condition):
        return f"{_names(on.queue.threads)} waiting" if len(on.queue) else "nobody waits"
    if isinstance(on, Barrier):
        return f"{on.n_waiting} of {on.parties} have come"
    if isinstance(on, Queue):
        return shown(list(on.queue)) if len(on.queue) else "empty"
    if isinstance(on, Channel):
        return ("closed, " if on.closed else "") + (shown(list(on.buffer)) if on.buffer else "empty")
    if isinstance(on, RWLock):
        return "free" if not on.holders() else f"{'written' if on.writer is not None else 'read'} by {', '.join(on.holders())}"
    return f"held by {', '.join(on.holders())}" if on.holders() else "free"


def _names(threads: Any) -> str:
    return ", ".join(thread.name for thread in threads)


def shown(value: Any, depth: int = 0) -> str:
    """A value as text, without running any code of the student's."""
    if isinstance(value, ATOMS):
        return shorten(repr(value), VALUE_MOST)
    if depth > DEPTH_MOST:
        return "..."
    if isinstance(value, (list, tuple, set, deque)):
        items = [shown(item, depth + 1) for item in list(value)[:ITEMS_MOST]] + ["..."] * (len(value) > ITEMS_MOST)
        text = ", ".join(sorted(items) if isinstance(value, set) else items)
        around = "()" if isinstance(value, tuple) else "{}" if isinstance(value, set) else "[]"
        return shorten(f"{around[0]}{text}{',' if isinstance(value, tuple) and len(value) == 1 else ''}{around[1]}", VALUE_MOST)
    if isinstance(value, dict):
        pairs = [f"{shown(k, depth + 1)}: {shown(v, depth + 1)}" for k, v in list(value.items())[:ITEMS_MOST]]
        return shorten("{" + ", ".join(pairs) + (", ..." if len(value) > ITEMS_MOST else "") + "}", VALUE_MOST)
    name = getattr(value, "__name__", None)
    return str(name) if isinstance(name, str) else f"a {type(value).__name__}"
