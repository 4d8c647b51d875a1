"""Threads that lose the processor when their timeslice is over, in userland: a timer, a signal, a switch in its handler.

The handler runs on the stack of the thread that was interrupted and switches away from there; the interrupted thread
goes on, one day, by returning from its handler. What the C handler saves and restores is the whole register set, in the
signal frame; CPython then calls our Python handler between two bytecodes, so what is switched here is a Python frame.
"""

from __future__ import annotations

from types import FrameType

from labkit.alarm import Alarm
from labkit.limits import WATCHDOG_S
from labkit.machines.cooperative import Cooperative
from labkit.policies import Policy


class Preemptive(Cooperative):
    """N:1 threads with preemption, by SIGALRM, or after every k scheduling points (timeslice_points=k: exact).

    Args:
        timer: "real" (SIGALRM, wall time) or "virtual" (SIGVTALRM: only CPU time that this process uses counts).
        watchdog_s: as on every machine; counts only with a policy that never preempts.

    >>> from labkit import run, spawn
    >>> def main():
    ...     said = []; talk = lambda word: [said.append(word) for _ in range(40_000)]
    ...     threads = [spawn(talk, "a"), spawn(talk, "b")]; [t.join() for t in threads]; return len(said)
    >>> run(main, machine="preemptive", timeslice_ms=1).result
    80000
    """

    name = "preemptive"
    preemptive = True

    def __init__(self, timer: str = "real", watchdog_s: float | None = WATCHDOG_S) -> None:
        super().__init__("real", watchdog_s)
        self.timer = timer

    def reset(self, policy: Policy, slice_ms: float, slice_points: int | None, seed: int, traced: bool) -> None:
        self.clock = "virtual" if slice_points else "real"
        self.exact = bool(slice_points) or not policy.preempts
        super().reset(policy, slice_ms, slice_points, seed, traced)

    def _carry(self) -> None:
        if self.exact:
            super()._carry()
        else:
            self.depth = 1  # until the first thread runs, there is nobody to preempt
            with Alarm(self.timer, self.slice_ms / 1e3, self._tick):
                self._loop()

    def _tick(self, signum: int, frame: FrameType | None) -> None:
        """The timer's signal handler. Inside a guard it only leaves a note, which the guard's exit finds."""
        if self.depth:
            self.pending = True
            return
        self.emit("timer", self.current.tid)
        self.deliver()

    def deliver(self) -> None:
        """Take the processor from the current thread: a tick came now, or inside a guard that has just been left."""
        self.depth += 1
        self.pending = False
        if self.policy.tick(self.current):
            self._requeue("preempt")
        self.depth -= 1
