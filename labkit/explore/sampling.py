"""Large programs: some schedules, drawn by lot. Equal seeds give equal schedules."""

from __future__ import annotations

import random
from typing import Any

from labkit.explore.explored import Explored
from labkit.explore.machine import ExploreMachine
from labkit.explore.steps import Steps

PCT_CHANGES = 2
"""Priorities change so often in a run of PCT: depth - 1, for bugs that need three steps in the right order."""


class RandomWalk(Steps):
    """Every decision is drawn, each able thread as likely as another: what plain testing does at best."""

    def __init__(self, steps_most: int, seed: int) -> None:
        super().__init__(steps_most)
        self.seed = seed
        self.run, self.stride = -1, 1

    def start(self) -> None:
        super().start()
        self.forget(0)
        self.run += self.stride
        self.rng = random.Random(f"{self.seed} {self.run}")

    def choose(self, machine: ExploreMachine) -> Explored | None:
        able = self.able(machine)
        if not able:
            return None
        thread = self.pick(able)
        self.record(thread)
        return thread

    def pick(self, able: list[Explored]) -> Explored:
        """Who goes on."""
        return self.rng.choice(able)

    def more(self, machine: ExploreMachine) -> bool:
        return True


class Pct(RandomWalk):
    """Probabilistic concurrency testing: drawn priorities, lowered at a few drawn steps.

    A bug that needs d steps in a certain order is met in a run with a chance of at least 1 in n·k^(d-1), for n threads and k
    steps (Burckhardt, Kothari, Musuvathi, Nagarakatte, "A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs",
    ASPLOS 2010).
    """

    def __init__(self, steps_most: int, seed: int) -> None:
        super().__init__(steps_most, seed)
        self.longest = 1

    def start(self) -> None:
        self.longest = max(self.longest, len(self.steps))
        super().start()
        self.priorities: dict[int, float] = {}
        self.changes = {self.rng.randrange(self.longest): -n for n in range(1, PCT_CHANGES + 1)}

    def pick(self, able: list[Explored]) -> Explored:
        for thread in able:
            if thread.index not in self.priorities:
                self.priorities[thread.index] = self.rng.random()
        first = max(able, key=lambda t: self.priorities[t.index])
        lowered = self.changes.get(len(self.steps))
        if lowered is not None:
            self.priorities[first.index] = lowered
            first = max(able, key=lambda t: self.priorities[t.index])
        return first


WALKS: dict[str, Any] = {"random": RandomWalk, "pct": Pct}
