"""First come, first served: a thread keeps the processor until it gives it up."""

from __future__ import annotations

from collections.abc import Sequence

from labkit.policies.base import Policy
from labkit.thread import Thread


class Fifo(Policy):
    """The head of the run queue, and no timeslice, as SCHED_FIFO among equals: sched(7).

    >>> Fifo().pick_next(["A", "B"], "B")
    'A'
    """

    name = "fifo"
    preempts = False
    takes_head = True

    def pick_next(self, runnable: Sequence[Thread], current: Thread) -> Thread:
        return runnable[0]
