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
from labkit.explore.budget import Budget
from labkit.explore.chance import Chance
from labkit.explore.counting import Contest, Interleavings, orders
from labkit.explore.explored import Explored
from labkit.explore.failures import Failure, Found, look
from labkit.explore.follow import Follow, Recorder
from labkit.explore.ground import Ground
from labkit.explore.machine import ExploreMachine, Strayed
from labkit.explore.memory import remember
from labkit.explore.outcome import outcome_of
from labkit.explore.progress import Progress
from labkit.explore.rewriting import Rewriting, Unexplorable
from labkit.explore.sampling import RandomWalk
from labkit.explore.search import Search
from labkit.explore.shim import names_for
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
AFTER_FAILURE_STEPS, AFTER_FAILURE_TIMES = 2_000_000, 10
"""Without limits, when a failure is known: so many steps more, and so many times what it took to find it, to look for others
and for an easier schedule. Never a time: what is found must not depend on how busy the computer is."""
SHORTEST_CUTS = 400_000
"""States of progress looked at, in all, to find easy orders of failing schedules; later ones are told as they ran."""
COUNT_CUTS = 5_000_000
"""States of progress looked at, in all, to count interleavings; traces after that count as one."""
SAMPLE_RUNS, SAMPLE_STEPS = 2_000, 1_000_000
"""Random runs drawn to tell a chance: so many, or as many as have so many steps."""
STARVED_S = 4 * WATCHDOG_S
"""A run in which nothing happens for so long is stuck, even if it was not on a processor: others may have kept it busy."""
FAILURES_MOST = 100
"""Different failures that are kept; more of them say nothing new."""


@dataclass
class Limits:
    """What an exploration may use up.

    Attributes:
        runs: complete runs.
        seconds: time, on the clock on the wall.
        steps: operations of one run.
        work: operations of all runs together, and rounds of their loops.
    """

    runs: int | None = None
    seconds: float | None = None
    steps: int = 20_000
    work: int | None = None


@dataclass
class Best:
    """A failure and the easiest order found for it so far."""

    found: Found
    order: Shortest
    runs: int = 1


def count(main: Callable[[], Any], verdict: Verdict, ground: Ground) -> Interleavings:
    """Explore once more, and count the interleavings of each trace."""
    session = Session(main, Limits(verdict.runs))
    session.counts = contest = verdict.origin.contest if verdict.origin is not None else Contest(())
    session.ground = ground
    again = session.explore()
    same = again.runs == verdict.runs and session.contest.idle == contest.idle
    return Interleavings(session.interleavings, session.exact and verdict.exhausted and same)


def sample(main: Callable[[], Any], steps: int, ground: Ground) -> Chance:
    """Draw random runs, and say how many fail."""
    session = Session(main, Limits(SAMPLE_RUNS, None, steps, SAMPLE_STEPS), lambda most: RandomWalk(most, 0))
    session.ground = ground
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

    Attributes:
        counts: which places to count by, to count the interleavings of every trace.
        machine_class: what runs the program; one that watches more closely can stand in.
        ground: what it takes for granted.
    """

    machine_class: type[ExploreMachine] = ExploreMachine
    ground = Ground()

    def __init__(self, main: Callable[[], Any], limits: Limits, make: Callable[[int], Steps] = Search) -> None:
        self.main = main
        self.make = make
        self.counts: Contest | None = None
        self.contest = Contest(())
        self.interleavings, self.exact = 0, True
        self.limits = limits
        self.began = time.monotonic()
        self.easy = Budget(SHORTEST_CUTS)
        self.counting = Budget(COUNT_CUTS)
        self.verdict = Verdict(getattr(main, "__name__", "main"))
        self.best: dict[str, Best] = {}
        self.machine: ExploreMachine | None = None
        self.beat, self.beat_at = (0, 0), (0.0, 0.0)
        self.indices: dict[tuple[int, int], int] = {}  # the same for all searches, and for telling
        self.search: Steps | None = None
        self.progress = Progress()
        self.restarts = 0
        self.work = self.failed_at = 0  # steps of this search, and those it took to find a failure

    def explore(self) -> Verdict:
        """Run every different schedule, as far as the limits allow."""
        if not isinstance(here.machine, here.Nobody):
            raise NestedRun
        check_canary()
        self.watch = Watch(self.main, self.ground)
        self.watch.names = names_for(self.ground.names, self.watch)
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
        verdict.count = lambda: count(self.main, verdict, self.ground)
        verdict.origin = self
        if isinstance(self.search, RandomWalk):
            chance = Chance(verdict.failing, verdict.runs)
            verdict.sample = lambda: chance
        else:
            verdict.sample = lambda: sample(self.main, self.limits.steps, self.ground)
        return verdict

    def _search_all(self) -> bool:
        """Search with the places that are watched now; False when a new one was learnt and all begins again."""
        verdict, watch = self.verdict, self.watch
        verdict.runs, verdict.failing, verdict.redundant, verdict.outcomes, self.best = 0, 0, 0, {}, {}
        self.interleavings = self.work = self.failed_at = 0
        self.restarts += 1
        if self.restarts > RESTARTS_MOST:
            raise Endless("in every run other places were shared: something in the program has another name each time")
        program = Rewriting(watch, hooks_for(self.ground.memory))
        search = self.search = self.make(self.limits.steps)
        self.contest = Contest(watch.watched)
        machine = self.machine = machine_for(self.ground.memory, self.machine_class)(search, program, self.indices)
        machine.keeps_stacks = True
        try:
            return self._search_on(machine, search)
        finally:
            program.close()
            machine.end_stacks()

    def _search_on(self, machine: ExploreMachine, search: Steps) -> bool:
        """Run after run, until the search is done or a limit reached; False when a new place was learnt."""
        verdict, watch = self.verdict, self.watch
        while not self._over():
            main = self._run(machine, search)
            if main is None or watch.learnt:
                return False
            if search.too_long:
                raise Endless(
                    f"a run has more than {self.limits.steps:,} steps; if it ends, explore(main, steps=...) allows more"
                )
            if search.cut or machine.unfair:
                verdict.redundant += 1
            else:
                verdict.runs += 1
                self.progress.tick(verdict.runs, verdict.failing)
                self._judge(main, machine, search)
                self.contest.look(search)
                if self.counts is not None:
                    self._count(search, self.counts)
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
            self.work += machine.position + machine.turns
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
        elif limits.work is not None and self.work >= limits.work:
            verdict.stopped = f"{limits.work:,} steps were over"
        elif limits.runs is None and limits.seconds is None and self._failed_long_ago():
            more = self.work - self.failed_at
            verdict.stopped = f"a failure was known {more:,} steps ago; explore(main, seconds=...) looks further"
        return bool(verdict.stopped)

    def _failed_long_ago(self) -> bool:
        if not self.verdict.failing:
            return False
        self.failed_at = self.failed_at or self.work
        return self.work - self.failed_at > AFTER_FAILURE_STEPS + AFTER_FAILURE_TIMES * self.failed_at

    def _count(self, search: Steps, contest: Contest) -> None:
        more = orders(contest.counted(search.steps), self.counting)
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
        enough = known is not None and (known.preemptions == 0 or not self.easy.left)
        if known is not None and enough and len(known.order) <= len(steps):
            return known
        most = known.preemptions if known else None
        order = shortest(steps, pending, found.needed, most, self.easy, getattr(machine, "free", ()))
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
        program = Rewriting(self.watch, hooks_for(self.ground.memory))
        recorder = machine_for(self.ground.memory, Recorder)(Follow(failure.order), program, self.indices)
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
        """Twice per watchdog: if this process worked, and no operation happened and no run ended, a thread is stuck in a loop."""
        machine = self.machine
        if machine is None or machine.current is None or not isinstance(here.machine, ExploreMachine):
            return
        beat = (self.verdict.runs, machine.position + machine.turns + self.restarts)
        if beat != self.beat:
            self.beat, self.beat_at = beat, (time.process_time(), time.monotonic())
            return
        busy, waited = time.process_time() - self.beat_at[0], time.monotonic() - self.beat_at[1]
        if (busy > WATCHDOG_S / 4 or waited > STARVED_S) and not machine.aborting:
            machine.failure = NeverYields(machine.current.name, frame, WATCHDOG_S)
            raise Aborted
