"""Every schedule of a small program: explore(main) runs each different one once, and says what it found.

Read in this order: independence (what can change places unnoticed), clocks, spin, machine (one run), search (which runs),
source, scopes, instrument, statements (how plain Python is observed), kinds, watch, containers, rewriting, attributes,
calls, hooks (what is observed), then session, which puts it together; shim, for the names of threading and queue; weak, for
memory="tso".
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from labkit.errors import LabError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from labkit.explore.again import Replayed
    from labkit.explore.choosing import Wishes
    from labkit.explore.ground import Ground
    from labkit.explore.session import Limits, Session
    from labkit.explore.verdict import Verdict


def explore(
    main: Callable[[], Any],
    *,
    machine: str | None = None,
    bound: int | None = None,
    delays: int | None = None,
    walk: str | None = None,
    seed: int = 0,
    runs: int | None = None,
    seconds: float | None = None,
    steps: int = 20_000,
    races: bool = False,
    workers: int = 1,
    spurious: bool = False,
    memory: str = "sc",
) -> Verdict:
    """Run every different schedule of a program, each once; or, of a large one, some.

    Args:
        main: the program, a function without arguments, as in run(); it uses labkit's primitives and plain Python data.
        machine: "threading" if it uses the names of the modules threading and queue, which mean labkit's meanwhile.
        bound: run only schedules with at most so many preemptions, those with fewer first.
        delays: run only schedules that depart at most so many times from round robin.
        walk: "random" or "pct": draw schedules by lot; runs= or seconds= says how many (default 1,000 runs).
        seed: for walk; equal seeds draw equal schedules.
        runs: end after so many runs.
        seconds: end after so long.
        steps: a run with more steps than this ends the exploration.
        workers: with walk: share the runs out to so many copies of this Python. Other searches go on alone.
        spurious: run everything once more, with threads that may wake once at a condition although nobody notified.
        races: a data race is a failure too: two accesses to one place, one of them a write, that nothing orders.
        memory: "sc": what a thread writes is seen by all at once; "tso": writes wait in store buffers, as on x86.

    Returns:
        A Verdict. Its `passed` is True only if every schedule was run, none fails, and nothing escaped observation.

    Raises:
        LabError: something about the call is wrong; the text says what.
    """
    from labkit.explore.choosing import Wishes
    from labkit.explore.ground import Ground
    from labkit.explore.session import Limits
    from labkit.explore.shim import check
    from labkit.explore.weak import check_memory

    if not callable(main):
        raise LabError(f"explore({main!r}): a program is a function without arguments; write explore(main), not explore(main())")
    check(machine)
    wishes = Wishes(bound, delays, walk, seed)
    wishes.check(runs, seconds, steps, workers)
    check_memory(memory, "explore", races)
    if walk is not None and runs is None and seconds is None:
        runs = 1000
    make = partial(_session, main, Limits(runs, seconds, steps), wishes, races, workers)
    ground = Ground(machine, memory)
    verdict = make(ground).explore()
    if not spurious or verdict.failures:
        return verdict
    return make(ground._replace(spurious=True)).explore().join(verdict)


def _session(main: Callable[[], Any], limits: Limits, wishes: Wishes, races: bool, workers: int, ground: Ground) -> Session:
    """An exploration of the kind that is wanted, not yet begun."""
    from labkit.explore.races import RaceSession
    from labkit.explore.session import Session

    session: Session
    if workers > 1 and not races:
        from labkit.explore.together import ParallelSession

        session = ParallelSession(main, limits, wishes, workers)
    else:
        session = (RaceSession if races else Session)(main, limits, wishes)
    session.ground = ground
    return session


def replay(main: Callable[[], Any], schedule: str | Iterable[str], machine: str | None = None, *, memory: str = "sc") -> Replayed:
    """Run a program along a schedule that explore() found; after its end, the current thread goes on as long as it can.

    Args:
        main: the program, unchanged.
        schedule: text such as "A A B A", or thread names: one for each step. "A~" is A's store buffer: with memory="tso",
            its oldest write goes to memory.
        machine: as for explore().
        memory: "sc" or "tso", as it was for explore().

    Returns:
        A Run, with what happened step by step in `steps` and what went wrong in `failure`.
    """
    from labkit.explore import again

    return again.replay(main, schedule, machine, memory)


__all__ = ["explore", "replay"]
