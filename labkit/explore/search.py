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
from labkit.explore.independence import Footprint, Rule, dependent
from labkit.explore.machine import ExploreMachine, Strayed
from labkit.explore.spin import can_happen
from labkit.explore.steps import Step, Steps, seen, state_at
from labkit.explore.wakeup import Branch, begins, insert


class Choice(Step):
    """A step, and what is to be tried instead of it.

    Attributes:
        sleep: threads that would only lead where the search has been, with what they would touch.
        tree: what is to be tried here; the first branch is what is being run.
    """

    __slots__ = ("sleep", "tree")

    sleep: dict[int, Footprint]
    tree: list[Branch]


class Search(Steps):
    """Depth first over all different schedules.

    Attributes:
        steps: each carries what remains to be tried at its place.
    """

    complete = True

    def more(self, machine: ExploreMachine) -> bool:
        """After a run: note its races, and go to the next schedule."""
        if not self.cut:
            self.find_races(machine)
        return self.next_prefix()

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
        thread = self._first_branch(step, machine)
        if thread is None:
            steps.pop()
            return None
        planned = step.tree[0].footprint
        self.take(step, thread, position)
        if planned is not None and not machine.attentive and not _is_of(planned, step):
            machine.failure = Strayed(None)
            return None
        step.tree[0].footprint = step.footprint
        return thread

    def _new_step(self, machine: ExploreMachine) -> Choice | None:
        step = Choice()
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

    def _first_branch(self, step: Choice, machine: ExploreMachine) -> Explored | None:
        """The thread of the first branch that can be followed."""
        while step.tree:
            thread = machine.by_index.get(step.tree[0].thread)
            if thread is not None and can_happen(thread):
                return thread
            if not machine.attentive:
                machine.failure = Strayed(None)
                return None
            del step.tree[0]  # a thread that waits in a loop cannot do what it did when the branch was planned
            self.lost = self.cut = True
        return None

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
        for j in range(len(self.steps)):
            step = self.steps[j]
            if step.rule is not None and step.rule.enabled is not None:
                self._blocking_race(step.thread, step.footprint, step.rule, step.before, j)
            else:
                self._races(step, j)
        for thread in machine.threads:  # an operation that never became possible may have been so earlier
            if thread.op is not None and thread.op.rule is not None and thread.op.rule.enabled is not None:
                self._blocking_race(thread.index, thread.op.footprint, thread.op.rule, thread.clock, len(self.steps))

    def _races(self, step: Step, j: int) -> None:
        steps = self.steps
        before = step.before
        rivals: list[int] = []
        for place, write in step.footprint:
            history = self.touched[place]
            k = history.index(j) if history[-1] != j else len(history) - 1
            read_since = False
            for i in reversed(history[:k]):
                wrote = steps[i].writes(place)
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
            elif step.argument is not None and rival.writes(step.asked[1][0]):
                footprint = step.asked[1:]  # the write that it read from memory was still in its own store buffer
            self._turn_round(i, (step.thread, footprint))

    @staticmethod
    def _state_before(rival: Step, step: Step) -> Any:
        """The primitive's state if the step came before its rival."""
        return state_at(rival, step.footprint[0][0]) if rival.rule is not None else step.state

    def _blocking_race(self, thread: int, footprint: Footprint, rule: Rule, before: list[int], j: int) -> None:
        """As _races, for an operation that is not always possible: the nearest steps before which it would have been."""
        steps = self.steps
        place = footprint[0][0]
        history = [i for i in self.touched.get(place, ()) if i < j]
        rivals: list[int] = []
        for i in reversed(history):
            rival = steps[i]
            if rival.thread == thread or seen(before, rival) or any(seen(steps[k].clock, rival) for k in rivals):
                continue
            state = state_at(rival, place)
            assert rule.enabled is not None
            if rule.enabled(state, thread):
                write = rule.writes(state, thread, None)
                if write or rival.writes(place):
                    rivals.append(i)
                    self._turn_round(i, (thread, ((place, write),)))

    def _turn_round(self, i: int, last: tuple[int, Footprint]) -> None:
        """Let `last` come before step i: what does not depend on step i, then `last`, as a beginning at place i."""
        rival = self.steps[i]
        sequence = [(s.thread, s.footprint) for s in self.steps[i + 1 :] if not seen(s.clock, rival)]
        sequence.append(last)
        for thread, footprint in rival.sleep.items():
            if begins(thread, footprint, sequence):
                return
        insert(rival.tree, sequence)


def _is_of(planned: Footprint, step: Step) -> bool:
    """Whether the step touches what it touched when it was planned: a program that does not repeat itself does not."""
    places = {place for place, _ in (*step.asked, *step.footprint)}
    return all(place in places for place, _ in planned)
