"""labkit: threads that run for real, from yield over SIGALRM and pthread to the kernel.

This is the doorway: what a lesson imports. Everything is defined elsewhere; READING-ORDER says where to begin.
"""

from labkit.errors import Deadlock
from labkit.explore import explore, replay
from labkit.here import burn, current_thread, no_preempt, now, sched_yield, sleep, spawn
from labkit.program import Run, run
from labkit.sync import Atomic, Barrier, Channel, Condition, Event, Mutex, RLock, RWLock, Semaphore, Spinlock
from labkit.thread import Thread
from labkit.tracelog import Schedule, Trace

__version__ = "0.1.0"

__all__ = [
    "Atomic", "Barrier", "Channel", "Condition", "Deadlock", "Event", "Mutex", "RLock", "RWLock", "Run", "Schedule",
    "Semaphore", "Spinlock", "Thread", "Trace", "burn", "current_thread", "explore", "no_preempt", "now", "replay", "run",
    "sched_yield", "sleep", "spawn",
]  # fmt: skip
