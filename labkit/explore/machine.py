"""The machine under the explorer: every thread waits before its next operation until it is chosen.

A step is an operation and the code after it, up to the thread's next operation; what lies between two operations is the
thread's own business and its order cannot matter. So at each decision all threads stand before their next operation,
and the machine knows what each is about to do. Time does not pass: a thread that sleeps may be late for any length anyway.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FrameType
from typing import Any

from labkit import here
from labkit.errors import Aborted, Waiting
from labkit.explore.clocks import joined
from labkit.explore.explored import Chooser, Explored, Op, Program
from labkit.explore.independence import ANY, LOOK, READ, WRITE, Footprint, Rule, rule_of, state_of
from labkit.explore.repeat import State, things
from labkit.explore.spin import Livelock, Loops, Turn, can_happen, let_in
from labkit.explore.stacks import Stacks
from labkit.explore.touching import footprint_of
from labkit.machines.cooperative import current_stack
from labkit.sync import Condition, RLock, RWLock, Spinlock
from labkit.thread import BLOCKED, EXITED, RUNNABLE, check_attributes, check_join, free_name, waits


class Strayed(Exception):
    """A run did not repeat what an earlier one did, although the same threads went on in the same order."""


class Resting(here.Nobody):
    """Between two runs: rewritten code may still be called, a __repr__ or a __del__, and announces to nobody."""

    unjoined = 0
    attentive = False


class ExploreMachine(Stacks, Loops):
    """Runs a program once, operation by operation, as a chooser decides.

    Attributes:
        plan: operations of an earlier run; the first `limit` of them happen again, the chooser is asked only after them.
        position: how many operations have happened.
        unjoined: how many threads have been created and not been joined; 0: the main thread is alone.
        attentive: whether a thread is in a loop, so that what is read and written must be noted.
        cut_short: line of a loop that was made to wait for others after many rounds; 0 if there was none.
    """

    name = "explore"
    shortcut = False
    depth = 0
    roots: dict[int, Any]
    aborting = False
    no_preempt = here.NO_GUARD

    def __init__(self, chooser: Chooser, program: Program, indices: dict[tuple[int, int], int] | None = None) -> None:
        self.chooser = chooser
        self.program = program
        self.watch = program.watch
        self.indices: dict[tuple[int, int], int] = {} if indices is None else indices
        self.current: Any = None
        self.cut_short = 0
        self.idle = []

    def execute(self, main: Callable[[], Any], plan: Any = (), limit: int = 0) -> Explored:
        """One run; returns main's thread. Errors of threads stay in the threads.

        Raises:
            Strayed: the program did not repeat the plan.
            Endless: it went round a loop for too long.
            BaseException: what else must end the exploration: Ctrl-C, or something that cannot be explored.
        """
        self.run_id = object()
        self.current = None
        self.threads: list[Explored] = []
        self.by_index: dict[int, Explored] = {}
        self.names: set[str] = set()
        self.fresh: list[Explored] = []  # threads that have to go on to their next operation
        self.spinners: list[Explored] = []
        self.plan, self.limit, self.position = plan, limit, 0
        self.turns, self.roots = 0, {}
        self.moves, self.changes, self.met = [], [], {}
        self.stops, self.unfair = 0, False
        self.attentive = False
        self.failure: BaseException | None = None
        self.livelock: Livelock | None = None
        self.stuck: list[Waiting] = []
        self.aborting = False
        self._guard: RLock | None = None
        self.left: dict[Any, list[int]] = {}  # readers-writer lock → vector clock of all that have let it go
        self.woken_at: set[Any] = set()  # conditions and events at which somebody called notify or set
        self.hub = current_stack()
        here.numbers.clear()
        try:
            if len(here.waitables):  # Why: a run takes a tenth of a millisecond, and going through the empty one 5 µs
                here.take_over(self)
            here.machine = self
            thread = self.spawn(main, name="main")
            self.unjoined = 0
            chosen = self._next()
            while chosen is not None:  # a newcomer, for whom there is no stack yet
                chosen = self._begin(chosen)
            self.stuck = self._stuck()  # Why: here, since threads that are made to end leave the queues
            self.unfair = bool(self.stuck) and let_in(self.threads, self.spinners)
        except BaseException as error:
            self.failure = self.failure or error
        finally:
            try:
                self._abort()
            finally:
                here.machine = Resting()
                self.program.forget()
                if not self.keeps_stacks:
                    self.end_stacks()
        if self.failure is not None:
            raise self.failure
        return thread

    # ---- the verbs

    def spawn(self, fn: Callable[..., Any], *args: Any, name: str | None = None, **attributes: Any) -> Explored:
        """Create a thread; it goes on to its first operation before the next decision."""
        creator: Explored | None = self.current
        number = len(self.threads)
        if name is not None or number > len(LETTERS) or LETTERS[number - 1] in self.names:
            name = free_name(name, self.names, number - 1)
        else:
            name = LETTERS[number - 1]
            self.names.add(name)
        code = getattr(fn, "__code__", None)
        thread = Explored(number + 1, name, fn if code in self.program.rewritten else self.program.function(fn), args, self)  # type: ignore[arg-type]
        thread.run_id = self.run_id
        if creator is not None:
            creator.children += 1
            thread.index = self.indices.setdefault((creator.index, creator.children), len(self.indices) + 1)
            thread.clock = creator.clock
        if attributes:
            thread.attributes = check_attributes(attributes)
        thread.state = RUNNABLE
        self.threads.append(thread)
        self.by_index[thread.index] = thread
        self.fresh.append(thread)
        self.unjoined = self.unjoined + 1 if number else 0
        return thread

    def join(self, thread: Explored) -> Any:
        """Wait for the thread's end. Not an operation: nobody can tell when a thread began to wait."""
        me: Explored = self.current
        check_join(me, thread, self.run_id)
        if thread.state != EXITED:
            thread.joiners.append(me)
            self._block(me, thread)
        else:
            me.clock = joined(me.clock, thread.clock)
        if thread.timed_out is False:
            thread.timed_out = True  # counted as joined
            self.unjoined -= 1
        if thread.error is not None:
            thread.error_seen = True
            raise thread.error
        return thread.result

    def point(self, op: str, on: Any, argument: Any = None) -> None:
        """A primitive's operation is about to happen."""
        if on is None or on is here.SLEEP:
            return None
        watch, me = self.watch, self.current
        if type(argument) is here.Touches:
            return self.arrive(footprint_of(argument, self, on), (op, on), None, on)
        place = (watch.key(on), "")
        me.at = on
        rule, state = rule_of(on, op, op.startswith("try_") and place in watch.timed)
        footprint: Footprint = ((place, WRITE),)
        if isinstance(on, Condition):
            lock = (watch.key(on.lock), "")
            if on.lock.owner is not me:  # an error, whatever the others do
                state = state_of(on.lock)
                return self.arrive(((lock, READ),), (op, on), LOOK, None, lambda _: state(on.lock))
            if op == "wait":
                footprint += ((lock, WRITE),)
        if op in ("notify", "notify_all", "set"):
            self.woken_at.add(on)
        return self.arrive(footprint, (op, on), rule, on, state, argument)

    def arrive(
        self,
        footprint: Footprint,
        what: Any,
        rule: Rule | None = None,
        on: Any = None,
        state: Callable[[Any], Any] | None = None,
        argument: Any = None,
    ) -> None:
        """The current thread stands before an operation; returns when it is its turn."""
        me: Explored = self.current
        position = self.position
        if position < self.limit and not self.fresh:
            step = self.plan[position]
            if step.thread == me.index and step.asked == footprint:
                self.position = position + 1
                me.clock = step.clock
                if self.attentive:
                    self.account(me, step.footprint, rule)
                return
        if self.aborting:
            self._stop()
        me.op = Op(footprint, what, rule, on, state, argument)
        self._leave(me)

    def block(self, on: Any, timeout_ns: int | None = None, cause: str = "block") -> bool:
        """Wait in a primitive's queue until woken; with a timeout, until it is this thread's turn, whichever comes first."""
        me: Explored = self.current
        if timeout_ns is None:
            if self.watch.spurious and not me.startled and isinstance(getattr(on, "owner", None), Condition):
                me.startled = True
                self._wait_in_turn(me, on, ("wakes at", on.owner))
            else:
                self._block(me, on)
            return True
        if on is here.SLEEP:
            me.late_ns += timeout_ns
            return False
        owner = getattr(on, "owner", on)
        place = (self.watch.key(owner), "")
        if place not in self.watch.timed:
            self.watch.timed.add(place)
            self.watch.learnt = True
        self._wait_in_turn(me, on, ("times out at", owner))
        if not me.woken:
            me.late_ns += timeout_ns
        return me.woken

    def _wait_in_turn(self, me: Explored, on: Any, what: tuple[str, Any]) -> None:
        """Wait until woken or until it is this thread's turn to go on unwoken; me.woken tells which."""
        me.woken = False
        me.state = BLOCKED
        me.waiting_on = on
        self.arrive((((self.watch.key(what[1]), ""), WRITE),), what, ANY, what[1], state_of(what[1]))
        me.state = RUNNABLE
        me.waiting_on = None

    def wake(self, thread: Explored) -> None:
        """A thread need wait no longer."""
        if thread.state == BLOCKED:
            on = getattr(thread.waiting_on, "owner", None)
            thread.state = RUNNABLE
            thread.waiting_on = None
            thread.woken = True
            if thread.op is None:
                if self.current is not None:
                    thread.clock = joined(thread.clock, joined(self.current.clock, self.left.get(on, [])))
                self.fresh.append(thread)
            # Why: one that may time out could have done so before this too, so this and its going on are a race like any other.

    def sched_yield(self) -> None:
        """Nothing: whoever can run may come next anyway. A spinlock that is tried with a timeout comes to its end here."""
        me: Explored = self.current
        if isinstance(me.at, Spinlock):
            me.late_ns += FOREVER_NS

    def emit(self, kind: str, tid: int, *fields: Any) -> None:
        """A readers-writer lock is let go: who comes in later comes after all that have left, whose order is free."""
        if kind == "lock_release" and isinstance(self.current.at, RWLock):
            on = self.current.at
            self.left[on] = joined(self.left.get(on, []), self.current.clock)

    def now(self) -> float:
        """The program asks for the time, which does not pass here: nothing is proven then."""
        self.watch.not_seen("now()", 0)
        self.progress()
        return self.now_ns() / 1e9

    def now_ns(self) -> int:
        """How late the thread is: only timeouts that ended make time pass."""
        return self.current.late_ns if self.current is not None else 0

    def burn(self, seconds: float) -> None:
        """Nothing: any thread may be late for any length."""

    def guard(self) -> RLock:
        """What `with no_preempt:` is here: one lock for the whole machine, the least that any machine promises."""
        if self._guard is None:
            self._guard = RLock("no_preempt")
            self.watch.alias(self._guard, "no_preempt")
        return self._guard

    def signature(self, me: Explored, frame: FrameType) -> Any:
        roots = [*self.program.rebound_values(), *self.roots.values(), *things(self.watch.old, self.met)]
        return State(self.program.rewritten, self.threads, roots).signature(me, frame)

    # ---- inside

    def _live(self, thread: Explored) -> Explored | None:
        """The thread's life, on its own stack; returns who goes on after its end."""
        try:
            thread.result = thread.fn(*thread.args)
        except Aborted:
            thread.carrier = None
            return None
        except (Exception, SystemExit) as error:
            thread.error = error
        except BaseException as error:
            self.failure = error
        thread.state = EXITED
        for joiner in thread.joiners:
            joiner.clock = joined(joiner.clock, thread.clock)  # type: ignore[attr-defined]
            joiner.state = RUNNABLE
            joiner.waiting_on = None
            self.fresh.append(joiner)  # type: ignore[arg-type]
        return self._next()

    def _stuck(self) -> list[Waiting]:
        """Who waits for what, if nobody can go on although not all have ended."""
        stuck = [t for t in self.threads if t.state != EXITED]
        if self.failure is not None or self.livelock is not None or any(can_happen(t) for t in stuck):
            return []
        for thread in stuck:
            if thread.op is not None and thread.state != BLOCKED:
                thread.state, thread.waiting_on = BLOCKED, thread.op.on
        return waits(list(stuck))

    def _block(self, me: Explored, on: Any) -> None:
        if self.aborting:
            self._stop()
        me.state = BLOCKED
        me.waiting_on = on
        me.op = None
        self._leave(me)

    def _leave(self, me: Explored) -> None:
        chosen = self._next()
        if chosen is me:
            return
        self._switch(chosen)
        if self.aborting:
            self._stop()

    def _next(self) -> Explored | None:
        """Who goes on: threads that have not reached their next operation, then the one that is chosen."""
        if self.failure is not None or self.aborting or self.livelock is not None:
            return None
        if self.fresh:
            self.current = thread = self.fresh.pop()
            return thread
        position = self.position
        if position < self.limit:
            step = self.plan[position]
            found = self.by_index.get(step.thread)
            if found is None or found.op is None or found.op.footprint != step.asked:
                self.failure = Strayed(found.op.what if found is not None and found.op is not None else None)
                return None
            thread = found
            thread.clock, thread.did = step.clock, step.footprint
        else:
            try:
                chosen = self.chooser.choose(self)
            except RecursionError:  # the program's: it is deep, and calls nothing more
                raise
            except BaseException as error:  # Why: the thread on whose stack this happens must not take it for its own
                self.failure = self.failure or error
                return None
            if chosen is None:
                return self._let_turn()
            thread = chosen
        self.position = position + 1
        op, thread.op = thread.op, None
        self.current = thread
        if self.attentive:
            self.account(thread, thread.did, op and op.rule)
        return thread

    def _let_turn(self) -> Explored | None:
        """Nobody else can go on: who had to wait for others only out of fairness need not."""
        if self.failure is None and self.livelock is None and not any(t.op is not None for t in self.threads):
            for thread in [s for s in self.spinners if isinstance(s.waiting_on, Turn)]:
                self.spinners.remove(thread)
                self.wake(thread)
        return self._next() if self.fresh else None

    def give_up(self, why: BaseException) -> None:
        """End the run at once, from inside a thread; does not return there."""
        if isinstance(why, Livelock):
            self.livelock = why
        elif self.failure is None:
            self.failure = why
        if self.current is None:
            raise why
        if self.aborting:
            self._stop()
        self.current.op = None
        self._leave(self.current)


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
FOREVER_NS = 10**18
"""Later than any timeout."""
