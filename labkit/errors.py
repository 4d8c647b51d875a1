"""The errors a program can meet: each names the cause and the cure, because a student reads it before any manual.

All of them are LabError, so that a lesson can catch "what labkit says" apart from what the student's own code raises.
"""

from __future__ import annotations

import linecache
from types import FrameType
from typing import Any, NamedTuple

from labkit.draw import draw


class LabError(RuntimeError):
    """Base of what labkit itself raises."""

    def _render_traceback_(self) -> list[str]:
        """What Jupyter shows for this error: the message. The frames inside labkit would teach nothing."""
        return [f"{type(self).__name__}: {self}", *getattr(self, "__notes__", [])]


class NotInRun(LabError):
    """A verb such as spawn() was used where no machine runs."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what}: no machine is running that could do it. Put the call into a function, say main(), and start it with "
            "run(main)."
        )


class NestedRun(LabError):
    """run() was called while a machine already runs a program in this process."""

    def __init__(self) -> None:
        super().__init__(
            "run() inside a run: a machine is already running a program in this process. To start another thread, use "
            "spawn(); to run another program, wait until this one has ended."
        )


class NeverYields(LabError):
    """A thread kept the processor past the watchdog on a machine that cannot take it away."""

    def __init__(self, name: str, frame: FrameType | None, seconds: float) -> None:
        where = "somewhere"
        if frame is not None:
            line = linecache.getline(frame.f_code.co_filename, frame.f_lineno).strip()
            where = f"in {frame.f_code.co_name}(), line {frame.f_lineno}" + (f", `{line}`" if line else "")
        super().__init__(
            f"thread '{name}' has not reached a scheduling point for {seconds:g} s; it was {where}. Nothing takes the "
            "processor away from it here. A loop needs a sched_yield(), or run(main, machine='preemptive', timeslice_ms=5); "
            "a blocking call needs machine='pthread', where it stops only its own thread; if it is right to take so long, "
            "give the machine another watchdog: Cooperative(watchdog_s=60)."
        )


class NotOwner(LabError):
    """A lock was released by a thread that does not hold it."""


class BadSchedule(LabError):
    """A schedule names a thread that does not exist or cannot run at that step."""

    def __init__(self, step: int, wanted: str, runnable: list[str]) -> None:
        super().__init__(
            f"step {step} of the schedule says '{wanted}', which cannot run there; able to run: {', '.join(runnable)}. "
            "A schedule replays the program that made it, unchanged and from its first step, 'main'."
        )


class BrokenBarrier(LabError):
    """A thread waited at a barrier that was aborted, reset or timed out."""


class Closed(LabError):
    """A channel is closed: nothing can be sent, or nothing is left to receive."""


class Aborted(BaseException):
    """Thrown into threads that are still alive when a run ends early, so that their `finally` blocks run."""


class Waiting(NamedTuple):
    """One blocked thread of a deadlock."""

    thread: str
    """Name of the blocked thread."""
    waits_for: str
    """What it waits for, in words: "Mutex 'a'", "the end of thread 'B'"."""
    holders: tuple[str, ...]
    """Names of the threads that hold it; empty when nobody does (a lost wake-up, a semaphore at 0)."""

    def __str__(self) -> str:
        who = " and ".join(f"'{h}'" for h in self.holders if f"'{h}'" not in self.waits_for)
        return f"'{self.thread}' waits for {self.waits_for}" + (f", held by {who}" if who else "")


class Deadlock(LabError):
    """No thread can run and none ever will: every one waits for another, or for a wake-up that nobody is left to give.

    Attributes:
        blocked: the threads that wait, each with what for and who holds it.
        cycle: names around a cycle of waits, the first repeated at the end; empty if there is none.
        trace, schedule: what happened until then, and the decisions that led there.
    """

    trace: Any = None
    schedule: Any = None

    def __init__(self, blocked: list[Waiting]) -> None:
        self.blocked = blocked
        self.cycle = wait_cycle(blocked)
        lines = ["no thread can run.", *(f"  {w}" for w in blocked)]
        if self.cycle:
            lines.append("  cycle: " + " → ".join(self.cycle))
        super().__init__("\n".join(lines))

    def timeline(self, **options: Any) -> Any:
        """The way into the deadlock as a picture."""
        return draw("timeline", self.trace, **options)


def wait_cycle(blocked: list[Waiting]) -> list[str]:
    """Names around a cycle of "waits for what X holds", first name repeated at the end; empty if there is none."""
    holders = {w.thread: w.holders for w in blocked}
    for start in holders:
        stack = [[start]]
        seen = set()
        while stack:
            path = stack.pop()
            for name in holders.get(path[-1], ()):
                if name == start:
                    return [*path, start]
                if name not in seen:
                    seen.add(name)
                    stack.append([*path, name])
    return []
