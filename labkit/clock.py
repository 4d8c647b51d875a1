"""What time it is in a run: a virtual clock that steps make tick, or the real one.

On the virtual clock each scheduling point costs POINT_COST_NS and an idle machine jumps to the next deadline, so sleeping
costs nothing and a run repeats to the nanosecond. The real clock is the OS's monotonic clock.
"""

from __future__ import annotations

import time

from labkit.here import check_seconds
from labkit.limits import POINT_COST_NS, POLL_S


class Clock:
    """The time-keeping part of a machine; `points` counts the scheduling points reached."""

    __slots__ = ("clock", "points", "skipped_ns", "zero_ns")

    def start_clock(self, clock: str) -> None:
        """Set the clock to 0."""
        self.clock = clock
        self.points = 0
        self.skipped_ns = 0
        self.zero_ns = time.monotonic_ns()

    def now(self) -> float:
        """Seconds since the run began."""
        return self.now_ns() / 1e9

    def now_ns(self) -> int:
        """Time since the run began, in ns."""
        if self.clock == "virtual":
            return self.points * POINT_COST_NS + self.skipped_ns
        return time.monotonic_ns() - self.zero_ns

    def burn(self, seconds: float) -> None:
        """Use the processor: a virtual clock is moved on, a real one is watched."""
        ns = check_seconds(seconds, "burn")
        if self.clock == "virtual":
            self.skipped_ns += ns
        else:
            end = time.monotonic_ns() + ns
            while time.monotonic_ns() < end:
                pass

    def idle_until(self, when_ns: int) -> None:
        """Nobody can run before this time: let it come, or come nearer."""
        wait_ns = when_ns - self.now_ns()
        if wait_ns <= 0:
            return
        if self.clock == "virtual":
            self.skipped_ns += wait_ns
        else:
            time.sleep(min(wait_ns / 1e9, POLL_S))  # Ctrl-C just before a long sleep would not end it; the caller loops
