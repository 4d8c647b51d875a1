"""What can be wrong with one run, and the kinds of it."""

from __future__ import annotations

import contextlib
import os
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from labkit.errors import Deadlock, LabError
from labkit.explore.explored import Explored
from labkit.explore.machine import ExploreMachine
from labkit.explore.spin import Spinning
from labkit.sync import Condition, Event, WaitQueue
from labkit.thread import EXITED
from labkit.tracelog import Trace

PACKAGE = str(Path(__file__).parents[1]) + os.sep
KINDS = ("assertion", "exception", "deadlock", "lost_wakeup", "livelock", "data_race")


def is_ours(filename: str) -> bool:
    """Whether a file belongs to labkit, or stands between it and the student's code: `with lock.read():`."""
    return filename.startswith(PACKAGE) or filename == contextlib.__file__


class Act(NamedTuple):
    """One step of a schedule, in the student's words."""

    thread: str
    verb: str
    place: str
    line: int
    value: Any = None

    def __str__(self) -> str:
        value = "" if self.value is None else f" {self.value!r}" if self.verb == "writes" else f": {self.value!r}"
        where = f", line {self.line}" if self.line else ""
        return f"{self.thread} {self.verb} {self.place}{value}{where}".replace("  ", " ")


@dataclass
class Failure:
    """One way in which a program fails.

    Attributes:
        kind: one of KINDS.
        error: what was raised; for a deadlock a labkit Deadlock, which knows who waits for whom.
        schedule: a schedule that leads there, with the fewest preemptions, then shortest: thread names, one for each step.
        steps: the same, step by step, with what is read and written.
        preemptions: how often it takes the processor from a thread that could have gone on.
        runs: how many of the explored schedules fail in this way.
        trace: what happened, for pictures.
    """

    kind: str
    error: BaseException
    schedule: str = ""
    steps: list[Act] = field(default_factory=list)
    preemptions: int = 0
    runs: int = 1
    trace: Trace | None = field(default=None, repr=False)
    order: tuple[int, ...] = field(default=(), repr=False)

    @property
    def text(self) -> str:
        """The error in one line or a few."""
        name = type(self.error).__name__
        said = str(self.error)
        if isinstance(self.error, Deadlock):
            return "; ".join(map(str, sorted(self.error.blocked, key=lambda w: w.waits_for.startswith("the end of"))))
        where = _where(self.error)
        return (f"{name}: {said}" if said else name) + where

    def __str__(self) -> str:
        return f"{self.kind.replace('_', ' ')}: {self.text}"

    def timeline(self, **options: Any) -> Any:
        """The failing schedule as a picture."""
        from labkit.draw import draw

        return draw("timeline", self.trace, **options)

    def lockgraph(self, **options: Any) -> Any:
        """Who held what and waited for whom, step by step: the wait-for graph of the failing schedule."""
        from labkit.draw import draw

        return draw("lockgraph", self.trace, **options)


def _where(error: BaseException) -> str:
    """The student's line where an error was raised."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if not is_ours(f.filename)]
    if not frames:
        return ""
    code = f", `{frames[-1].line}`" if frames[-1].line else ""
    return f" (line {frames[-1].lineno}{code})"


class Found(NamedTuple):
    """What was wrong with a run, before it is told in full."""

    kind: str
    error: BaseException
    needed: list[int] | None
    """Vector clock of what led to it; None: all of the run."""

    @property
    def label(self) -> str:
        """The same for the same failure."""
        if isinstance(self.error, Deadlock):
            stuck = ", ".join(sorted(str(w) for w in self.error.blocked))
            return f"{self.kind}: {stuck}"
        said = str(self.error)
        return f"{type(self.error).__name__}: {said}" if said else type(self.error).__name__


def look(main: Explored, machine: ExploreMachine) -> Found | None:
    """What is wrong with the run that has just ended; None if nothing is."""
    if machine.livelock is not None:
        return Found("livelock", machine.livelock, None)
    for thread in [main, *machine.threads]:
        error = thread.error
        if error is not None and not (thread.error_seen and thread is not main):
            kind = "assertion" if isinstance(error, AssertionError) else "exception"
            if waits_for_itself(error):
                kind = "deadlock"
            origin = next((t for t in machine.threads if t.error is error and t is not main), thread)
            return Found(kind, error, origin.clock)
    stuck = [t for t in machine.threads if t.state != EXITED]
    return Found(*_stuck(stuck, machine), None) if not all(t.daemon for t in stuck) else None


def waits_for_itself(error: BaseException) -> bool:
    """Whether the error is that a thread acquires a lock which it holds: labkit says so instead of waiting for ever."""
    return isinstance(error, LabError) and any(words in str(error) for words in ("which it holds already", "would spin for ever"))


def _stuck(threads: list[Explored], machine: ExploreMachine) -> tuple[str, BaseException]:
    deadlock = Deadlock(machine.stuck)
    if deadlock.cycle:
        return "deadlock", deadlock
    if any(isinstance(t.waiting_on, Spinning) for t in threads):
        return "livelock", deadlock
    owners = [t.waiting_on.owner if isinstance(t.waiting_on, WaitQueue) else t.waiting_on for t in threads]
    asleep = [o for o in owners if isinstance(o, (Condition, Event))]
    if any(o in t.machine.woken_at for t in threads for o in asleep):  # type: ignore[attr-defined]
        return "lost_wakeup", deadlock
    return "deadlock", deadlock
