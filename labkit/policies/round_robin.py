"""Everyone in turn, each for one timeslice."""

from __future__ import annotations

from labkit.policies.fifo import Fifo


class RoundRobin(Fifo):
    """Fifo with a timeslice: who has used it up goes to the end of the queue, as SCHED_RR: sched(7).

    >>> RoundRobin().preempts, Fifo().preempts
    (True, False)
    """

    name = "round_robin"
    preempts = True
