"""Threads that change places only when one of them says so: greenlets and a run queue.

The only room that knows greenlet. A greenlet is a stack that can be set aside: switch() saves the registers of this
stack, restores those of another, and comes back as that other's own switch() returning.
"""

from __future__ import annotations

import linecache
from contextlib import nullcontext
from contextvars import copy_context
from functools import partial
from types import FrameType

from greenlet import getcurrent, greenlet

from labkit.errors import NeverYields
from labkit.machines.alarm import Alarm, is_free
from labkit.machines.base import Aborted, Machine
from labkit.policies import Policy
from labkit.thread import Thread


class Cooperative(Machine):
    """N:1 threads without preemption: a thread runs until it yields, blocks or ends.

    >>> from labkit import run, spawn, sched_yield
    >>> def main():
    ...     def talk(word): said.append(word); sched_yield(); said.append(word)
    ...     said = []; threads = [spawn(talk, "a"), spawn(talk, "b")]; [t.join() for t in threads]; return said
    >>> run(main, machine="cooperative").result
    ['a', 'b', 'a', 'b']
    """

    name = "cooperative"

    def reset(self, policy: Policy, slice_ms: float, slice_points: int | None, seed: int, traced: bool) -> None:
        super().reset(policy, slice_ms, None if not self.preemptive else slice_points, seed, traced)
        self.hub = getcurrent()
        self.plain = policy.takes_head and not self.alert and not self.preemptive
        self.watched = -1

    def sched_yield(self) -> None:
        """As every machine's; the short path is for runs that neither trace nor count, where only order matters."""
        if self.plain and not self.timers:
            self.points += 1
            runq = self.runq
            if runq:
                runq.append(self.current)
                self.current = thread = runq.popleft()
                thread.resume()
        else:
            super().sched_yield()

    # ---- carriers

    def _create(self, thread: Thread) -> None:
        carrier = greenlet(partial(self._body, thread), self.hub)
        carrier.gr_context = copy_context()
        thread.carrier = carrier
        thread.resume = carrier.switch

    def _body(self, thread: Thread, *_: object) -> None:
        self._live(thread)
        self._exit(thread)

    def _carry(self) -> None:
        watch = bool(self.watchdog_s) and is_free("real")
        with Alarm("real", (self.watchdog_s or 0) / 2, self._watch) if watch else nullcontext():
            self._begin()

    def _begin(self) -> None:
        main = self.policy.pick(self.runq, self.threads[0])
        self.decisions.append(main.name)
        self.emit("sched_switch", 0, main.state, main.tid, "start")
        self.current = main
        main.state = "RUNNING"
        main.resume()

    def _switch(self, me: Thread, thread: Thread | None) -> None:
        if thread is None:
            self.hub.switch()
        else:
            thread.resume()

    def _finish(self, me: Thread, thread: Thread | None) -> None:
        # Why: a greenlet that ends continues its parent, so the next thread is made the parent of the one that ends.
        if thread is not None:
            me.carrier.parent = thread.carrier

    def _kill(self, thread: Thread) -> None:
        for _ in range(100):  # a thread may catch what is thrown at it, and wait again
            if not thread.carrier:
                break
            self.current = thread
            thread.carrier.throw(Aborted)

    def _watch(self, signum: int, frame: FrameType | None) -> None:
        """Twice per watchdog_s: if no scheduling point was reached in between, the running thread is stuck."""
        if self.points != self.watched or self.depth or self.current is None:
            self.watched = self.points
            return
        raise NeverYields(stuck(self.current.name, frame, self.watchdog_s or 0))


def stuck(name: str, frame: FrameType | None, seconds: float) -> str:
    """The message about a thread that never yields: who, where, and what to do."""
    where = "somewhere"
    if frame is not None:
        line = linecache.getline(frame.f_code.co_filename, frame.f_lineno).strip()
        where = f"in {frame.f_code.co_name}(), line {frame.f_lineno}" + (f": {line}" if line else "")
    return (
        f"thread '{name}' has not reached a scheduling point for {seconds:g} s; it was {where}. This machine cannot take "
        "the processor away from it. Call sched_yield() in the loop, or use run(main, machine='preemptive'); if the "
        "thread is right to compute for so long, give the machine another watchdog: Cooperative(watchdog_s=60)."
    )
