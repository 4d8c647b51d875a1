"""Threads that change places only when one of them says so: greenlets and a run queue.

The only room that knows greenlet. A greenlet is a stack that can be set aside: switch() saves the registers of this
stack, restores those of another, and comes back as that other's own switch() returning.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from functools import partial
from types import FrameType

from greenlet import getcurrent, greenlet

from labkit import here
from labkit.alarm import Alarm, Handler, is_free
from labkit.errors import Aborted, NeverYields
from labkit.limits import STOP_S, TRACE_MAX_EVENTS
from labkit.machines.base import Machine
from labkit.policies import Policy
from labkit.thread import RUNNABLE, RUNNING, Thread

Stack, current_stack = greenlet, getcurrent  # for others who switch stacks: explore has a machine of its own
_parked: list[greenlet] = []  # threads that would not stop when their run ended


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
        self.in_order = policy.takes_head and not self.preemptive
        self.shortcut = self.may_shortcut = self.in_order and not traced
        # Nothing preempts here; the depth only keeps a trace's decisions out of guards.
        self.no_preempt = here.NO_GUARD if self.may_shortcut else here.Guard(self)
        self.watched = -1

    def sched_yield(self) -> None:
        """As every machine's; a shorter way to the same where the run queue's order decides and a trace is kept."""
        raw = self.raw
        if raw is None or self.timers or self.depth or not self.in_order:
            Machine.sched_yield(self)
            return
        self.points += 1
        me, runq = self.current, self.runq
        runq.append(me)
        thread = runq.popleft()
        self.decisions.append(thread.name)
        if thread is not me:
            me.state = RUNNABLE
            thread.state = RUNNING
            if len(raw) < TRACE_MAX_EVENTS:
                raw.append((self.now_ns(), "sched_switch", me.tid, 0, RUNNABLE, thread.tid, "yield"))
            else:
                self.trace.lost += 1
            self.current = thread
            thread.resume()

    # ---- carriers

    def _create(self, thread: Thread) -> None:
        def body(*_: object) -> Thread | None:
            thread.resume = thread.carrier.switch
            self._live(thread)
            return self._exit(thread)

        thread.carrier = greenlet(body, self.hub)
        thread.resume = partial(self.hub.switch, thread)

    def _loop(self) -> None:
        """Start threads, and resume one where another has ended, until the run is over.

        # Why: a greenlet begins as deep as the one that starts it, and Python counts the depth. If each thread started
        # the next, the thousandth would meet the recursion limit; so all are started from here.
        """
        thread: Thread | None = self._first()
        while thread is not None:
            thread = thread.carrier.switch()

    def _carry(self) -> None:
        with self._alarm((self.watchdog_s or 0) / 2, self._watch):
            self._loop()

    def _alarm(self, seconds: float, handler: Handler) -> AbstractContextManager[object]:
        """A watch over threads that keep the processor, if the timer is free for it."""
        return Alarm("real", seconds, handler) if seconds and is_free("real") else nullcontext()

    def _switch(self, me: Thread, thread: Thread | None) -> None:
        if not self.preemptive:
            self.depth = 0  # Why: sched_yield's shorter ways do not save it, so each thread must find it as they leave it
        if thread is None:
            self.hub.switch(None)
        else:
            thread.resume()

    def _abort(self) -> str:
        self.in_order = False
        with self._alarm(STOP_S, self._park):
            return super()._abort()

    def _kill(self, thread: Thread) -> None:
        if thread.carrier:
            thread.carrier.throw(Aborted)

    def _park(self, *_: object) -> None:
        carrier = getcurrent()
        if carrier is not self.hub:
            _parked.append(carrier)  # Why: a greenlet that is collected is thrown at once more, and this one catches it
            self.hub.switch()

    def _watch(self, signum: int, frame: FrameType | None) -> None:
        """Twice per watchdog_s: if no scheduling point was reached in between, the running thread is stuck."""
        if self.points != self.watched or self.depth or self.current is None:
            self.watched = self.points
            return
        raise NeverYields(self.current.name, frame, self.watchdog_s or 0)
