"""Ways of waiting: the family of primitives, in teaching order. Each runs unchanged on every machine."""

from __future__ import annotations

from labkit.sync.atomic import Atomic
from labkit.sync.barrier import Barrier
from labkit.sync.channel import Channel
from labkit.sync.condition import Condition, Event
from labkit.sync.fence import fence
from labkit.sync.mutex import Mutex, RLock
from labkit.sync.rwlock import RWLock
from labkit.sync.semaphore import Semaphore
from labkit.sync.spinlock import Spinlock
from labkit.sync.waitqueue import Primitive, WaitQueue

ALL: tuple[type[Primitive], ...] = (Atomic, Spinlock, Mutex, RLock, Semaphore, Condition, Event, Barrier, RWLock, Channel)

__all__ = ["ALL", "Atomic", "Barrier", "Channel", "Condition", "Event", "Mutex", "Primitive", "RLock", "RWLock", "Semaphore",
           "Spinlock", "WaitQueue", "fence"]  # fmt: skip
