"""Vector clocks: how many operations of each thread have been seen.

As in Lamport, "Time, Clocks, and the Ordering of Events in a Distributed System", CACM 21(7), 1978, one for each thread.
"""

from __future__ import annotations


def merge(clock: list[int], other: list[int]) -> None:
    """Let a vector clock see all that another has seen."""
    if len(clock) < len(other):
        clock.extend([0] * (len(other) - len(clock)))
    for i, seen in enumerate(other):
        if seen > clock[i]:
            clock[i] = seen


def joined(a: list[int], b: list[int]) -> list[int]:
    """The least vector clock that has seen both; neither is changed."""
    if len(a) < len(b):
        a, b = b, a
    out = a[:]
    for i, seen in enumerate(b):
        if seen > out[i]:
            out[i] = seen
    return out
