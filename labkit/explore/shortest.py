"""Of all orders of one trace, the one that is easiest to follow: fewest preemptions, then fewest changes of thread.

A trace fixes only the order of dependent steps; every order that keeps it ends in the same failure. A preemption takes the
processor from a thread that could have gone on; leaving a thread that waits or has ended costs nothing. (Musuvathi, Qadeer,
"Iterative Context Bounding", PLDI 2007: most bugs need one or two.) Dijkstra's algorithm over how far each thread has come.
What the failure does not need is left out, unless it saves a preemption to let a thread go on to its end.
"""

from __future__ import annotations

import heapq
import operator
from collections.abc import Container, Sequence
from typing import Any, NamedTuple

from labkit.explore.budget import Budget
from labkit.explore.steps import Step, state_at

CUTS_MOST = 20_000
"""How many states of progress are looked at for one trace; a larger trace keeps the order in which it ran."""

Cut = tuple[int, ...]


class Pending(NamedTuple):
    """An operation that a thread stood before when the run ended."""

    clock: list[int]
    place: Any
    rule: Any


class Shortest(NamedTuple):
    """An order of a trace's steps, as indices of threads."""

    preemptions: int
    switches: int
    order: tuple[int, ...]

    @property
    def rank(self) -> tuple[int, int, int]:
        """The smaller, the easier to follow."""
        return (self.preemptions, len(self.order), self.switches)


class _Lattice:
    """The ways through a trace.

    Args:
        steps: the trace.
        pending: thread → what it stood before at the end.
        needed: vector clock of what must happen; the rest may be left out. None: everything.
    """

    def __init__(self, steps: Sequence[Step], pending: dict[int, Pending], needed: list[int] | None) -> None:
        self.threads = sorted({s.thread for s in steps} | set(pending))
        self.number = {index: n for n, index in enumerate(self.threads)}
        self.own: list[list[Step]] = [[] for _ in self.threads]
        self.at: dict[Any, list[tuple[int, int, Any]]] = {}  # place → (thread, nth, state before) of its primitive's operations
        for step in steps:
            n = self.number[step.thread]
            self.own[n].append(step)
            if step.rule is not None:
                for place, _ in step.footprint:
                    self.at.setdefault(place, []).append((n, len(self.own[n]), state_at(step, place)))
        self.pending = pending
        goal = [len(own) for own in self.own]
        if needed is not None:
            goal = [min(seen(needed, index), most) for index, most in zip(self.threads, goal, strict=True)]
        self.goal = tuple(goal)
        self.most = self.goal
        """How far each thread may go: the goal, or farther, if to let it go on saves a preemption."""

    def widen(self) -> bool:
        """Allow steps beyond the goal; whether there are any."""
        self.most = tuple([len(own) for own in self.own])
        return self.most != self.goal

    def reached(self, clock: list[int], cut: Cut, but: int) -> bool:
        """Whether all that a clock has seen, of threads but one, has happened."""
        return all(n == but or seen(clock, index) <= cut[n] for n, index in enumerate(self.threads))

    def next_of(self, n: int, cut: Cut) -> Step | None:
        """The next step of the n-th thread, if its predecessors have happened."""
        if cut[n] >= self.most[n]:
            return None
        step = self.own[n][cut[n]]
        return step if self.reached(step.clock, cut, n) else None

    def could_go_on(self, n: int, cut: Cut) -> bool:
        """Whether the n-th thread, left here, would have been able to run."""
        index = self.threads[n]
        if cut[n] < len(self.own[n]):
            step = self.own[n][cut[n]]
            clock, rule, place = step.before, step.rule, step.footprint[0][0]
        elif index in self.pending:
            clock, place, rule = self.pending[index]
        else:
            return False
        if not self.reached(clock, cut, n):
            return False
        if rule is None or rule.enabled is None:
            return True
        for other, nth, state in self.at.get(place, ()):
            if nth > cut[other]:
                return bool(rule.enabled(state, index))
        return False


def seen(clock: list[int], index: int) -> int:
    """How many operations of a thread a clock has seen."""
    return clock[index] if index < len(clock) else 0


def shortest(
    steps: Sequence[Step],
    pending: dict[int, Pending],
    needed: list[int] | None,
    most: int | None,
    budget: Budget,
    free: Container[int] = (),
) -> Shortest | None:
    """The order of a trace with the fewest preemptions.

    Args:
        steps: the trace.
        pending: thread → what it stood before at the end.
        needed: vector clock of what must happen; None: everything.
        most: give up where more preemptions than this are needed; returns None then.
        budget: pays for each state of progress that is looked at.
        free: store buffers: what they do takes the processor from nobody.
    """
    lattice = _Lattice(steps, pending, needed)
    found = _search(lattice, most, budget, free)
    if (found is None or found.preemptions) and lattice.widen():
        less = most if found is None else found.preemptions - 1
        return _search(lattice, less, budget, free) or found
    return found


def _search(lattice: _Lattice, most: int | None, budget: Budget, free: Container[int]) -> Shortest | None:
    start = (0,) * len(lattice.threads)
    heap: list[tuple[int, int, int, Cut, int]] = [(0, 0, 0, start, 1)]  # cut and thread negative: of equal orders, A goes first
    came: dict[tuple[Cut, int], tuple[Cut, int] | None] = {(start, -1): None}
    best: dict[tuple[Cut, int], tuple[int, int]] = {(start, -1): (0, 0)}
    while heap:
        budget.spend(1)
        preemptions, length, switches, minus, minus_last = heapq.heappop(heap)
        last = -minus_last
        cut = tuple([-n for n in minus])
        here = (cut, last)
        if best[here] < (preemptions, switches):
            continue
        if all(map(operator.ge, cut, lattice.goal)):
            return Shortest(preemptions, switches, _way(lattice, came, here))
        if len(best) > CUTS_MOST:
            return None
        left = last >= 0 and lattice.could_go_on(last, cut)
        for n in range(len(cut)):
            if lattice.next_of(n, cut) is None:
                continue
            aside = lattice.threads[n] in free
            cost = (preemptions + (left and n != last and not aside), switches + (n != last))
            there = (cut[:n] + (cut[n] + 1,) + cut[n + 1 :], last if aside else n)
            if (most is None or cost[0] <= most) and cost < best.get(there, (1 << 30, 0)):
                best[there] = cost
                came[there] = here
                heapq.heappush(heap, (cost[0], length + 1, cost[1], tuple([-n for n in there[0]]), -there[1]))
    return None


def _way(lattice: _Lattice, came: dict[tuple[Cut, int], tuple[Cut, int] | None], end: tuple[Cut, int]) -> tuple[int, ...]:
    order: list[int] = []
    at: tuple[Cut, int] | None = end
    while at is not None and (before := came[at]) is not None:
        order.append(lattice.threads[next(n for n, far in enumerate(at[0]) if far != before[0][n])])
        at = before
    return tuple(reversed(order))


def as_it_ran(steps: Sequence[Step], pending: dict[int, Pending]) -> Shortest:
    """The order in which the trace ran, with its preemptions counted."""
    lattice = _Lattice(steps, pending, None)
    cut = [0] * len(lattice.threads)
    last, preemptions, switches = -1, 0, 0
    for step in steps:
        n = lattice.number[step.thread]
        if n != last:
            switches += 1
            preemptions += last >= 0 and lattice.could_go_on(last, tuple(cut))
        cut[n] += 1
        last = n
    return Shortest(preemptions, switches, tuple(s.thread for s in steps))
