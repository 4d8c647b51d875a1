"""The errors a program can meet: each names the cause and the cure, because a student reads it before any manual.

All of them are LabError, so that a lesson can catch "what labkit says" apart from what the student's own code raises.
"""

from __future__ import annotations

from typing import NamedTuple


class LabError(RuntimeError):
    """Base of what labkit itself raises."""

    def _render_traceback_(self) -> list[str]:
        """What Jupyter shows for this error: the message. The frames inside labkit would teach nothing."""
        return [f"{type(self).__name__}: {self}", *getattr(self, "__notes__", [])]


class NotInRun(LabError):
    """A verb such as spawn() was used where no machine runs."""


class NestedRun(LabError):
    """run() was called while this OS thread already runs a program."""


class NeverYields(LabError):
    """A thread kept the processor past the watchdog on a machine that cannot take it away."""


class NotOwner(LabError):
    """A lock was released by a thread that does not hold it."""


class BadSchedule(LabError):
    """A schedule names a thread that does not exist or cannot run at that step."""


class BrokenBarrier(LabError):
    """A thread waited at a barrier that was aborted, reset or timed out."""


class Closed(LabError):
    """A channel is closed: nothing can be sent, or nothing is left to receive."""


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
    """No thread can run and none ever will: every one waits for another, or for a wake-up that nobody is left to give."""

    def __init__(self, blocked: list[Waiting]) -> None:
        self.blocked = blocked
        self.cycle = wait_cycle(blocked)
        lines = ["deadlock: no thread can run.", *(f"  {w}" for w in blocked)]
        if self.cycle:
            lines.append("  cycle: " + " → ".join(self.cycle))
        super().__init__("\n".join(lines))


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
