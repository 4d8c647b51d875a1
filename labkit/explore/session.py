"""One exploration from start to end: run after run, begun again whenever a new shared place is learnt."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from types import FrameType
from typing import Any

from labkit import here
from labkit.alarm import Alarm, is_free
from labkit.errors import Aborted, NestedRun, NeverYields
from labkit.explore.explored import Explored
from labkit.explore.failures import Failure, Found, look
from labkit.explore.follow import Follow, Recorder
from labkit.explore.hooks import Hooks
from labkit.explore.machine import ExploreMachine, Strayed
from labkit.explore.memory import remember
from labkit.explore.outcome import outcome_of
from labkit.explore.rewriting import Rewriting, Unexplorable
from labkit.explore.search import Search
from labkit.explore.shortest import Pending, Shortest, as_it_ran, shortest
from labkit.explore.spin import Endless
from labkit.explore.verdict import Verdict
from labkit.explore.watch import Watch
from labkit.limits import WATCHDOG_S
from labkit.tracelog import Schedule

SHORTEST_S = 5.0
"""Time spent in all on finding easy orders of failing schedules; later ones are told as they ran."""
FAILURES_MOST = 100
"""Different failures that are kept; more of them say nothing new."""


@dataclass
class Limits:
    """What an exploration may use up.

    Attributes:
        runs: complete runs.
        seconds: time, on the clock on the wall.
        steps: operations of one run.
    """

    runs: int | None = None
    seconds: float | None = None
    steps: int = 20_000


@dataclass
class Best:
    """A failure and the easiest order found for it so far."""

    found: Found
    order: Shortest
    runs: int = 1


class Session:
    """One exploration.

    Args:
        main: the program.
        limits: what it may use up.
    """

    def __init__(self, main: Callable[[], Any], limits: Limits) -> None:
        self.main = main
        self.limits = limits
        self.began = time.monotonic()
        self.spent_s = 0.0
        self.verdict = Verdict(getattr(main, "__name__", "main"))
        self.best: dict[str, Best] = {}
        self.machine: ExploreMachine | None = None
        self.beat = (0, 0)

    def explore(self) -> Verdict:
        """Run every different schedule, as far as the limits allow."""
        if not isinstance(here.machine, here.Nobody):
            raise NestedRun
        self.watch = Watch(self.main)
        verdict = self.verdict
        with self._alarm():
            try:
                while not self._search_all():
                    pass
            except KeyboardInterrupt:
                verdict.stopped = "it was interrupted"
            except (Strayed, Endless, Unexplorable, NeverYields) as error:
                verdict.stopped = self._why(error)
            verdict.exhausted = not verdict.stopped
            verdict.unseen = list(self.watch.unseen)
            remember(self.main, self.watch)
            self._tell()
        verdict.seconds = time.monotonic() - self.began
        return verdict

    def _search_all(self) -> bool:
        """Search with the places that are watched now; False when a new one was learnt and all begins again."""
        verdict, watch = self.verdict, self.watch
        verdict.runs, verdict.redundant, verdict.outcomes, self.best = 0, 0, {}, {}
        program = Rewriting(watch, Hooks)
        search = self.search = Search(self.limits.steps)
        machine = self.machine = ExploreMachine(search, program)
        try:
            while True:
                main = self._run(machine, program, search)
                if watch.learnt:
                    return False
                if search.too_long:
                    raise Endless(f"a run has more than {self.limits.steps:,} steps; explore(main, steps=...) allows more")
                if search.cut:
                    verdict.redundant += 1
                else:
                    verdict.runs += 1
                    search.find_races(machine)
                    self._judge(main, machine, search)
                if not search.next_prefix():
                    break
                if self._over():
                    return True
        finally:
            program.close()
        if machine.cut_short:
            verdict.stopped = f"the loop in line {machine.cut_short} was not followed for ever while others waited"
        return True

    def _run(self, machine: ExploreMachine, program: Rewriting, search: Search) -> Explored:
        watch = self.watch
        search.cut = False
        watch.begin()
        try:
            main = machine.execute(self.main, search.steps, search.kept)
            if main.error is None:
                self.outcome = outcome_of(main.result)
        finally:
            watch.end()
        return main

    def _over(self) -> bool:
        """Whether a limit is reached."""
        limits, verdict = self.limits, self.verdict
        if limits.runs is not None and verdict.runs >= limits.runs:
            verdict.stopped = f"runs={limits.runs:,} was reached"
        elif limits.seconds is not None and time.monotonic() - self.began >= limits.seconds:
            verdict.stopped = f"seconds={limits.seconds:g} were over"
        return bool(verdict.stopped)

    # ---- failures

    def _judge(self, main: Explored, machine: ExploreMachine, search: Search) -> None:
        found = look(main, machine)
        outcomes = self.verdict.outcomes
        outcome = self.outcome if found is None else found.label
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
        if found is None:
            return
        best = self.best.get(found.label)
        if best is not None:
            best.runs += 1
        elif len(self.best) >= FAILURES_MOST:
            return
        order = self._easiest(found, machine, search, best.order if best else None)
        if best is None:
            self.best[found.label] = Best(found, order)
        elif order.rank < best.order.rank:
            best.found, best.order = found, order

    def _easiest(self, found: Found, machine: ExploreMachine, search: Search, known: Shortest | None) -> Shortest:
        pending = {
            t.index: Pending(t.clock, t.op.footprint[0][0], t.op.rule) for t in machine.threads if t.op is not None and t.op.rule
        }
        steps = search.steps
        if known is not None and (known.preemptions == 0 or self.spent_s > SHORTEST_S) and len(known.order) <= len(steps):
            return known
        began = time.monotonic()
        order = shortest(steps, pending, found.needed, known.preemptions if known else None)
        self.spent_s += time.monotonic() - began
        return order or known or as_it_ran(steps, pending)

    def _tell(self) -> None:
        """Run each failure's easiest schedule once more, and write down what happens."""
        failures = []
        for best in sorted(self.best.values(), key=lambda b: b.order.rank):
            failure = Failure(best.found.kind, best.found.error, preemptions=best.order.preemptions, runs=best.runs)
            failure.order = best.order.order
            self._retell(failure)
            failures.append(failure)
        self.verdict.failures = failures

    def _retell(self, failure: Failure) -> None:
        program = Rewriting(self.watch, Hooks)
        recorder = Recorder(Follow(failure.order), program, self.machine and self.machine.indices)
        self.watch.begin()
        try:
            main = recorder.execute(self.main)
            found = look(main, recorder)
            if found is not None:
                failure.error = found.error
        except (Exception, KeyboardInterrupt):
            return
        finally:
            self.watch.end()
            program.close()
        failure.steps = recorder.acts
        failure.trace = recorder.trace
        failure.schedule = str(Schedule(recorder.decisions[: len(failure.order)]))

    # ---- what ends it

    def _why(self, error: Exception) -> str:
        if isinstance(error, Strayed):
            what = f" (it was at: {error})" if error.args and error.args[0] else ""
            return (
                "the program does not repeat itself: the same schedule led to another step"
                f"{what}; time, random numbers, addresses, input or data that outlives a run decide what it does"
            )
        if isinstance(error, NeverYields):
            return f"a run did not end: {str(error).split('. ')[0]}"
        return str(error).rstrip(".")

    def _alarm(self) -> AbstractContextManager[object]:
        return Alarm("real", WATCHDOG_S / 2, self._watch_over) if is_free("real") else nullcontext()

    def _watch_over(self, signum: int, frame: FrameType | None) -> None:
        """Twice per watchdog: if no operation happened and no run ended in between, a thread is stuck in a loop."""
        machine = self.machine
        if machine is None or machine.current is None or not isinstance(here.machine, ExploreMachine):
            return
        beat = (self.verdict.runs, machine.position + machine.turns)
        if beat == self.beat and not machine.aborting:
            machine.failure = NeverYields(machine.current.name, frame, WATCHDOG_S)
            raise Aborted
        self.beat = beat
