"""Which thread runs next: the family of scheduling policies, in teaching order."""

from __future__ import annotations

from typing import Any

from labkit.errors import LabError
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

__all__ = ["ALL", "Fair", "Fifo", "Human", "Lottery", "Mlfq", "Policy", "Priority", "Replay", "RoundRobin", "find"]


def find(policy: Any) -> Policy:
    """A policy from what run() was given: a policy, its name, or its class.

    Raises:
        LabError: there is no such policy.
    """
    if isinstance(policy, Policy):
        return policy
    for kind in ALL:
        if policy is kind or policy == kind.name:
            if kind is Replay:
                raise LabError("policy='replay' needs a schedule to follow: policy=Replay(schedule)")
            return kind()
    raise LabError(f"policy={policy!r}: choose one of {', '.join(k.name for k in ALL)}, or give a Policy object")
