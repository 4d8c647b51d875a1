"""The steps of one run: what each touched, and what it had seen of the others (a vector clock)."""

from __future__ import annotations

from typing import Any

from labkit.explore.clocks import merge
from labkit.explore.explored import Explored
from labkit.explore.independence import Footprint, Place, Rule
from labkit.explore.machine import ExploreMachine
from labkit.explore.spin import can_happen


class Step:
    """One operation of the current schedule."""

    __slots__ = ("argument", "asked", "before", "clock", "footprint", "nth", "rule", "state", "thread")

    thread: int
    asked: Footprint
    """What it said it would touch."""
    footprint: Footprint
    """What it touched: a try that fails only reads."""
    rule: Rule | None
    state: Any
    """The primitive's state before the operation."""
    argument: Any
    before: list[int]
    """Vector clock of the thread before the operation: what it had seen."""
    clock: list[int]
    nth: int
    """The operation is its thread's nth, from 1."""

    def writes(self, place: Place) -> bool:
        """Whether the operation writes this place, one of those it touches."""
        for other, write in self.footprint:  # noqa: SIM110
            if write and other == place:
                return True
        return False


class Steps:
    """Keeps the steps of a run; base of all that choose.

    Attributes:
        steps: the operations of the current schedule.
        touched: place → positions of the steps that touched it, in order.
        kept: how many of the steps the next run repeats before it is asked to choose.
        cut: the run was ended because it would only have repeated another.
        too_long: the run was ended because it had more than steps_most steps.
        lost: a schedule that was to be run could not be followed.
        complete: when there is nothing more to run, every different schedule has been run.
    """

    complete = False

    def __init__(self, steps_most: int) -> None:
        self.steps_most = steps_most
        self.steps: list[Any] = []
        self.touched: dict[Place, list[int]] = {}
        self.kept = 0
        self.cut = False
        self.too_long = False
        self.lost = False

    def start(self) -> None:
        """A run begins."""
        self.cut = False

    def choose(self, machine: ExploreMachine) -> Explored | None:
        """The thread whose operation happens next; None ends the run here."""
        raise NotImplementedError

    def record(self, thread: Explored) -> None:
        """Add the thread's next operation as a step, for those who plan nothing."""
        step = Step()
        self.take(step, thread, len(self.steps))
        self.steps.append(step)

    def able(self, machine: ExploreMachine) -> list[Explored]:
        """The threads that can go on, in order of creation; none if the run has become too long."""
        self.too_long = len(self.steps) >= self.steps_most
        return [] if self.too_long else [t for t in machine.threads if t.op is not None and can_happen(t)]

    def more(self, machine: ExploreMachine) -> bool:
        """After a run: prepare the next; False if there is none."""
        raise NotImplementedError

    def take(self, step: Any, thread: Explored, position: int) -> None:
        """The operation happens: settle what it touches, and its vector clock."""
        op = thread.op
        assert op is not None
        step.thread = thread.index
        step.rule, step.argument, step.asked = op.rule, op.argument, op.footprint
        step.state = settle(thread)
        footprint = step.footprint = thread.did
        step.before = thread.clock
        index, steps = thread.index, self.steps
        clock = thread.clock + [0] * (index + 1 - len(thread.clock))
        for place, write in footprint:
            touched = self.touched.get(place)
            if touched is None:
                self.touched[place] = [position]
                continue
            for k in reversed(touched):
                other = steps[k]
                wrote = other.writes(place)
                if (write or wrote) and (len(clock) <= other.thread or clock[other.thread] < other.nth):
                    merge(clock, other.clock)
                if wrote:
                    break
            touched.append(position)
        clock[index] += 1
        step.nth = clock[index]
        step.clock = thread.clock = clock

    def forget(self, n: int) -> None:
        """Take back all steps but the first n."""
        for step in self.steps[n:]:
            for place, _ in step.footprint:
                self.touched[place].pop()
        del self.steps[n:]


def settle(thread: Explored) -> Any:
    """The operation happens: set what it touches in fact; returns the primitive's state before."""
    op = thread.op
    assert op is not None
    if op.rule is None:
        thread.did = op.footprint if op.argument is None else op.argument(op.footprint)
        return None
    state = op.state(op.on)  # type: ignore[misc]
    (place, _), *rest = op.footprint
    thread.did = ((place, op.rule.writes(state, thread.index, op.argument)), *rest)
    return state


def state_at(step: Step, place: Place) -> Any:
    """The state, before the step, of the primitive at this place. A condition's wait gives up the lock, which its thread had."""
    return step.state if step.footprint[0][0] == place else step.thread


def seen(clock: list[int], step: Step) -> bool:
    """Whether a vector clock includes the step."""
    return len(clock) > step.thread and clock[step.thread] >= step.nth


__all__ = ["Step", "Steps", "can_happen", "seen", "settle", "state_at"]
