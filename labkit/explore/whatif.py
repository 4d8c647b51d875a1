"""The one switch which, changed, makes a failing run pass: found by running the changed schedules, and said only then."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from labkit.explore.session import Session
from labkit.explore.witness import Fact, Seen, see

TRIES_MOST, TRIES_STEPS = 300, 50_000
"""What is spent on looking for the switch: so many runs, and so many steps of runs as long as the failing one."""


class Gap(NamedTuple):
    """A place in a run where a thread stopped and others went on.

    Attributes:
        thread: who stopped.
        start: step at which the others began.
        end: step at which the thread went on; the number of steps if it never did.
        forced: whether the thread could have gone on.
    """

    thread: str
    start: int
    end: int
    forced: bool


class Switch(NamedTuple):
    """A changed schedule that passes.

    Attributes:
        at: the step that another thread takes.
        instead: who takes it in the passing run.
        passing: that run.
    """

    at: int
    instead: str
    forced: bool
    passing: Seen


def gaps(seen: Seen) -> list[Gap]:
    """Where threads stopped and others went on, in order."""
    found = []
    order = seen.order
    for i in range(1, len(order)):
        left = order[i - 1]
        if order[i] != left:
            end = next((k for k in range(i, len(order)) if order[k] == left), len(order))
            found.append(Gap(seen.names[left], i, end, left in seen.able[i]))
    return found


def find_switch(origin: Session, seen: Seen, first: int | None = None) -> Switch | None:
    """The switch to change: a preemption if there is one, the one that is asked for or else the latest.

    Args:
        origin: the exploration.
        seen: the failing run.
        first: step of the preemption to try before all others.
    """
    tries = [(change, "") for change in _changes(seen, first)]
    tries += [(change, seen.failed_by) for change, _ in tries if seen.failed_by and not change[2]]
    for (at, instead, forced), late in tries[: max(1, min(TRIES_MOST, TRIES_STEPS // (len(seen.order) + 1)))]:
        passing = see(origin, [*seen.order[:at], instead], late=late)
        if passing is not None and passing.found is None:
            return Switch(at, seen.names[instead], forced, passing)
    return None


def _changes(seen: Seen, first: int | None) -> Iterator[tuple[int, int, bool]]:
    """(step, who takes it instead, whether that undoes a preemption), the most telling first."""
    order = seen.order
    last = min(len(order), seen.failed_at)
    forced = [g.start for g in gaps(seen) if g.forced and g.start < last]
    if first is not None and first in forced:
        forced.remove(first)
        forced.append(first)
    for at in reversed(forced):
        yield at, order[at - 1], True
    switches = [i for i in range(last) if i == 0 or order[i] != order[i - 1]]
    elsewhere = [i for i in range(last) if i not in switches]
    for at in [*reversed(switches), *reversed(elsewhere)]:
        for other in seen.able[at]:
            if other != order[at] and not (at in forced and other == order[at - 1]):
                yield at, other, False


def told(switch: Switch, seen: Seen, around: tuple[Fact, Fact] | None = None) -> str:
    """The switch in words; around: the two steps of a thread between which another came, if those are told."""
    facts, at = seen.facts, switch.at
    came = seen.names[seen.order[at]]
    passes = f'this run would have passed, as "{switch.passing.schedule}" does.'
    if not at:
        return f"If {switch.instead} had gone first, and not {came}, {passes}"
    before = facts[at - 1]
    if switch.forced:
        if around is not None:
            return f"If {came} had not come {between(*around)}, {passes}"
        after = _next_of(facts, before.thread, at)
        stand = seen.waits.get(before.thread)
        if after is None and stand is not None and stand.line and stand.line != before.line:
            return f"If {came} had not come between {before.thread}'s lines {before.line} and {stand.line}, {passes}"
        return f"If {came} had not come {between(before, after)}, {passes}"
    if seen.order[at] == seen.order[at - 1]:
        return f"If {switch.instead} had come {between(before, facts[at])}, {passes}"
    return f"If {switch.instead} had come next after {of(before)}, and not {came}, {passes}"


def between(before: Fact, after: Fact | None) -> str:
    """Between two steps of a thread, in words."""
    if after is None:
        return f"after {of(before)}"
    if before.line == after.line:
        if before.op == "reads" and after.op == "writes" and before.place == after.place:
            return f"between {before.thread}'s read and its write of {before.place} in line {before.line}"
        return f"in the middle of {of(before)}"
    return f"between {before.thread}'s lines {before.line} and {after.line}"


def of(fact: Fact) -> str:
    """A thread's line."""
    return f"{fact.thread}'s line {fact.line}" if fact.line else f"{fact.thread}'s step"


def _next_of(facts: list[Fact], thread: str, at: int) -> Fact | None:
    return next((f for f in facts[at:] if f.thread == thread), None)
