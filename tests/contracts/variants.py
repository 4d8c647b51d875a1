"""The machines as the contract tests meet them: every member of the family in every form it can take.

`go` runs a program on a variant. Tests on real clocks wait for events (`until`), never for luck: a timeout that must end
is short because nobody will ever come, one that must not end is a minute.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from labkit import Run, now, run, sched_yield
from labkit.errors import NotInRun
from labkit.limits import STORM_TIMESLICE_MS
from labkit.machines import Cooperative, Machine, Preemptive, Pthread

SOON = 0.002
"""Seconds; a timeout that must end, because nobody is there to come first."""
LONG = 60.0
"""Seconds; a timeout that must not end, because somebody always comes first."""


@dataclass(frozen=True)
class Variant:
    """One machine in one form."""

    name: str
    make: Callable[[], Machine]
    settings: dict[str, Any] = field(default_factory=dict)
    virtual: bool = True
    exact: bool = True
    """Threads change places at scheduling points only: the same program gives the same run."""
    alarm: bool = False
    """Needs a signal, and so the main thread."""


VARIANTS = (
    Variant("cooperative", Cooperative),
    Variant("cooperative-real", lambda: Cooperative(clock="real"), virtual=False, exact=False),
    Variant("points-1", Preemptive, {"timeslice_points": 1}),
    Variant("points-2", Preemptive, {"timeslice_points": 2}),
    Variant("points-7", Preemptive, {"timeslice_points": 7}),
    Variant("alarm", Preemptive, {"timeslice_ms": STORM_TIMESLICE_MS}, virtual=False, exact=False, alarm=True),
    Variant(
        "cpu-alarm", lambda: Preemptive("virtual"), {"timeslice_ms": STORM_TIMESLICE_MS}, virtual=False, exact=False, alarm=True
    ),
    Variant("free", lambda: Pthread("free"), virtual=False, exact=False),
    Variant("baton", lambda: Pthread("baton")),
    Variant("baton-points-1", lambda: Pthread("baton"), {"timeslice_points": 1}),
    Variant("baton-points-2", lambda: Pthread("baton"), {"timeslice_points": 2}),
)
EXACT = tuple(v for v in VARIANTS if v.exact)
VIRTUAL = tuple(v for v in VARIANTS if v.virtual)


def each(variants: tuple[Variant, ...]) -> pytest.MarkDecorator:
    """Run a test with `v` as each of these variants."""
    return pytest.mark.parametrize("v", [pytest.param(v, id=v.name) for v in variants])


def go(v: Variant, main: Callable[[], Any], **settings: Any) -> Run:
    """Run a program on a variant."""
    return run(main, v.make(), **(v.settings | settings))


def result(v: Variant, main: Callable[[], Any], **settings: Any) -> Any:
    """What a program returns on a variant."""
    return go(v, main, **settings).result


def until(claim: Callable[[], Any]) -> None:
    """Let others run until the claim is true."""
    while not claim():
        sched_yield()


def blocked(*threads: Any) -> Callable[[], bool]:
    """The claim that all these threads are blocked."""
    return lambda: all(t.state == "BLOCKED" for t in threads)


def os_threads() -> set[str]:
    """The OS threads of this process."""
    return set(os.listdir("/proc/self/task")) if sys.platform == "linux" else {str(t.native_id) for t in threading.enumerate()}


def outside() -> dict[str, Any]:
    """All that a run could leave behind in the process, apart from OS threads."""
    return {
        "handlers": [signal.getsignal(s) for s in (signal.SIGINT, signal.SIGALRM, signal.SIGVTALRM)],
        "timers": [signal.getitimer(t) for t in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL)],
        "mask": signal.pthread_sigmask(signal.SIG_BLOCK, []),
        "switch interval": sys.getswitchinterval(),
        "Python threads": threading.active_count(),
    }


def check_nothing_is_left(before: dict[str, Any], threads: set[str]) -> None:
    """The process is as it was, and a new run works."""
    with pytest.raises(NotInRun):
        now()
    assert outside() == before
    # Why: pthread_join returns when the kernel has cleared the tid, which is a moment before /proc forgets the task.
    deadline = time.monotonic() + 10
    while os_threads() - threads and time.monotonic() < deadline:
        time.sleep(0)
    assert os_threads() - threads == set()
    assert run(lambda: "works").result == "works"
