"""Every different schedule of a program, each once: optimal dynamic partial-order reduction with wakeup trees.

Two schedules are the same (one Mazurkiewicz trace) if one becomes the other by exchanging neighbours that are independent.
The search runs one schedule, finds the pairs of dependent operations whose order could have been the other way (races),
and notes for each how to begin a schedule in which it is. Sleep sets say which beginnings would only repeat what has been
seen. The algorithm: Abdulla, Aronis, Jonsson, Sagonas, "Source Sets: A Foundation for Optimal Dynamic Partial Order
Reduction", Journal of the ACM 64(4), 2017; here with locks and other operations that are not always possible.
"""

from __future__ import annotations

from typing import Any

from labkit.explore.explored import Explored
from labkit.explore.independence import Footprint, Place, Rule, dependent
from labkit.explore.machine import ExploreMachine, Strayed, joined

Sequence = list[tuple[int, Footprint]]
"""Operations to come: (index of the thread, what it touches)."""


class Branch:
    """A wakeup tree's edge: this thread's operation next, then one of the branches below."""

    __slots__ = ("below", "footprint", "thread")

    def __init__(self, thread: int, footprint: Footprint | None) -> None:
        self.thread = thread
        self.footprint = footprint
        self.below: list[Branch] = []


class Step:
    """One operation of the current schedule, and what is to be tried instead of it."""

    __slots__ = ("argument", "asked", "before", "clock", "footprint", "nth", "rule", "sleep", "state", "thread", "tree")

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
    sleep: dict[int, Footprint]
    tree: list[Branch]


class Search:
    """Depth first over all different schedules; a Strategy for ExploreMachine.

    Attributes:
        steps: the operations of the current schedule; each carries what remains to be tried at its place.
        touched: place → positions of the steps that touched it, in order.
        redundant: runs cut short because every continuation had been seen; 0 if the search is optimal.
    """

    def __init__(self, steps_most: int = 20_000) -> None:
        self.steps_most = steps_most
        self.too_long = False
        self.steps: list[Step] = []
        self.touched: dict[Place, list[int]] = {}
        self.redundant = 0
        self.cut = False
        self.kept = 0

    # ---- during a run

    def choose(self, machine: ExploreMachine) -> Explored | None:
        """Extend the schedule by one step: what the wakeup tree says, else any thread that is not asleep."""
        steps = self.steps
        position = machine.position
        if position == len(steps):
            self.too_long = position >= self.steps_most
            step = None if self.too_long else self._new_step(machine)
            if step is None:
                return None
            steps.append(step)
        else:
            step = steps[position]
        thread = machine.by_index.get(step.tree[0].thread)
        if thread is None or not can_happen(thread):
            machine.failure = Strayed(None)
            return None
        self._take(step, thread, position)
        return thread

    def _new_step(self, machine: ExploreMachine) -> Step | None:
        step = Step()
        if self.steps:
            parent = self.steps[-1]
            done = parent.footprint
            step.sleep = {i: f for i, f in parent.sleep.items() if not dependent(f, done)} if parent.sleep else {}
            step.tree = parent.tree[0].below
            last = parent.thread
        else:
            step.sleep, step.tree, last = {}, [], -1
        if not step.tree:
            first, possible = None, False
            for thread in machine.threads:
                if thread.op is not None and can_happen(thread):
                    possible = True
                    if thread.index not in step.sleep:
                        if thread.index == last:
                            first = thread
                            break
                        first = first or thread
            if first is None:
                self.cut = possible
                return None
            step.tree = [Branch(first.index, None)]
        return step

    def _take(self, step: Step, thread: Explored, position: int) -> None:
        """The operation happens: settle what it touches, and its vector clock."""
        op = thread.op
        assert op is not None
        step.thread = thread.index
        step.rule, step.argument, step.asked = op.rule, op.argument, op.footprint
        step.state = settle(thread)
        footprint = step.footprint = step.tree[0].footprint = thread.did
        step.before = thread.clock
        clock = thread.clock + [0] * (thread.index + 1 - len(thread.clock))
        steps = self.steps
        for place, write in footprint:
            history = self.touched.get(place)
            if history is None:
                self.touched[place] = [position]
                continue
            for k in reversed(history):
                other = steps[k]
                wrote = writes(other.footprint, place)
                if write or wrote:
                    clock = joined(clock, other.clock)
                if wrote:
                    break
            history.append(position)
        clock[thread.index] += 1
        step.nth = clock[thread.index]
        step.clock = thread.clock = clock

    # ---- between runs

    def next_prefix(self) -> bool:
        """Leave the last schedule and go to the next, which keeps its first `kept` steps; False when all are done."""
        steps = self.steps
        while steps:
            step = steps[-1]
            for place, _ in step.footprint:
                self.touched[place].pop()
            del step.tree[0]
            step.sleep[step.thread] = step.footprint
            if step.tree:
                self.kept = len(steps) - 1
                return True
            steps.pop()
        return False

    def find_races(self, machine: ExploreMachine) -> None:
        """Note every race of the schedule just run in the wakeup tree where it can be turned round."""
        for j in range(self.kept, len(self.steps)):
            step = self.steps[j]
            if step.rule is not None and step.rule.enabled is not None:
                self._blocking_race(step.thread, step.footprint, step.rule, step.before, j)
            else:
                self._races(step, j)
        for thread in machine.threads:  # an operation that never became possible may have been so earlier
            if thread.op is not None and thread.op.rule is not None and thread.op.rule.enabled is not None:
                footprint = ((thread.op.footprint[0][0], True),)
                self._blocking_race(thread.index, footprint, thread.op.rule, thread.clock, len(self.steps))

    def _races(self, step: Step, j: int) -> None:
        steps = self.steps
        before = step.before
        rivals: list[int] = []
        for place, write in step.footprint:
            history = self.touched[place]
            k = history.index(j) if history[-1] != j else len(history) - 1
            read_since = False
            for i in reversed(history[:k]):
                wrote = writes(steps[i].footprint, place)
                if wrote:
                    if not read_since:
                        rivals.append(i)
                    break
                if write:
                    read_since = True
                    rivals.append(i)
        for i in rivals:
            rival = steps[i]
            if rival.thread == step.thread or seen(before, rival):
                continue
            if any(k != i and seen(steps[k].clock, rival) for k in rivals):
                continue  # another rival came in between
            footprint = step.footprint
            if step.rule is not None:
                write = step.rule.writes(self._state_before(rival, step), step.thread, step.argument)
                footprint = ((footprint[0][0], write), *footprint[1:])
            self._turn_round(i, (step.thread, footprint))

    @staticmethod
    def _state_before(rival: Step, step: Step) -> Any:
        """The primitive's state if the step came before its rival."""
        return state_at(rival, step.footprint[0][0]) if rival.rule is not None else step.state

    def _blocking_race(self, thread: int, footprint: Footprint, rule: Rule, before: list[int], j: int) -> None:
        """As _races, for an operation that is not always possible: the nearest steps before which it would have been."""
        steps = self.steps
        (place, write), *_ = footprint
        history = [i for i in self.touched.get(place, ()) if i < j]
        rivals: list[int] = []
        for n in range(len(history) - 1, -1, -1):
            rival = steps[history[n]]
            if not (write or writes(rival.footprint, place)) or rival.thread == thread or seen(before, rival):
                continue
            if any(seen(steps[k].clock, rival) for k in rivals):
                continue
            state = state_at(rival, place)
            for k in history[n + 1 :]:
                rule_k = steps[k].rule
                if rule_k is not None and rule_k.after is not None and not seen(steps[k].clock, rival):
                    state = rule_k.after(state)
            if rule.enabled is not None and rule.enabled(state, thread):
                rivals.append(history[n])
                self._turn_round(history[n], (thread, footprint))

    def _turn_round(self, i: int, last: tuple[int, Footprint]) -> None:
        """Let `last` come before step i: what does not depend on step i, then `last`, as a beginning at place i."""
        rival = self.steps[i]
        sequence = [(s.thread, s.footprint) for s in self.steps[i + 1 :] if not seen(s.clock, rival)]
        sequence.append(last)
        for thread, footprint in rival.sleep.items():
            if begins(thread, footprint, sequence):
                return
        insert(rival.tree, sequence)


def settle(thread: Explored) -> Any:
    """The operation happens: set what it touches in fact; returns the primitive's state before."""
    op = thread.op
    assert op is not None
    if op.rule is None:
        thread.did = op.footprint
        return None
    state = op.state(op.on)  # type: ignore[misc]
    (place, _), *rest = op.footprint
    thread.did = ((place, op.rule.writes(state, thread.index, op.argument)), *rest)
    return state


def can_happen(thread: Explored) -> bool:
    """Whether the thread's next operation is possible now."""
    op = thread.op
    if op is None:
        return False
    rule = op.rule
    return rule is None or rule.enabled is None or rule.enabled(op.state(op.on), thread.index)  # type: ignore[misc]


def state_at(step: Step, place: Place) -> Any:
    """The state, before the step, of the primitive at this place. A condition's wait gives up the lock, which its thread had."""
    return step.state if step.footprint[0][0] == place else step.thread


def writes(footprint: Footprint, place: Place) -> bool:
    """Whether an operation writes this place, one of those it touches."""
    return any(other == place and write for other, write in footprint)


def seen(clock: list[int], step: Step) -> bool:
    """Whether a vector clock includes the step."""
    return len(clock) > step.thread and clock[step.thread] >= step.nth


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
