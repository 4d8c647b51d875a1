"""Which thread runs next: the family of scheduling policies, in teaching order."""

from __future__ import annotations

from labkit.policies.base import Policy
from labkit.policies.fair import Fair
from labkit.policies.fifo import Fifo
from labkit.policies.human import Human
from labkit.policies.lottery import Lottery
from labkit.policies.mlfq import Mlfq
from labkit.policies.priority import Priority
from labkit.policies.replay import Replay
from labkit.policies.round_robin import RoundRobin

ALL: tuple[type[Policy], ...] = (Fifo, RoundRobin, Priority, Mlfq, Lottery, Fair, Human, Replay)

__all__ = ["ALL", "Fair", "Fifo", "Human", "Lottery", "Mlfq", "Policy", "Priority", "Replay", "RoundRobin"]
