"""A brute-force oracle: everything a small program can do, found by trying everything.

It shares no code and no idea with labkit.explore. A program is a generator function: it yields operations and is told
their results, so `v = yield read("x")` is a step. What a thread has been told so far, with its code, is all there is to
know of it: a state is that, for each thread, and the contents of all places.

Two interleavings are equivalent, the same trace, if each operation has the same operations before it that it depends on,
directly or through others. That is the canonical form used here: each operation, with the set of those before it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterator
from operator import itemgetter
from typing import Any, NamedTuple

from tests.explore.operations import (
    RW,
    SILENT,
    VARIABLE,
    Channel,
    Code,
    Effect,
    Error,
    Op,
    Program,
    ThreadError,
    Tid,
    effect,
    gone,
    variable,
    waits_still,
)

Past = int
"""A set of operations, one bit each."""


class TooLarge(Exception):
    """More prefixes than the oracle was allowed to look at."""


class Answer(NamedTuple):
    """What a program can do."""

    traces: int
    outcomes: Counter[Any]
    """outcome → traces that end so; ("value", what main returned), ("error", its kind) or ("deadlock", who is stuck)."""


class State(NamedTuple):
    """Between two operations. All threads stand before their next operation, wait, or have ended."""

    code: dict[Tid, tuple[Code, tuple[Any, ...]]]
    told: dict[Tid, tuple[Any, ...]]
    next: dict[Tid, Op]
    """What each thread does next: follows from its code and what it has been told."""
    memory: dict[str, Any]
    known: dict[Tid, Past]
    """What comes before a thread's next operation whatever that is."""
    changed: dict[str, Past]
    """What comes before the next operation that looks at the place: its changes, and all before them."""
    touched: dict[str, Past]
    """What comes before the next operation that changes the place: all that touched it, and all before them."""
    trace: frozenset[tuple[Past, Past]]
    """Each operation so far, and those before it."""
    running: set[Tid]
    """Threads that were spawned and not yet joined."""
    users: dict[str, frozenset[tuple[Tid, str]]]
    """Who has read and written a variable while threads were running."""

    def itself(self) -> Any:
        """Without the way that led here."""
        return tuple(sorted(self.told.items(), key=itemgetter(0))), tuple(sorted(self.memory.items(), key=itemgetter(0)))


class Move(NamedTuple):
    """A thread does its next operation."""

    tid: Tid
    me: Past
    before: Past
    """All that has to come before it."""
    trace: frozenset[tuple[Past, Past]]
    """With it."""
    effect: Effect


class Oracle:
    """Answers for one program.

    Args:
        program: what to try.
        most: how many prefixes to look at, at most.
    """

    def __init__(self, program: Program, most: int = 10**9) -> None:
        self.program = program
        self.most = most
        self.bits: dict[tuple[Tid, int], Past] = {}
        self.actions: dict[Any, Op] = {}
        self.leaves: Counter[Any] = Counter()
        self.seen: set[Any] = set()
        self.own: set[str] | None = None
        """Variables that count as a thread's own; None for not known yet."""

    def answer(self) -> Answer:
        """Visit each prefix of each trace once: the same prefix leads to the same state, and has the same ends."""
        self._visit(self.start())
        return Answer(self.leaves.total(), self.leaves)

    def _visit(self, state: State) -> None:
        """Count the ends that can be reached from here and have not been counted."""
        self.seen.add(state.trace)
        if len(self.seen) > self.most:
            raise TooLarge
        moves = list(self.moves(state))
        for move in moves:
            if move.trace not in self.seen:
                self._visit(self.after(state, move))
        if not moves:
            self.leaves[self.outcome(state)] += 1

    def interleavings(self) -> int:
        """Their number, counted over states: fewer than there are prefixes of traces."""
        self.own = None
        self.own = self._own_variables()
        ways: dict[Any, int] = {}

        def visit(state: State) -> int:
            key = state.itself()
            if key not in ways:
                if len(ways) > self.most:
                    raise TooLarge
                ways[key] = sum(visit(self.after(state, move)) for move in self.moves(state)) or 1
            return ways[key]

        return visit(self.start())

    def _own_variables(self) -> set[str]:
        """The variables that no two threads touch in the same run, one changing them, while threads are running."""
        shared: set[str] = set()
        seen: set[Any] = set()
        todo = [self.start()]
        while todo:
            state = todo.pop()
            key = (state.itself(), frozenset(state.users.items()))
            if key in seen:
                continue
            if len(seen) > self.most:
                raise TooLarge
            seen.add(key)
            for x, users in state.users.items():
                if len({who for who, _ in users}) > 1 and any(verb == "write" for _, verb in users):
                    shared.add(x)
            todo += [self.after(state, move) for move in self.moves(state)]
        return {x for x in self.program.memory if x not in shared}

    @staticmethod
    def _users(state: State, tid: Tid) -> dict[str, frozenset[tuple[Tid, str]]]:
        verb, x = state.next[tid][:2]
        if verb not in VARIABLE or not state.running:
            return state.users
        return state.users | {x: state.users.get(x, frozenset()) | {(tid, verb)}}

    def every_interleaving(self) -> Iterator[tuple[frozenset[tuple[Past, Past]], Any]]:
        """Each one, by plain recursion: its canonical form and its outcome. For very small programs."""

        def visit(state: State) -> Iterator[tuple[frozenset[tuple[Past, Past]], Any]]:
            moves = list(self.moves(state))
            if not moves:
                yield state.trace, self.outcome(state)
            for move in moves:
                yield from visit(self.after(state, move))

        return visit(self.start())

    def fewest_preemptions(self, bad: Callable[[Any], bool]) -> int | None:
        """Over all interleavings with a bad outcome: how often, at least, a thread that could go on is left for another."""
        todo: list[tuple[State, Tid]] = [(self.start(), ())]
        seen: set[Any] = set()
        preemptions = 0
        while todo:
            later = []
            while todo:
                state, current = todo.pop()
                key = (state.itself(), current)
                if key in seen:
                    continue
                seen.add(key)
                moves = list(self.moves(state))
                if not moves and bad(self.outcome(state)):
                    return preemptions
                current_can = any(move.tid == current for move in moves)
                for move in moves:
                    free = move.tid == current or not current_can
                    (todo if free else later).append((self.after(state, move), move.tid))
            todo = later
            preemptions += 1
        return None

    def start(self) -> State:
        main = self._action(self.program.main, (), ())
        memory = dict(self.program.memory)
        state = State({(): (self.program.main, ())}, {(): ()}, {(): main}, memory, {(): 0}, {}, {}, frozenset(), set(), {})
        self._settle(state)
        return state

    def outcome(self, state: State) -> Any:
        """How a run ended in which nothing more can happen."""
        stuck = tuple(sorted(tid for tid, action in state.next.items() if action[0] not in ("return", "raise")))
        end, value = state.next[()][:2]
        return ("deadlock", stuck) if stuck else ("value" if end == "return" else "error", value)

    def moves(self, state: State) -> Iterator[Move]:
        """What can happen next: one move for each thread whose operation need not wait."""
        for tid, op in state.next.items():
            done = effect(op, tid, state.memory)
            if done is not None:
                before = state.known[tid]
                for place, changes in done[0]:
                    before |= (state.touched if changes else state.changed).get(place, 0)
                me = self.bits.setdefault((tid, len(state.told[tid])), 1 << len(self.bits))
                yield Move(tid, me, before, state.trace | {(me, before)}, done)

    def after(self, state: State, move: Move) -> State:
        """The state after a move."""
        touches, result, new = move.effect
        past = move.before | move.me
        changed, touched = dict(state.changed), dict(state.touched)
        for place, changes in touches:
            touched[place] = touched.get(place, 0) | past
            if changes:
                changed[place] = touched[place]
        after = State(
            dict(state.code), dict(state.told), dict(state.next), state.memory | new,
            state.known | {move.tid: past}, changed, touched, move.trace, set(state.running), self._users(state, move.tid),
        )  # fmt: skip
        self._tell(after, move.tid, result)
        self._settle(after)
        return after

    def _settle(self, state: State) -> None:
        """Let the threads do what is no operation: spawn, join, go on after having been let go."""
        moved = True
        while moved:
            moved = False
            for tid, action in list(state.next.items()):
                silent = action[0] in SILENT or (self.own and action[0] in VARIABLE and action[1] in self.own)
                if silent and self._silent(state, tid, action):
                    moved = True

    def _silent(self, state: State, tid: Tid, action: Op) -> bool:
        """Do it, in place; False if it has to wait."""
        result: Any = None
        match action:
            case "spawn", code, args:
                result = (*tid, sum(1 for other in state.told if other[:-1] == tid and other))
                state.code[result], state.told[result], state.known[result] = (code, args), (), state.known[tid]
                state.next[result] = self._action(code, args, ())
                state.running.add(result)
            case "join", other:
                verb, result, *_ = state.next[other]
                if verb not in ("return", "raise"):
                    return False
                state.known[tid] |= state.known[other]
                state.running.discard(other)
            case "read" | "write", *_:
                _, result, new = variable(action[0], action[1], list(action[2:]), tid, state.memory)
                state.memory.update(new)
            case "go on", place, changes:
                if waits_still(place, tid, state.memory):
                    return False
                # Let go just now: a reader by the change before, a writer by all who have gone, others by all who came.
                if not changes:
                    state.known[tid] |= state.changed.get(place, 0)
                else:
                    rw = isinstance(state.memory[place], RW)
                    state.known[tid] |= state.touched.get(gone(place) if rw else place, 0)
                held = state.memory[place]
                if isinstance(held, Channel):
                    given = dict(held.given)
                    result = given.pop(tid, None)
                    state.memory[place] = held._replace(given=tuple(given.items()))
        self._tell(state, tid, result)
        return True

    def _tell(self, state: State, tid: Tid, result: Any) -> None:
        """A thread is told a result, and goes on to its next action."""
        state.told[tid] += (result,)
        state.next[tid] = self._action(*state.code[tid], state.told[tid])

    def _action(self, code: Code, args: tuple[Any, ...], told: tuple[Any, ...]) -> Op:
        """What a thread does next: an operation, or its end."""
        key = (code, args, told)
        if key not in self.actions:
            self.actions[key] = replayed(code(*args), told)
        return self.actions[key]


def replayed(thread: Generator[Op, Any, Any], told: tuple[Any, ...]) -> Op:
    """A thread's next action after all that it has been told."""
    try:
        action = next(thread)
        for result in told:
            action = thread.throw(ThreadError(result)) if isinstance(result, Error) else thread.send(result)
    except StopIteration as end:
        return ("return", end.value)
    except ThreadError as error:
        return ("raise", error.args[0])
    except AssertionError:
        return ("raise", Error("AssertionError"))
    return action


def ask(program: Program, most: int = 10**9) -> Answer:
    """The answer for a program."""
    return Oracle(program, most).answer()
