"""Threads that the operating system knows: each one a real pthread, 1:1.

Two modes. `baton`: one thread at a time holds the baton, and our policy decides who gets it, so runs repeat and a
schedule replays. `free`: the OS schedules; our machine only blocks, wakes and watches, and its one lock stands where the
other machines hold off preemption. CPython's GIL lets one thread at a time run Python code; C code may release it.
"""

from __future__ import annotations

import sys
import threading
import time
from functools import partial
from typing import Any

from labkit import libpthread
from labkit.errors import Aborted, Deadlock, LabError, NeverYields
from labkit.limits import POLL_S, PTHREAD_STACK_BYTES, STOP_S, WATCHDOG_S
from labkit.machines.base import Machine
from labkit.policies import Policy
from labkit.thread import BLOCKED, EXITED, RUNNABLE, RUNNING, Thread, waits


class Carrier:
    """The pthread under a Thread."""

    def __init__(self) -> None:
        self.handle = 0
        self.ident = 0
        self.started = threading.Semaphore(0)
        self.baton = threading.Semaphore(0)
        self.ended = threading.Event()
        self.parked = False


class Pthread(Machine):
    """One pthread per thread; tid, stack, guard, name and CPUs come from the OS and are read back into thread.attributes.

    Args:
        mode: "free" or "baton". run(machine="pthread") takes baton if a policy or timeslice_points is given.
        watchdog_s: baton only: how long a thread may keep the baton without a scheduling point.

    >>> from labkit import run, spawn, current_thread
    >>> def main(): return spawn(lambda: current_thread().tid).join() != current_thread().tid
    >>> run(main, machine="pthread").result
    True
    """

    name = "pthread"
    preemptive = True
    mode = "baton"

    def __new__(cls, mode: str = "free", watchdog_s: float | None = WATCHDOG_S) -> Pthread:
        if mode not in ("free", "baton"):
            raise LabError(f"Pthread(mode={mode!r}): choose 'free' (the OS schedules) or 'baton' (our policy does)")
        return super().__new__(Free if mode == "free" else Pthread)

    def __init__(self, mode: str = "free", watchdog_s: float | None = WATCHDOG_S) -> None:
        super().__init__("real" if mode == "free" else "virtual", watchdog_s)

    def reset(self, policy: Policy, slice_ms: float, slice_points: int | None, seed: int, traced: bool) -> None:
        super().reset(policy, slice_ms, slice_points, seed, traced)
        self.alert = True  # a thread that is to stop hears of it at its next scheduling point
        self.over = threading.Semaphore(0)
        self.preemptive = bool(slice_points)

    # ---- carriers

    def _create(self, thread: Thread) -> None:
        carrier = thread.carrier = Carrier()
        a = thread.attributes
        cpus = None if a["cpus"] is None else frozenset(a["cpus"])
        wish = libpthread.Attributes(a["stack_bytes"] or PTHREAD_STACK_BYTES, a["guard_bytes"], cpus, a["detached"])
        carrier.handle = libpthread.create(partial(self._body, thread), wish)
        carrier.started.acquire()

    def _body(self, thread: Thread) -> None:
        """The life of one pthread."""
        carrier: Carrier = thread.carrier
        carrier.ident = threading.get_ident()
        thread.tid = libpthread.tid()
        try:
            libpthread.set_name(thread.name)
            got = libpthread.read()
            thread.attributes |= {"stack_bytes": got.stack_bytes, "guard_bytes": got.guard_bytes, "cpus": got.cpus}
        finally:
            carrier.started.release()
        try:
            self._wait_for_turn(thread)
            if not self.aborting:
                self._live(thread)
            self._pass_on(self._exit(thread))
        finally:
            carrier.ended.set()

    def _wait_for_turn(self, thread: Thread) -> None:
        thread.carrier.baton.acquire()

    def _carry(self) -> None:
        self._first().carrier.baton.release()
        points, since = -1, 0.0
        while not self.over.acquire(timeout=POLL_S):
            current = self.current
            if self.points != points or current is None or self.depth:
                points, since = self.points, time.monotonic()
            elif self.watchdog_s and time.monotonic() - since >= self.watchdog_s:
                raise NeverYields(current.name, sys._current_frames().get(current.carrier.ident), self.watchdog_s)

    def _switch(self, me: Thread, thread: Thread | None) -> None:
        self._pass_on(thread)
        me.carrier.baton.acquire()
        if self.aborting:
            self._stop()

    def _pass_on(self, thread: Thread | None) -> None:
        (self.over if thread is None else thread.carrier.baton).release()

    def _kill(self, thread: Thread) -> None:
        thread.carrier.baton.release()
        if not thread.carrier.ended.wait(0.02):  # it computes, and looks at nothing: interrupt it
            libpthread.raise_in(thread.carrier.ident, Aborted)

    def _park(self) -> None:
        carrier = self.current.carrier
        carrier.parked = True
        carrier.ended.set()
        threading.Semaphore(0).acquire()

    def _abort(self) -> str:
        super()._abort()
        left = []
        for thread in self.threads:
            if not thread.carrier.ended.wait(STOP_S):
                left.append(thread.name)
            elif not thread.attributes["detached"] and not thread.carrier.parked:
                libpthread.join(thread.carrier.handle)
        if not left:
            return ""
        return (
            f"pthreads that could not be stopped are still running: {', '.join(left)}. They are inside a long call into C, "
            "which nothing can interrupt; they end when it returns. Restart the Jupyter kernel to be rid of them."
        )

    def _cpu(self) -> int:
        return libpthread.cpu()


class Free(Pthread):
    """The pthread machine in free mode: all runnable threads really run, as the OS likes.

    # Invariant: states, wait queues and `active` change under self.lock only. active counts the threads that are neither
    # blocked nor ended; when it reaches 0 with threads left and no timeout pending, that is a deadlock, seen at once.
    """

    mode = "free"
    exact = False

    def reset(self, policy: Policy, slice_ms: float, slice_points: int | None, seed: int, traced: bool) -> None:
        self.lock = threading.RLock()
        self.no_preempt: Any = self.lock  # keeps out other threads that ask for it, as every primitive does
        self.here = threading.local()
        self.active = 0
        self.timed = 0
        super().reset(policy, slice_ms, None, seed, traced)

    @property
    def current(self) -> Any:
        """The thread that asks."""
        return getattr(self.here, "thread", None)

    @current.setter
    def current(self, thread: Thread | None) -> None:
        pass

    def sched_yield(self) -> None:
        self.point("sched_yield", None)
        libpthread.yield_processor()

    def _point(self) -> None:
        self.decisions.append(self.current.name)

    def block(self, on: Any, timeout_ns: int | None = None, cause: str = "block") -> bool:
        """As on every machine; the thread sleeps in a pthread condition variable, beside the one lock."""
        me: Thread = self.current
        with self.lock:
            if self.aborting:
                self._stop()
            self._wait(me, on)
            self.emit("sched_switch", me.tid, BLOCKED, 0, cause)
            self.active -= 1
            self.timed += timeout_ns is not None
            self._look_for_deadlock()
            woken = me.resume.wait_for(lambda: me.state != BLOCKED or self.aborting, timeout_ns and timeout_ns / 1e9)
            self.timed -= timeout_ns is not None
            if self.aborting:
                self._stop()
            if not woken:
                self.active += 1
                me.timed_out = True
            me.state, me.waiting_on = RUNNING, None
            self.emit("sched_switch", 0, RUNNABLE, me.tid, "wake")
        return not me.timed_out

    def wake(self, thread: Thread) -> None:
        with self.lock:
            if thread.state == BLOCKED:
                thread.state = RUNNABLE
                self.active += 1
                self.emit("sched_wakeup", thread.tid, self.current.tid if self.current else 0)
                thread.resume.notify()

    def _look_for_deadlock(self) -> None:
        if not self.active and not self.timed and self.alive and self.failure is None:
            self.failure = Deadlock(waits(self.threads))
            self.over.release()

    def _create(self, thread: Thread) -> None:
        thread.resume = threading.Condition(self.lock)
        super()._create(thread)

    def _enqueue(self, thread: Thread) -> None:
        """A new thread: let it go."""
        self.active += 1
        thread.carrier.baton.release()

    def _wait_for_turn(self, thread: Thread) -> None:
        super()._wait_for_turn(thread)
        self.here.thread = thread
        thread.state = RUNNING
        self.emit("sched_switch", 0, RUNNABLE, thread.tid, "start")

    def _exit(self, thread: Thread) -> None:
        with self.lock:
            self.emit("exit", thread.tid, "" if thread.error is None else repr(thread.error))
            self.emit("sched_switch", thread.tid, EXITED, 0, "exit")
            thread.state = EXITED
            self.alive -= 1
            self.active -= 1
            for joiner in thread.joiners:
                self.wake(joiner)
            self._look_for_deadlock()

    def _pass_on(self, thread: Thread | None) -> None:
        if not self.alive or self.failure is not None:
            self.over.release()

    def _carry(self) -> None:
        interval = sys.getswitchinterval()
        try:
            sys.setswitchinterval(self.slice_ms / 1e3)
            while not self.over.acquire(timeout=POLL_S):  # Why: Ctrl-C just before a wait without end would not end it
                pass
        finally:
            sys.setswitchinterval(interval)

    def _kill(self, thread: Thread) -> None:
        with self.lock:
            thread.resume.notify_all()
        super()._kill(thread)

    def _abort(self) -> str:
        left = super()._abort()
        self.trace.raw.sort(key=lambda event: event[0])
        return left
