"""What every machine does alike: the run queue, blocking and waking, the clock, the trace, the end of a run.

A machine answers six verbs, spawn join sched_yield block wake now, and two that mark places: `no_preempt`, a counted
guard inside which the thread is not interrupted, and `point`, a scheduling point: "I am about to do op on this object"
(lessons preempt at exact points, and an explorer must know an operation before it happens). A subclass supplies the
carrier of a thread and the short methods at the end.
"""

from __future__ import annotations

import heapq
import itertools
import random
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, NoReturn

from labkit import here
from labkit.clock import Clock
from labkit.errors import Aborted, Deadlock, LabError, NeverYields
from labkit.limits import POINT_COST_NS, STOPS_PER_THREAD, TRACE_MAX_EVENTS, WATCHDOG_S
from labkit.policies import Policy
from labkit.thread import BLOCKED, EXITED, RUNNABLE, RUNNING, Thread, check_attributes, check_join, free_name, unheard, waits
from labkit.tracelog import Raw, Trace


class Machine(Clock):
    """Runs a program's threads one at a time, each until it blocks, yields or is preempted.

    Args:
        clock: "virtual" (a step costs POINT_COST_NS, sleeping costs nothing, runs repeat) or "real".
        watchdog_s: a thread that reaches no scheduling point for this long ends the run; None for never.
    """

    # Why: slots for what every switch touches; CPython 3.11 finds them faster than attributes in a dict of this size.
    __slots__ = ("__dict__", "current", "depth", "raw", "runq", "shortcut", "timers")

    name = "machine"
    preemptive = False
    exact = True  # threads change places at scheduling points only, so a schedule says everything

    def __init__(self, clock: str = "virtual", watchdog_s: float | None = WATCHDOG_S) -> None:
        if clock not in ("virtual", "real"):
            raise LabError(f"clock={clock!r}: choose 'virtual' or 'real'")
        self.clock = clock
        self.watchdog_s = watchdog_s
        self.no_preempt: AbstractContextManager[None] = here.Guard(self)

    def reset(self, policy: Policy, slice_ms: float, slice_points: int | None, seed: int, traced: bool) -> None:
        """Forget the previous run and take the settings of the next."""
        self.run_id = object()
        self.start_clock(self.clock)
        self.policy = policy
        self.slice_ms = slice_ms
        policy.start(random.Random(seed), slice_points * POINT_COST_NS if slice_points else int(slice_ms * 1e6))
        self.current: Any = None
        self.runq: deque[Thread] = deque()
        self.timers: list[tuple[int, int, Thread]] = []
        self.threads: list[Thread] = []
        self.names: set[str] = set()
        self.alive = 0
        self.depth = 0
        self.pending = False
        self.aborting = False
        self.stops = 0
        self.failure: BaseException | None = None
        self.slice_points = self.slice_left = slice_points or 0
        self.slice_start_ns = 0
        self.trace = Trace(clock=self.clock, machine=self.name)
        self.raw: list[Raw] | None = self.trace.raw if traced else None
        self.decisions: list[str] = []
        self.alert = bool(traced or policy.every_point or slice_points)
        self.shortcut = self.may_shortcut = False
        self._order = itertools.count()

    def execute(self, main: Callable[[], Any]) -> Thread:
        """Run main() and every thread it spawns to their end; returns main's thread.

        Raises:
            Deadlock: threads are left and none can ever run.
            BaseException: what main, or a thread that nobody joined, or the policy, raised.
        """
        here.take_over(self)
        left = ""
        try:
            thread = self.spawn(main, name="main")
            self._carry()
        except BaseException as error:
            self.failure = error
        finally:
            try:
                left = self._abort()
            finally:
                here.machine = here.Nobody()
        failure = unheard(self.threads) if self.failure is None else self.failure
        if left:
            failure = failure or LabError("the run ended, and left threads behind")
            failure.add_note(left)
        if failure is not None:
            raise failure
        return thread

    # ---- the verbs

    def spawn(self, fn: Callable[..., Any], *args: Any, name: str | None = None, **attributes: Any) -> Thread:
        """Create a thread and put it at the end of the run queue."""
        self.point("spawn", None)
        with self.no_preempt:
            thread = Thread(len(self.threads) + 1, free_name(name, self.names, len(self.threads) - 1), fn, args, self)
            thread.run_id = self.run_id
            thread.attributes = check_attributes(attributes)
            self._create(thread)
            self.threads.append(thread)
            self.trace.threads[thread.tid] = thread.name
            self.alive += 1
            thread.state = RUNNABLE
            self.emit("spawn", thread.tid, self.current.tid if self.current else 0)
            self._enqueue(thread)
        return thread

    def join(self, thread: Thread) -> Any:
        """Wait for the thread's end; its result, or its exception raised here."""
        machine = here.machine
        check_join(machine.current, thread, machine.run_id)
        if machine is self:
            self.point("join", thread)
            with self.no_preempt:
                while thread.state != EXITED:
                    thread.joiners.append(self.current)
                    self.block(thread)
        if thread.error is not None:
            thread.error_seen = True
            raise thread.error
        return thread.result

    def sched_yield(self) -> None:
        """Go to the end of the run queue and let the policy choose who runs."""
        self.points += 1
        if self.aborting:
            self._stop()
        self._requeue("yield")

    def point(self, op: str, on: object, argument: Any = None) -> None:
        """A scheduling point: the current thread is about to do op(argument) on an object; a machine may switch here."""
        self.points += 1
        if self.alert and self.current:
            if self.aborting:
                self._stop()
            self._point()

    def block(self, on: Any, timeout_ns: int | None = None, cause: str = "block") -> bool:
        """Leave the processor until wake(); False if the timeout came first. `on` says what for: describe(), holders()."""
        if self.aborting:
            self._stop()
        me: Thread = self.current
        self.depth += 1
        self._wait(me, on)
        if timeout_ns is not None:
            heapq.heappush(self.timers, (self.now_ns() + timeout_ns, next(self._order), me))
            self.shortcut = False  # somebody must look at the clock, and at every point
            self.alert = True
        self._go(me, cause)
        if timeout_ns is not None and not me.timed_out:
            self.timers = [t for t in self.timers if t[2] is not me]
            heapq.heapify(self.timers)
            self.shortcut = self.may_shortcut and not self.timers
        self.depth -= 1
        if self.aborting:
            self._stop()
        return not me.timed_out

    def wake(self, thread: Thread) -> None:
        """Make a blocked thread runnable."""
        if thread.state != BLOCKED:
            return
        thread.state = RUNNABLE
        thread.waiting_on = None
        self.emit("sched_wakeup", thread.tid, self.current.tid if self.current and not thread.timed_out else 0)
        self._enqueue(thread)

    def emit(self, kind: str, tid: int, *fields: Any) -> None:
        """Append an event to the trace, see labkit.tracelog.FIELDS."""
        self.said = kind
        raw = self.raw
        if raw is not None:
            if len(raw) < TRACE_MAX_EVENTS:
                raw.append((self.now_ns(), kind, tid, self._cpu(), *fields))
            else:
                self.trace.lost += 1

    def deliver(self) -> None:
        """A preemption that a guard held off is due now."""
        self.pending = False

    # ---- choosing and switching

    def _enqueue(self, thread: Thread) -> None:
        self.runq.append(thread)
        self.policy.woke(thread)
        if self.preemptive and self.current and self.policy.should_preempt(self.current, thread):
            self.slice_left = 0
            self.pending = not self.slice_points

    def _point(self) -> None:
        self.slice_left -= 1
        if self.timers:
            self._expire()
        if self.depth:  # inside no_preempt nobody can come in between: there is nothing to decide
            return
        due = self.policy.every_point
        if self.slice_points and self.slice_left <= 0:
            self.slice_left = self.slice_points
            self.emit("timer", self.current.tid)
            due = self.policy.tick(self.current) or due
        if due:
            self._requeue("preempt")
        elif self.raw is not None:
            self.decisions.append(self.current.name)

    def _requeue(self, cause: str) -> None:
        """The current thread goes to the end of the run queue, and the policy's choice runs."""
        self.depth += 1
        if self.timers:
            self._expire()  # who has slept long enough was runnable before me
        me: Thread = self.current
        me.state = RUNNABLE
        self.runq.append(me)
        self._go(me, cause)
        self.depth -= 1

    def _go(self, me: Thread, cause: str) -> Thread | None:
        """Give the processor from me, which is queued or blocked by now, to the policy's choice; if me has ended, name it.

        # Invariant: depth > 0 here, so no tick comes in between; each thread gets its own depth back when it returns.
        """
        depth = self.depth
        self._charge(me)
        thread = self._next(me, cause)
        if thread is me:
            me.state = RUNNING
        else:
            self.current = thread
            if thread is not None:
                thread.state = RUNNING
            if me.state == EXITED:
                return thread
            try:
                self._switch(me, thread)
            finally:
                self.depth = depth
        return None

    def _next(self, me: Thread, cause: str) -> Thread | None:
        """The thread to run now, out of the run queue; None when the run is over or stuck."""
        if self.failure is not None:
            return None
        if self.timers:
            self._expire()
        prev, state = me.tid, me.state
        if not self.runq and self.timers:
            self.emit("sched_switch", prev, state, 0, cause)
            prev, state, cause = 0, RUNNABLE, "wake"
            try:
                while not self.runq:
                    self.idle_until(self.timers[0][0])
                    self._expire()
            except BaseException as error:  # Ctrl-C: it is not for the thread on whose stack we happen to wait
                self.failure = error
                return None
        if not self.runq:
            if self.alive:
                self.failure = Deadlock(waits(self.threads))
            self.emit("sched_switch", prev, state, 0, cause)
            return None
        try:
            thread = self.policy.pick(self.runq, me)
        except Exception as error:
            self.failure = error
            return None
        if self.raw is not None:
            self.decisions.append(thread.name)
            if thread.tid != prev:
                self.emit("sched_switch", prev, state, thread.tid, cause)
        return thread

    def _wait(self, me: Thread, on: Any) -> None:
        if self.said != "lock_contend":  # which has just told what for
            self.emit("wait", me.tid, on.describe())
        me.state, me.waiting_on, me.timed_out = BLOCKED, on, False

    def _charge(self, me: Thread) -> None:
        self.slice_left = self.slice_points
        if not self.policy.takes_head:
            now_ns = self.now_ns()
            self.policy.ran(me, now_ns - self.slice_start_ns)
            self.slice_start_ns = now_ns

    def _expire(self) -> None:
        """Wake every thread whose time has come."""
        now_ns = self.now_ns()
        while self.timers and self.timers[0][0] <= now_ns:
            thread = heapq.heappop(self.timers)[2]
            if thread.state != BLOCKED:  # it was woken in time, and has not run yet
                continue
            thread.timed_out = True
            on = thread.waiting_on
            if hasattr(on, "forget"):
                on.forget(thread)
            self.wake(thread)
        self.shortcut = self.may_shortcut and not self.timers

    # ---- a thread's life

    def _first(self) -> Thread:
        """Take main out of the run queue, as the first decision of the run."""
        main = self.policy.pick(self.runq, self.threads[0])
        if self.raw is not None:
            self.decisions.append(main.name)
        self.emit("sched_switch", 0, main.state, main.tid, "start")
        self.current = main
        main.state = RUNNING
        return main

    def _live(self, thread: Thread) -> None:
        """Call the thread's function; runs on the thread's own stack."""
        self.depth = 0
        try:
            thread.result = thread.fn(*thread.args) if thread.args else thread.fn()
        except Aborted:
            pass
        except Exception as error:
            thread.error = error
            if thread.name == "main" or isinstance(error, NeverYields):
                self.failure = error
        except BaseException as error:
            self.failure = error
        self.depth += 1

    def _exit(self, thread: Thread) -> Thread | None:
        """The thread has ended: wake who waits for it; returns who runs next (None: the caller of run)."""
        thread.state = EXITED
        self.alive -= 1
        self.points += 1
        if self.aborting:
            return None
        self.emit("exit", thread.tid, "" if thread.error is None else repr(thread.error))
        for joiner in thread.joiners:
            self.wake(joiner)
        return self._go(thread, "exit")

    def _abort(self) -> str:
        """End every thread that is still alive; returns what to say about those that would not."""
        self.aborting = True
        self.shortcut = self.may_shortcut = False
        for thread in reversed(self.threads):
            if thread.state != EXITED:
                self.current = thread
                self._kill(thread)
                thread.state = EXITED
                thread.error = LabError(f"thread '{thread.name}' did not come to its end: its run was over first")
        return ""

    def _stop(self) -> NoReturn:
        """The run has ended early, and the current thread comes here: make it end, or set it aside if it will not."""
        self.stops += 1
        if self.stops > STOPS_PER_THREAD * len(self.threads):
            self._park()
        raise Aborted

    def _cpu(self) -> int:
        return 0

    # ---- what a subclass supplies

    def _create(self, thread: Thread) -> None:
        """Give the thread its carrier."""
        raise NotImplementedError

    def _carry(self) -> None:
        """Start the first thread and come back when the run is over."""
        raise NotImplementedError

    def _switch(self, me: Thread, thread: Thread | None) -> None:
        """Suspend me and resume thread (None: the caller of run); returns when me is resumed."""
        raise NotImplementedError

    def _kill(self, thread: Thread) -> None:
        """Throw Aborted into the thread and let it end."""
        raise NotImplementedError

    def _park(self) -> None:
        """Set the current thread aside for ever: it catches Aborted and goes on."""
        raise NotImplementedError
