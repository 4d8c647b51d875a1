"""The most important thread first; equals in turn."""

from __future__ import annotations

from collections.abc import Sequence

from labkit.policies.base import Policy
from labkit.thread import Thread


class Priority(Policy):
    """The highest `priority` of spawn(..., priority=n); among equals the one that has waited longest.

    Strict: a thread that never blocks starves every lower one. Real-time scheduling works like this, sched(7).

    >>> from types import SimpleNamespace as T
    >>> Priority().pick_next([T(name="low", attributes={"priority": 0}), T(name="high", attributes={"priority": 9})], None).name
    'high'
    """

    name = "priority"

    def pick_next(self, runnable: Sequence[Thread], current: Thread) -> Thread:
        return max(runnable, key=lambda t: t.attributes["priority"])

    def should_preempt(self, current: Thread, woken: Thread) -> bool:
        return bool(woken.attributes["priority"] > current.attributes["priority"])
