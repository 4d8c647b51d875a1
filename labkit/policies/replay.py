"""The same run again: follow a schedule that an earlier run wrote down."""

from __future__ import annotations

import random
from collections.abc import Sequence

from labkit.errors import BadSchedule
from labkit.policies.base import Policy
from labkit.thread import Thread
from labkit.tracelog import Schedule


class Replay(Policy):
    """Runs whom the schedule names, decision by decision; when it ends, the current thread goes on as long as it can.

    Args:
        schedule: run(...).schedule, or text such as "main A A B".

    >>> from types import SimpleNamespace as T
    >>> policy = Replay("B A"); policy.start(None, 0)
    >>> policy.pick_next([T(name="A"), T(name="B")], T(name="A")).name
    'B'
    """

    name = "replay"
    preempts = False  # it is asked everywhere, and needs no timer
    every_point = True

    def __init__(self, schedule: Schedule | str) -> None:
        self.schedule = Schedule.parse(schedule) if isinstance(schedule, str) else schedule

    def start(self, rng: random.Random, timeslice_ns: int) -> None:
        self.step = 0

    def pick_next(self, runnable: Sequence[Thread], current: Thread) -> Thread:
        if self.step >= len(self.schedule):
            return next((t for t in runnable if t is current), runnable[0])
        wanted = self.schedule[self.step]
        self.step += 1
        for thread in runnable:
            if thread.name == wanted:
                return thread
        raise BadSchedule(self.step, wanted, [t.name for t in runnable])
