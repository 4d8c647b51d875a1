"""Wakeup trees: beginnings of schedules that are still to be run, so that none leads where another has been."""

from __future__ import annotations

from labkit.explore.independence import Footprint, dependent

Sequence = list[tuple[int, Footprint]]
"""Operations to come: (index of the thread, what it touches)."""


class Branch:
    """A wakeup tree's edge: this thread's operation next, then one of the branches below."""

    __slots__ = ("below", "footprint", "thread")

    def __init__(self, thread: int, footprint: Footprint | None) -> None:
        self.thread = thread
        self.footprint = footprint
        self.below: list[Branch] = []


def begins(thread: int, footprint: Footprint, sequence: Sequence) -> int:
    """Whether the sequence can as well begin with the thread's operation.

    2 if the thread's operation in it can be moved to the front; 1 if it has none, and the operation is independent of all;
    0 if not.
    """
    for other, touched in sequence:
        if other == thread:
            return 2
        if dependent(footprint, touched):
            return 0
    return 1


def insert(tree: list[Branch], sequence: Sequence) -> None:
    """Add the sequence to a wakeup tree, unless what is there leads to the same trace."""
    while True:
        for branch in tree:
            assert branch.footprint is not None
            how = begins(branch.thread, branch.footprint, sequence)
            if how:
                if how == 2:
                    k = next(k for k, (thread, _) in enumerate(sequence) if thread == branch.thread)
                    sequence = sequence[:k] + sequence[k + 1 :]
                if not branch.below:
                    return
                tree = branch.below
                break
        else:
            for thread, footprint in sequence:
                branch = Branch(thread, footprint)
                tree.append(branch)
                tree = branch.below
            return
