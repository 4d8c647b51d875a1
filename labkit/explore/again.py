"""replay(): a program again, along a schedule that explore() wrote down or that a person made up."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any, cast

from labkit import here
from labkit.draw import draw
from labkit.errors import BadSchedule, LabError, NestedRun
from labkit.explore.buffers import Buffer
from labkit.explore.explored import Explored
from labkit.explore.failures import Act, Failure, look
from labkit.explore.follow import Follow, Recorder
from labkit.explore.ground import Ground
from labkit.explore.memory import recall
from labkit.explore.rewriting import Rewriting
from labkit.explore.session import Limits, Session
from labkit.explore.shim import check, names_for
from labkit.explore.watch import Watch
from labkit.explore.weak import check_memory, hooks_for, machine_for
from labkit.machines import Machine
from labkit.program import Run
from labkit.tracelog import Schedule

LEARN_RUNS, LEARN_STEPS = 5_000, 1_000_000
"""How much of an unknown program is explored to learn where its scheduling points are."""


class Replayed(Run):
    """A run along a schedule. What run() would raise is its `failure`.

    Attributes:
        failure: what went wrong; None if nothing did.
        steps: what happened, step by step, in the student's words.
    """

    def __init__(self, main: Explored, recorder: Recorder) -> None:
        threads = [t for t in recorder.threads if not isinstance(t, Buffer)]
        face = SimpleNamespace(
            trace=recorder.trace, decisions=recorder.decisions, exact=True, threads=threads, name=recorder.name,
            policy=SimpleNamespace(name="replay"),
        )  # fmt: skip
        super().__init__(main, cast(Machine, face))
        self.steps: list[Act] = recorder.acts
        found = look(main, recorder)
        self.failure = found and Failure(found.kind, found.error, str(self.schedule), self.steps, trace=self.trace)

    def lockgraph(self, **options: Any) -> Any:
        """Who held what and waited for whom, step by step: the wait-for graph."""
        return draw("lockgraph", self.trace, **options)


def replay(
    main: Callable[[], Any], schedule: Schedule | str | Iterable[str], machine: str | None = None, memory: str = "sc"
) -> Replayed:
    """Run a program along a schedule of explore(); after the schedule's end, the current thread goes on as long as it can.

    Args:
        main: the program that was explored, unchanged.
        schedule: text such as "A A B A", or thread names: one for each step.
        machine: as explore() was given.
        memory: "sc" or "tso", as it was for explore().

    Raises:
        BadSchedule: the schedule names a thread that cannot run at that step.
    """
    if not callable(main):
        raise LabError(f"replay({main!r}): a program is a function without arguments; write replay(main, schedule)")
    if not isinstance(here.machine, here.Nobody):
        raise NestedRun
    check(machine)
    names = Schedule.parse(schedule) if isinstance(schedule, str) else Schedule(schedule)
    check_memory(memory, "replay")
    ground = Ground(machine, memory)
    try:
        return _replay_on(ground, main, names)
    except BadSchedule as error:
        with contextlib.suppress(BadSchedule):
            return _replay_on(ground._replace(spurious=True), main, names)  # it may tell of a wake-up without a notify
        raise error from None


def _replay_on(ground: Ground, main: Callable[[], Any], names: Schedule) -> Replayed:
    watch = Watch(main, ground)
    watch.names = names_for(ground.names, watch)
    if recall(main, watch):
        with contextlib.suppress(BadSchedule):
            run = run_along(main, names, watch)
            if not watch.learnt:
                return run
    session = Session(main, Limits(runs=LEARN_RUNS, work=LEARN_STEPS))
    session.ground = ground
    session.explore()
    for _ in range(100):
        run = run_along(main, names, session.watch)
        if not session.watch.learnt:
            break
    return run


def run_along(main: Callable[[], Any], names: Schedule, watch: Watch) -> Replayed:
    """One run along a schedule, of a program whose shared places are known."""
    program = Rewriting(watch, hooks_for(watch.memory))
    recorder = machine_for(watch.memory, Recorder)(Follow(names), program)
    watch.begin()
    try:
        return Replayed(recorder.execute(main), recorder)
    finally:
        watch.end()
        program.close()
