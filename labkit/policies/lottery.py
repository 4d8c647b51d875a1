"""Chance decides, by tickets: in the long run a thread gets its share."""

from __future__ import annotations

import random
from collections.abc import Sequence

from labkit.policies.base import Policy
from labkit.thread import Thread


class Lottery(Policy):
    """A ticket is drawn each time; spawn(..., tickets=3) wins three times as often (Waldspurger and Weihl, OSDI 1994).

    The draw is seeded by run(seed=...): equal seeds, equal runs.

    >>> Lottery().preempts
    True
    """

    name = "lottery"

    def start(self, rng: random.Random, timeslice_ns: int) -> None:
        self.rng = rng

    def pick_next(self, runnable: Sequence[Thread], current: Thread) -> Thread:
        return self.rng.choices(runnable, [t.attributes["tickets"] for t in runnable])[0]
