"""verdict.play(): a program stands still, and a person says which thread takes the next step.

Nothing is kept between two steps: the program runs again along the schedule so far, and before anything else happens one
looks where each thread stands. So to take a step back is to run a step less.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from labkit.draw import draw
from labkit.errors import LabError
from labkit.explore import hints
from labkit.explore.explain import explain
from labkit.explore.explored import Explored
from labkit.explore.failures import Failure, Found, look
from labkit.explore.follow import Follow
from labkit.explore.listing import listing
from labkit.explore.rewriting import Rewriting
from labkit.explore.standing import Known, Standing
from labkit.explore.tree import told
from labkit.explore.weak import hooks_for, machine_for
from labkit.explore.witness import VALUE_MOST, shorten
from labkit.thread import RUNNABLE
from labkit.tracelog import Schedule

if TYPE_CHECKING:
    from labkit.explore.verdict import Verdict

FAILURES_SEEN = 5
"""Failing schedules that are run at the start, so that the places which only they touch have a name from the beginning."""


def play(verdict: Verdict, schedule: str, options: dict[str, Any]) -> Any:
    """The program of a verdict as a picture in which one chooses who goes next."""
    if verdict.origin is None or not verdict.runs:
        raise LabError(
            f"verdict.play(): no schedule of this program could be run, so there is nothing to step through. {verdict}"
        )
    stepping = Stepping(verdict)
    source, first_line = listing(stepping.main, stepping.known.lines)
    return draw("scheduler", stepping, source=source, first_line=first_line, schedule=schedule, **options)


class Stepping:
    """Answers what a program is like after a schedule: Stepping(verdict)(["A", "B"]).

    Attributes:
        main: the program.
        known: what is known of its places.
    """

    def __init__(self, verdict: Verdict) -> None:
        assert verdict.origin is not None
        self.verdict = verdict
        self.origin = verdict.origin
        self.main = verdict.origin.main
        self.known = Known()
        looks_for = type(self.origin).machine_class
        # Why: it must see whatever this kind of exploration looks for, such as data races.
        self.kind: Any = Standing if issubclass(Standing, looks_for) else type("Standing", (Standing, looks_for), {})
        self._run(Follow(()))
        for failure in verdict.failures[:FAILURES_SEEN]:
            self._run(Follow(failure.order))

    def __call__(self, schedule: Sequence[str]) -> dict[str, Any]:
        """The state after these threads, by name, have taken one step each: see labkit.views.turns.State.

        Raises:
            BadSchedule: a thread cannot take its step.
        """
        machine, main = self._run(Halt(schedule))
        state = {"threads": machine.picture, "values": machine.values, "outcome": None, "failure": None, "notes": []}
        can_go_on = any(thread["status"] == RUNNABLE for thread in machine.picture)
        found = self._lost(schedule, machine) if can_go_on and main.error is None else look(main, machine)
        if can_go_on and found is None:
            return {**state, "notes": [hints.aim(self.verdict)]}
        race = next(iter(getattr(machine, "races", {}).values()), None)
        if found is None and race is not None:
            found = Found("data_race", *race)
        if found is None:
            return {**state, "outcome": shorten(told(main.result), VALUE_MOST), "notes": [hints.missed(self.verdict)]}
        failure = Failure(found.kind, found.error, str(Schedule(schedule)), machine.acts)
        index = {thread.name: thread.index for thread in machine.threads}
        failure.order = tuple(index[name] for name in schedule)
        explained = explain(self.verdict, failure)
        lines = str(explained).splitlines()[:-1]  # the schedule stands in the picture anyway
        if found.kind not in ("assertion", "exception"):
            return {**state, "failure": explained.title, "notes": [*lines[1:], hints.mend(self.verdict)]}
        text = re.sub(r", `.*`\)$", ")", failure.text, flags=re.DOTALL) if str(found.error) else failure.text
        return {**state, "failure": text, "notes": [*lines, hints.mend(self.verdict)]}

    def _lost(self, schedule: Sequence[str], machine: Any) -> Found | None:
        """What is wrong already, although some can go on: a thread has ended with an error which nobody will catch."""
        died = [thread.error for thread in machine.threads if thread.error is not None]
        if machine.livelock is not None:
            return look(machine.threads[0], machine)
        if not died:
            return None
        after, main = self._run(Follow(schedule))  # Why: whoever joins the thread may expect the error
        found = look(main, after)
        return found if found is not None and any(repr(error) == repr(found.error) for error in died) else None

    def _run(self, chooser: Follow) -> tuple[Any, Explored]:
        watch = self.origin.watch
        program = Rewriting(watch, hooks_for(watch.memory))
        machine = machine_for(watch.memory, self.kind)(chooser, program, self.origin.machine and self.origin.machine.indices)
        machine.known = self.known
        known = [set(places) for places in (watch.watched, watch.rebound, watch.timed)]
        watch.begin()
        try:
            return machine, machine.execute(self.main)
        finally:
            with contextlib.suppress(KeyboardInterrupt):
                watch.end()
            program.close()
            watch.watched, watch.rebound, watch.timed = known  # Why: a schedule means the same steps only with the same places


class Halt(Follow):
    """Follows a schedule, and ends the run where it ends."""

    def choose(self, machine: Any) -> Explored | None:
        """The thread that the schedule names; after its end nobody, once the machine has looked around."""
        if self.step < len(self.schedule):
            return super().choose(machine)
        machine.look_around()
        return None
