"""Multi-level feedback queue: learn from what a thread did whether it is interactive or busy.

The five rules are those of OSTEP, "Scheduling: The Multi-Level Feedback Queue" (chapter 8), with its fix against gaming:
a thread is charged for all time it used at a level, not only for whole timeslices.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from labkit.limits import MLFQ_ALLOTMENT_SLICES, MLFQ_BOOST_SLICES, MLFQ_LEVELS
from labkit.policies.base import Policy
from labkit.thread import Thread


@dataclass
class Account:
    """What mlfq knows of a thread."""

    level: int = 0  # the top
    used_ns: int = 0  # at this level


class Mlfq(Policy):
    """The top level first, in turn within a level; who has used up its allotment sinks; now and then all rise again.

    >>> Mlfq(levels=2).levels
    2
    """

    name = "mlfq"

    def __init__(self, levels: int = MLFQ_LEVELS) -> None:
        self.levels = levels

    def start(self, rng: random.Random, timeslice_ns: int) -> None:
        self.allotment_ns = MLFQ_ALLOTMENT_SLICES * timeslice_ns
        self.boost_ns = MLFQ_BOOST_SLICES * timeslice_ns
        self.since_boost_ns = 0
        self.accounts: list[Account] = []

    def woke(self, thread: Thread) -> None:
        if thread.policy_data is None:
            thread.policy_data = Account()
            self.accounts.append(thread.policy_data)

    def pick_next(self, runnable: Sequence[Thread], current: Thread) -> Thread:
        return min(runnable, key=lambda t: t.policy_data.level)

    def should_preempt(self, current: Thread, woken: Thread) -> bool:
        return bool(woken.policy_data.level < current.policy_data.level)

    def ran(self, thread: Thread, ns: int) -> None:
        account: Account = thread.policy_data
        account.used_ns += ns
        while account.used_ns >= self.allotment_ns and account.level < self.levels - 1:
            account.level += 1
            account.used_ns -= self.allotment_ns
        self.since_boost_ns += ns
        if self.since_boost_ns >= self.boost_ns:
            self.since_boost_ns = 0
            for a in self.accounts:
                a.level = a.used_ns = 0
