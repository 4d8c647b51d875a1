"""A program and its run: run(main) on any machine, under any policy, and what comes back.

A program is an ordinary function without arguments. It creates threads with spawn(), uses labkit's primitives and plain
Python data, and returns a value. The same function runs unchanged on every machine.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

from labkit import here, machines, policies
from labkit.draw import draw
from labkit.errors import Deadlock, LabError, NestedRun
from labkit.limits import TIMESLICE_MIN_MS, TIMESLICE_MS
from labkit.machines import Cooperative, Machine, Pthread
from labkit.policies import Policy, Replay
from labkit.thread import Thread
from labkit.tracelog import Schedule, Trace

Member = TypeVar("Member", Machine, Policy)


class Run:
    """One start to end of a program.

    Attributes:
        result: what main() returned.
        trace: what happened, in order.
        schedule: who went on at each scheduling point; run(main, policy=Replay(schedule)) does it again.
        threads: all threads of the run, in order of creation; the first is main.
        machine, policy: names of what ran it.
    """

    def __init__(self, main: Thread, machine: Machine) -> None:
        self.result = main.result
        self.trace: Trace = machine.trace
        self.schedule = Schedule(machine.decisions, machine.exact)
        self.threads: list[Thread] = machine.threads
        self.machine = machine.name
        self.policy = machine.policy.name

    def timeline(self, **options: Any) -> Any:
        """Who ran when, who waited for what: a picture to zoom and scrub."""
        return draw("timeline", self.trace, **options)

    def runqueue(self, **options: Any) -> Any:
        """The run queue, step by step: a picture with a stepper."""
        return draw("runqueue", self.trace, **options)

    def __repr__(self) -> str:
        counts = f"{len(self.threads)} threads, {len(self.trace)} events"
        return f"<Run on {self.machine}, {self.policy}: result {self.result!r}, {counts}>"


def run(
    main: Callable[[], Any],
    machine: str | Machine | type[Machine] = "cooperative",
    policy: str | Policy | type[Policy] | None = None,
    *,
    timeslice_ms: float | None = None,
    timeslice_points: int | None = None,
    seed: int = 0,
    clock: str | None = None,
    trace: bool = True,
) -> Run:
    """Run a program to its end.

    Args:
        main: the program, a function without arguments.
        machine: "cooperative", "preemptive" or "pthread", or a machine object.
        policy: who runs next: "fifo", "round_robin", "priority", "mlfq", "lottery", "fair", "human", or a policy object.
            Default: fifo on the cooperative machine, round_robin on the others. fifo never preempts.
        timeslice_ms: preemptive: how long a thread runs before SIGALRM takes the processor from it. pthread in free
            mode: CPython's switch interval. No effect on the cooperative machine.
        timeslice_points: preemptive and pthread: preempt after so many scheduling points instead; exact, no timer.
        seed: for policies that draw lots.
        clock: cooperative: "virtual" (default) or "real".
        trace: False keeps no trace and no schedule, and is faster.

    Raises:
        Deadlock: no thread could run any more.
        LabError: something about the call is wrong; the text says what.
        Exception: what main raised, or what a thread raised that nobody joined.
    """
    if not callable(main):
        raise LabError(f"run({main!r}): a program is a function without arguments; write run(main), not run(main())")
    _check_arguments(main)
    if timeslice_ms is not None and not (_is_number(timeslice_ms) and timeslice_ms >= TIMESLICE_MIN_MS):
        raise LabError(
            f"timeslice_ms={timeslice_ms!r}: give at least {TIMESLICE_MIN_MS} ms; a shorter one is over before it starts"
        )
    if timeslice_points is not None and not (isinstance(timeslice_points, int) and timeslice_points >= 1):
        raise LabError(f"timeslice_points={timeslice_points!r}: give a whole number of at least 1")
    if not isinstance(here.machine, here.Nobody):
        raise NestedRun
    body = _machine(machine, clock, baton=policy is not None or timeslice_points is not None)
    chosen = _policy(policy if policy is not None else "fifo" if body.name == "cooperative" else "round_robin")
    body.reset(chosen, timeslice_ms or TIMESLICE_MS, timeslice_points, seed, trace)
    try:
        return Run(body.execute(main), body)
    except Deadlock as deadlock:
        deadlock.trace = body.trace
        deadlock.schedule = Schedule(body.decisions, body.exact)
        raise


def _machine(machine: object, clock: str | None, baton: bool) -> Machine:
    """A machine from what run() was given."""
    if isinstance(machine, Machine):
        if clock not in (None, machine.clock):
            raise LabError(f"clock={clock!r} beside a machine object: give it to the machine, as in Cooperative(clock={clock!r})")
        return machine
    kind = _find(machines.ALL, machine, "machine")
    if kind is Cooperative:
        return Cooperative(clock or "virtual")
    if clock is not None:
        raise LabError(f"clock={clock!r}: only the cooperative machine has a choice; drop it here")
    return Pthread("baton" if baton else "free") if kind is Pthread else kind()


def _policy(policy: object) -> Policy:
    """A policy from what run() was given."""
    if isinstance(policy, Policy):
        return policy
    kind = _find(policies.ALL, policy, "policy")
    if kind is Replay:
        raise LabError("policy='replay' needs a schedule to follow: policy=Replay(schedule)")
    return kind()


def _find(family: tuple[type[Member], ...], wanted: object, word: str) -> type[Member]:
    """The member of a family that is meant by its name or its class."""
    for kind in family:
        if wanted is kind or wanted == kind.name:
            return kind
    names = ", ".join(k.name for k in family)
    raise LabError(f"{word}={wanted!r}: choose one of {names}, or give a {word} object")


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _check_arguments(main: Callable[..., Any]) -> None:
    """main must be callable without arguments."""
    try:
        inspect.signature(main).bind()
    except TypeError as error:
        name = getattr(main, "__name__", "main")
        raise LabError(
            f"run({name}): {name}() is called without arguments, but {error}. Wrap it: run(lambda: {name}(...))"
        ) from None
    except ValueError:
        pass  # a C function without a signature: the call will tell
