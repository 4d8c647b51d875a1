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
from labkit.errors import Aborted, LabError, NestedRun, NeverYields
from labkit.explore import canary
from labkit.explore.bounding import Bounded
from labkit.explore.chance import Chance
from labkit.explore.counting import Interleavings, orders
from labkit.explore.explored import Explored
from labkit.explore.failures import Failure, Found, look
from labkit.explore.follow import Follow, Recorder
from labkit.explore.machine import ExploreMachine, Strayed
from labkit.explore.memory import remember
from labkit.explore.outcome import outcome_of
from labkit.explore.progress import Progress
from labkit.explore.rewriting import Rewriting, Unexplorable
from labkit.explore.sampling import RandomWalk
from labkit.explore.search import Search
from labkit.explore.shortest import Pending, Shortest, as_it_ran, shortest
from labkit.explore.spin import Endless
from labkit.explore.steps import Steps
from labkit.explore.verdict import Verdict
from labkit.explore.watch import Watch
from labkit.explore.weak import hooks_for, machine_for
from labkit.limits import WATCHDOG_S
from labkit.tracelog import Schedule

RESTARTS_MOST = 5_000
"""So often a search begins again because a place turned out to be shared."""
AFTER_FAILURE_S = 30.0
"""Without limits: how long to look for more, and for an easier schedule, when a failure is known."""
SHORTEST_S = 5.0
"""Time spent in all on finding easy orders of failing schedules; later ones are told as they ran."""
COUNT_S, COUNT_TIMES = 10.0, 20
"""Time for counting interleavings: so many seconds, or so many times what the exploration took."""
SAMPLE_RUNS, SAMPLE_S = 2_000, 5.0
"""Random runs drawn to tell a chance."""
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


def count(main: Callable[[], Any], verdict: Verdict) -> Interleavings:
    """Explore once more, and count the interleavings of each trace."""
    session = Session(main, Limits(verdict.runs, max(COUNT_S, COUNT_TIMES * verdict.seconds)), count=True)
    session.memory = verdict.origin.memory if verdict.origin is not None else "sc"
    again = session.explore()
    return Interleavings(session.interleavings, session.exact and verdict.exhausted and again.runs == verdict.runs)


def sample(main: Callable[[], Any], steps: int, memory: str = "sc") -> Chance:
    """Draw random runs, and say how many fail."""
    session = Session(main, Limits(SAMPLE_RUNS, SAMPLE_S, steps), lambda most: RandomWalk(most, 0))
    session.memory = memory
    return session.explore().chance


_canary: list[bool] = []


def check_canary() -> None:
    """Before the first verdict: see whether a program is observed whose answer is known.

    Raises:
        LabError: it is not; no verdict would mean anything.
    """
    if not _canary:
        _canary.append(True)
        verdict = Session(canary.main, Limits(runs=100)).explore()
        if verdict.outcomes != canary.WANTED or not verdict.passed:
            _canary.clear()
            raise LabError(
                f"explore() does not work on this Python: its own test program should end as {canary.WANTED} and ended as "
                f"{verdict.outcomes}. It refuses to say anything about yours; please report it with `labkit doctor`."
            )


class Session:
    """One exploration.

    Args:
        main: the program.
        limits: what it may use up.
        make: makes what chooses, given the most steps that a run may have.
        count: whether to count the interleavings of every trace.

    Attributes:
        machine_class: what runs the program; one that watches more closely can stand in.
    """

    machine_class: type[ExploreMachine] = ExploreMachine

    def __init__(
        self, main: Callable[[], Any], limits: Limits, make: Callable[[int], Steps] = Search, count: bool = False
    ) -> None:
        self.main = main
        self.make = make
        self.counts = count
        self.interleavings, self.exact = 0, True
        self.limits = limits
        self.began = time.monotonic()
        self.spent_s = 0.0
        self.verdict = Verdict(getattr(main, "__name__", "main"))
        self.best: dict[str, Best] = {}
        self.machine: ExploreMachine | None = None
        self.beat = (0, 0)
        self.indices: dict[tuple[int, int], int] = {}  # the same for all searches, and for telling
        self.search: Steps | None = None
        self.progress = Progress()
        self.restarts = 0
        self.spurious = False
        self.memory = "sc"
        self.failed_at: float | None = None

    def explore(self) -> Verdict:
        """Run every different schedule, as far as the limits allow."""
        if not isinstance(here.machine, here.Nobody):
            raise NestedRun
        check_canary()
        self.watch = Watch(self.main, self.memory)
        self.watch.spurious = self.spurious
        verdict = self.verdict
        with self._alarm():
            try:
                while not self._search_all():
                    pass
            except KeyboardInterrupt:
                self.watch.end()
                verdict.stopped = "it was interrupted"
            except (Strayed, Endless, Unexplorable, NeverYields) as error:
                verdict.stopped = self._why(error)
            finally:
                self.progress.close()
            verdict.exhausted = not verdict.stopped
            verdict.unseen = list(self.watch.unseen)
            remember(self.main, self.watch)
            self._tell()
        verdict.seconds = time.monotonic() - self.began
        verdict.count = lambda: count(self.main, verdict)
        verdict.origin = self
        if isinstance(self.search, RandomWalk):
            chance = Chance(verdict.failing, verdict.runs)
            verdict.sample = lambda: chance
        else:
            verdict.sample = lambda: sample(self.main, self.limits.steps, self.memory)
        return verdict

    def _search_all(self) -> bool:
        """Search with the places that are watched now; False when a new one was learnt and all begins again."""
        verdict, watch = self.verdict, self.watch
        verdict.runs, verdict.failing, verdict.redundant, verdict.outcomes, self.best = 0, 0, 0, {}, {}
        self.interleavings = 0
        self.restarts += 1
        if self.restarts > RESTARTS_MOST:
            raise Endless("in every run other places were shared: something in the program has another name each time")
        program = Rewriting(watch, hooks_for(self.memory))
        search = self.search = self.make(self.limits.steps)
        machine = self.machine = machine_for(self.memory, self.machine_class)(search, program, self.indices)
        machine.keeps_stacks = True
        try:
            return self._search_on(machine, search)
        finally:
            machine.end_stacks()
            program.close()

    def _search_on(self, machine: ExploreMachine, search: Steps) -> bool:
        """Run after run, until the search is done or a limit reached; False when a new place was learnt."""
        verdict, watch = self.verdict, self.watch
        while not self._over():
            main = self._run(machine, search)
            if main is None or watch.learnt:
                return False
            if search.too_long:
                raise Endless(f"a run has more than {self.limits.steps:,} steps; explore(main, steps=...) allows more")
            if search.cut:
                verdict.redundant += 1
            else:
                verdict.runs += 1
                self.progress.tick(verdict.runs, verdict.failing)
                self._judge(main, machine, search)
                if self.counts:
                    self._count(search)
            if not search.more(machine):
                verdict.stopped = self._left_out(machine, search)
                break
        return True

    def _run(self, machine: ExploreMachine, search: Steps) -> Explored | None:
        """One run; None if it could not repeat an earlier one because it learnt what that did not know."""
        watch = self.watch
        search.start()
        watch.begin()
        try:
            main = machine.execute(self.main, search.steps, search.kept)
            if main.error is None:
                self.outcome = outcome_of(main.result)
        except Strayed:
            if not watch.learnt:
                raise
            return None
        finally:
            watch.end()
        return main

    @staticmethod
    def _left_out(machine: ExploreMachine, search: Steps) -> str:
        """What was not run although the search has come to its end."""
        if machine.cut_short or search.lost:
            return f"the loop in line {machine.cut_short or '?'} was not followed for ever while others waited"
        if isinstance(search, Bounded) and not search.complete:
            return f"only schedules with at most {search.bound} {search.counted}{'' if search.bound == 1 else 's'} were"
        return ""

    def _over(self) -> bool:
        """Whether a limit is reached."""
        limits, verdict = self.limits, self.verdict
        if limits.runs is not None and verdict.runs >= limits.runs:
            verdict.stopped = f"runs={limits.runs:,} was reached"
        elif limits.seconds is not None and time.monotonic() - self.began >= limits.seconds:
            verdict.stopped = f"seconds={limits.seconds:g} were over"
        elif limits.runs is None and limits.seconds is None and self._failed_long_ago():
            verdict.stopped = f"a failure was known for {AFTER_FAILURE_S:g} s; explore(main, seconds=...) looks further"
        return bool(verdict.stopped)

    def _failed_long_ago(self) -> bool:
        if not self.verdict.failing:
            return False
        now = time.monotonic()
        self.failed_at = self.failed_at or now
        return now - self.failed_at > AFTER_FAILURE_S

    def _count(self, search: Steps) -> None:
        more = orders(search.steps)
        self.interleavings += more
        self.exact = self.exact and more.exact

    # ---- failures

    def _judge(self, main: Explored, machine: ExploreMachine, search: Steps) -> None:
        found = look(main, machine)
        outcomes = self.verdict.outcomes
        outcome = self.outcome if found is None else found.label
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
        if found is not None:
            self.verdict.failing += 1
            self._keep(found, machine, search)

    def _keep(self, found: Found, machine: ExploreMachine, search: Steps) -> None:
        """Count a failure, and remember the easiest order that leads to it."""
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

    def _easiest(self, found: Found, machine: ExploreMachine, search: Steps, known: Shortest | None) -> Shortest:
        pending = {
            t.index: Pending(t.clock, t.op.footprint[0][0], t.op.rule) for t in machine.threads if t.op is not None and t.op.rule
        }
        steps = search.steps
        if known is not None and (known.preemptions == 0 or self.spent_s > SHORTEST_S) and len(known.order) <= len(steps):
            return known
        began = time.monotonic()
        free = getattr(machine, "free", ())
        order = shortest(steps, pending, found.needed, known.preemptions if known else None, free)
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
        program = Rewriting(self.watch, hooks_for(self.memory))
        recorder = machine_for(self.memory, Recorder)(Follow(failure.order), program, self.indices)
        self.watch.begin()
        try:
            main = recorder.execute(self.main)
            found = look(main, recorder)
            if found is not None and found.kind == failure.kind:  # a data race may end in something else as well
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
        beat = (self.verdict.runs, machine.position + machine.turns + self.restarts)
        if beat == self.beat and not machine.aborting:
            machine.failure = NeverYields(machine.current.name, frame, WATCHDOG_S)
            raise Aborted
        self.beat = beat
