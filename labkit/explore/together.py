"""Random schedules by several workers; alone at first, because that is when the shared places are learnt.

Not done: sharing out the exhaustive search. What a branch of a wakeup tree has to try depends on the races found in all the
branches before it; branches that were explored at the same time, each relying on the other, left out schedules.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from labkit.errors import LabError
from labkit.explore.crew import Crew, Share
from labkit.explore.failures import Found
from labkit.explore.machine import ExploreMachine
from labkit.explore.sampling import RandomWalk
from labkit.explore.session import Best, Limits, Session
from labkit.explore.steps import Steps

ALONE_S = 0.3
"""So long the exploration goes on alone: small ones are done before a worker would have begun."""


class ParallelSession(Session):
    """Random schedules, shared out.

    Args:
        main, limits, make: as for Session.
        workers: how many; each is a copy of this Python on a core of its own, if there is one.
    """

    def __init__(self, main: Callable[[], Any], limits: Limits, make: Callable[[int], Steps], workers: int) -> None:
        super().__init__(main, limits, make)
        self.workers = workers
        self.alone = True

    def _over(self) -> bool:
        enough = self.alone and self.verdict.runs > 0 and time.monotonic() - self.began > ALONE_S
        return super()._over() or (enough and isinstance(self.search, RandomWalk))

    def _search_on(self, machine: ExploreMachine, search: Steps) -> bool:
        self.alone = True
        done = super()._search_on(machine, search)
        if not done or self.verdict.stopped or not isinstance(search, RandomWalk):
            return done
        self.alone = False
        crew = Crew(self.workers)
        try:
            return self._share_out(crew, machine, search)
        finally:
            crew.end()

    def _share_out(self, crew: Crew, machine: ExploreMachine, search: RandomWalk) -> bool:
        begun = search.run
        for n in range(crew.size):

            def work(n: int = n) -> Share:
                search.run, search.stride = begun + n + 1 - crew.size, crew.size
                if self.limits.runs is not None:
                    left = self.limits.runs - begun - 1
                    mine = left // crew.size + (n < left % crew.size)
                    self.limits = Limits(mine, self.limits.seconds, self.limits.steps)
                return self._work(machine, search)

            crew.start(work)
        while crew.busy:
            share = crew.wait()
            if share is None:
                self.verdict.stopped = "a worker died"
                return True
            if not self._merge(share):
                return False
        if not self._over():
            self.verdict.stopped = "its workers stopped"
        return True

    def _work(self, machine: ExploreMachine, search: Steps) -> Share:
        """In a worker: its share, from nothing found."""
        verdict, watch = self.verdict, self.watch
        verdict.runs, verdict.failing, verdict.redundant, verdict.outcomes, self.best = 0, 0, 0, {}, {}
        self.progress.silent = True
        try:
            learnt = not Session._search_on(self, machine, search)
        except Exception as error:
            learnt, verdict.stopped = watch.learnt, self._why(error)
        failures = [(label, best.found.kind, best.order, best.runs) for label, best in self.best.items()]
        places = (watch.watched, watch.rebound, watch.timed) if learnt else None
        found = (verdict.runs, verdict.failing, verdict.redundant, verdict.outcomes, failures)
        return Share(*found, places, list(watch.unseen), verdict.stopped)

    def _merge(self, share: Share) -> bool:
        """Add what a worker found; False if it learnt a new place, and all must begin again."""
        verdict, watch = self.verdict, self.watch
        for unseen in share.unseen:
            watch.unseen.setdefault(unseen)
        if share.learnt is not None:
            for mine, more in zip((watch.watched, watch.rebound, watch.timed), share.learnt, strict=True):
                mine.update(more)
            return False
        verdict.runs += share.runs
        verdict.failing += share.failing
        for outcome, n in share.outcomes.items():
            verdict.outcomes[outcome] = verdict.outcomes.get(outcome, 0) + n
        for label, kind, order, runs in share.failures:
            best = self.best.get(label)
            if best is None:
                self.best[label] = Best(Found(kind, LabError(label), None), order, runs)
            else:
                best.runs += runs
                best.order = min(best.order, order, key=lambda o: o.rank)
        return True
