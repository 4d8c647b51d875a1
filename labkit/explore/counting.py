"""How many interleavings there are: all orders of the steps, of which the search runs one for each trace.

Every order of a trace's steps that keeps the order of dependent ones is an interleaving with the same result, and each
interleaving belongs to one trace. So their number is the sum, over the traces, of the orders of each: its linear extensions,
counted by dynamic programming over how far each thread has come.
"""

from __future__ import annotations

from collections.abc import Sequence

from labkit.explore.budget import Budget
from labkit.explore.steps import Step

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


def orders(steps: Sequence[Step], budget: Budget) -> Interleavings:
    """In how many orders the steps of one trace can happen; without a budget, at least in one."""
    if not budget.left:
        return Interleavings(1, exact=False)
    threads = sorted({s.thread for s in steps})
    number = {index: n for n, index in enumerate(threads)}
    needs: list[list[tuple[int, ...]]] = [[] for _ in threads]  # thread → for each step, how far all must have come before it
    for step in steps:
        clock = step.clock
        seen = [clock[index] if index < len(clock) else 0 for index in threads]
        seen[number[step.thread]] -= 1
        needs[number[step.thread]].append(tuple(seen))
    layer: dict[tuple[int, ...], int] = {(0,) * len(threads): 1}
    total = 0
    for _ in steps:
        after: dict[tuple[int, ...], int] = {}
        for cut, ways in layer.items():
            for n, own in enumerate(needs):
                at = cut[n]
                if at < len(own) and all(map(int.__le__, own[at], cut)):
                    there = cut[:n] + (at + 1,) + cut[n + 1 :]
                    after[there] = after.get(there, 0) + ways
        layer = after
        total += len(layer)
        budget.spend(len(layer))
        if total > CUTS_MOST:
            return Interleavings(max(layer.values()), exact=False)
    return Interleavings(sum(layer.values()))
