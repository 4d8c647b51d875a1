"""Everyone the same virtual runtime: who has had least, runs.

The idea of Linux's CFS (2.6.23 to 6.5, Documentation/scheduler/sched-design-CFS.rst): real time divided by weight. EEVDF,
its successor since 6.6, keeps the virtual runtime and adds deadlines, which are left out here.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from labkit.policies.base import Policy
from labkit.thread import Thread


class Fair(Policy):
    """The least virtual runtime first; spawn(..., weight=2) ages half as fast and so runs twice as much.

    A thread that slept does not save up its time: it comes back with the least virtual runtime of those that ran.

    >>> Fair().preempts
    True
    """

    name = "fair"

    def start(self, rng: random.Random, timeslice_ns: int) -> None:
        self.floor_ns = 0.0
        self.timeslice_ns = timeslice_ns

    def woke(self, thread: Thread) -> None:
        thread.policy_data = max(thread.policy_data or 0.0, self.floor_ns)

    def pick_next(self, runnable: Sequence[Thread], current: Thread) -> Thread:
        thread = min(runnable, key=lambda t: t.policy_data)
        self.floor_ns = max(self.floor_ns, thread.policy_data)
        return thread

    def should_preempt(self, current: Thread, woken: Thread) -> bool:
        return bool(woken.policy_data + self.timeslice_ns < current.policy_data)

    def ran(self, thread: Thread, ns: int) -> None:
        thread.policy_data += ns / thread.attributes["weight"]
