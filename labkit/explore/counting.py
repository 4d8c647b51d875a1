"""How many interleavings there are: all orders of the steps, of which the search runs one for each trace.

Every order of a trace's steps that keeps the order of dependent ones is an interleaving with the same result, and each
interleaving belongs to one trace. So their number is the sum, over the traces, of the orders of each: its linear extensions,
counted by dynamic programming over how far each thread has come.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Sequence

from labkit.explore.budget import Budget
from labkit.explore.independence import Place
from labkit.explore.steps import Step, Steps

CUTS_MOST = 100_000
"""How many states of progress are counted for one trace; of a larger one only some orders are counted."""


class Interleavings(int):
    """A number of interleavings.

    Attributes:
        exact: False if there are more.
    """

    exact: bool = True

    def __new__(cls, number: int, exact: bool = True) -> Interleavings:
        self = super().__new__(cls, number)
        self.exact = exact
        return self

    def __str__(self) -> str:
        return f"{int(self):,}" if self.exact else f"at least {int(self):,}"

    def __repr__(self) -> str:
        return str(int(self)) if self.exact else f"at least {int(self)}"


class Contest:
    """Which places count: those that two threads touch in one and the same run, one of them changing it.

    # Why: more are watched, since threads that touch a place in different runs may meet there in a third. When that is learnt
    # is a matter of chance, and if nobody ever meets there, the steps at such a place are no more than other steps of a thread.

    Attributes:
        idle: the watched places where nobody has met yet.
    """

    def __init__(self, watched: Iterable[Place]) -> None:
        self.idle = set(watched)

    def look(self, search: Steps) -> None:
        """A run has ended: who met in it?"""
        for place in list(self.idle):
            steps = [search.steps[i] for i in search.touched.get(place, ())]
            if len({s.thread for s in steps}) > 1 and any(s.writes(place) for s in steps):
                self.idle.remove(place)

    def counted(self, steps: Sequence[Step]) -> list[Step]:
        """The steps that count."""
        return [s for s in steps if not all(place in self.idle for place, _ in s.footprint)]


def orders(steps: Sequence[Step], budget: Budget) -> Interleavings:
    """In how many orders these steps of one trace can happen; without a budget, at least in one.

    Args:
        steps: all steps of the trace, or all but some of which no other thread's step depends.
        budget: pays for each state of progress that is looked at.
    """
    if not budget.left:
        return Interleavings(1, exact=False)
    threads = sorted({s.thread for s in steps})
    own = {index: [s.nth for s in steps if s.thread == index] for index in threads}
    needs: list[list[tuple[int, ...]]] = [[] for _ in threads]  # thread → for each step, how far all must have come before it
    for step in steps:
        clock = step.clock
        seen = [bisect(own[index], clock[index]) if index < len(clock) else 0 for index in threads]
        n = threads.index(step.thread)
        seen[n] -= 1
        needs[n].append(tuple(seen))
    layer: dict[tuple[int, ...], int] = {(0,) * len(threads): 1}
    total = 0
    for _ in steps:
        after: dict[tuple[int, ...], int] = {}
        for cut, ways in layer.items():
            for n, mine in enumerate(needs):
                at = cut[n]
                if at < len(mine) and all(map(int.__le__, mine[at], cut)):
                    there = cut[:n] + (at + 1,) + cut[n + 1 :]
                    after[there] = after.get(there, 0) + ways
        layer = after
        total += len(layer)
        budget.spend(len(layer))
        if total > CUTS_MOST:
            return Interleavings(max(layer.values()), exact=False)
    return Interleavings(sum(layer.values()))
