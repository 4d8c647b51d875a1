"""Large programs: first all schedules without a preemption, then all with one, and so on up to a bound.

Most bugs need one or two preemptions (Musuvathi, Qadeer, "Iterative Context Bounding", PLDI 2007), and a program of k steps
has only about k schedules with one. Delay bounding counts something else: how often the schedule departs from what a simple
round-robin policy would do (Emmi, Qadeer, Rakamarić, "Delay-Bounded Scheduling", POPL 2011).
"""

from __future__ import annotations

from typing import NamedTuple

from labkit.explore.explored import Explored
from labkit.explore.machine import ExploreMachine, Strayed
from labkit.explore.steps import Steps


class Beginning(NamedTuple):
    """The first steps of a schedule that is still to be run: those of an earlier one, and then another thread."""

    order: list[int]
    length: int
    thread: int


class Bounded(Steps):
    """All schedules with at most `bound` preemptions, those with fewer first, each once.

    Attributes:
        level: how many preemptions the schedules have that are being run.
    """

    counted = "preemption"

    def __init__(self, steps_most: int, bound: int) -> None:
        super().__init__(steps_most)
        self.bound = bound
        self.level = 0
        self.now: list[Beginning] = []
        self.later: list[list[Beginning]] = [[] for _ in range(bound + 2)]
        self.plan: Beginning | None = None
        self.dropped = False

    def start(self) -> None:
        super().start()
        self.forget(0)
        self.order: list[int] = []

    def choose(self, machine: ExploreMachine) -> Explored | None:
        able = self.able(machine)
        if not able:
            return None
        n = len(self.order)
        plan = self.plan
        last = self.order[-1] if self.order else -1
        thread: Explored | None
        if plan is not None and n <= plan.length:
            wanted = plan.thread if n == plan.length else plan.order[n]
            thread = next((t for t in able if t.index == wanted), None)
            if thread is None:
                machine.failure = Strayed(None)
                return None
        else:
            ranked = self.ranked(able, last)
            thread = ranked[0]
            for cost, other in enumerate(ranked):
                if other is not thread:
                    self._plan(self.cost(cost, thread, last), Beginning(self.order, n, other.index))
        self.order.append(thread.index)
        self.record(thread)
        return thread

    def ranked(self, able: list[Explored], last: int) -> list[Explored]:
        """The able threads, the one that would go on without a preemption first."""
        return sorted(able, key=lambda t: t.index != last)

    def cost(self, rank: int, first: Explored, last: int) -> int:
        """What it costs to choose another than the first: leaving a thread that could go on is a preemption."""
        return int(first.index == last)

    def _plan(self, cost: int, beginning: Beginning) -> None:
        level = self.level + cost
        if level > self.bound:
            self.dropped = True
        elif cost == 0:
            self.now.append(beginning)
        else:
            self.later[level].append(beginning)

    def more(self, machine: ExploreMachine) -> bool:
        while not self.now:
            if self.level >= self.bound:
                self.complete = not self.dropped
                return False
            self.level += 1
            self.now, self.later[self.level] = self.later[self.level], []
        self.plan = self.now.pop()
        return True


class Delayed(Bounded):
    """All schedules that depart from round robin at most `bound` times."""

    counted = "delay"

    def ranked(self, able: list[Explored], last: int) -> list[Explored]:
        return sorted(able, key=lambda t: (t.index < last, t.index))

    def cost(self, rank: int, first: Explored, last: int) -> int:
        return rank
