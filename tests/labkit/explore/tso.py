"""x86-TSO by brute force, for litmus tests: every order of the threads' steps and of the writes that leave the buffers."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple

from labkit import spawn
from labkit.sync import fence

Op = tuple[Any, ...]
"""("w", place, value), ("r", place), ("f",) for a fence."""
Code = Sequence[Sequence[Op]]
FIRST = 0


class One(NamedTuple):
    """A thread: how far it is, what it has read and where that came from, and what waits in its buffer."""

    at: int = 0
    read: tuple[int, ...] = ()
    source: tuple[tuple[str, int], ...] = ()
    """("own", which write) if the buffer answered, ("memory", how many writes had come to the place before)."""
    buffer: tuple[tuple[str, int], ...] = ()


class State(NamedTuple):
    """All threads, and for each place the values that memory has held, in order."""

    threads: tuple[One, ...]
    memory: tuple[tuple[str, tuple[int, ...]], ...]

    def put(self, i: int, one: One) -> State:
        """With another state of the i-th thread."""
        return self._replace(threads=(*self.threads[:i], one, *self.threads[i + 1 :]))

    def held(self, place: str) -> tuple[int, ...]:
        """The values of a place, the last one last."""
        return dict(self.memory)[place]

    def write(self, place: str, value: int) -> State:
        """With a value in memory."""
        return self._replace(memory=tuple((p, (*held, value) if p == place else held) for p, held in self.memory))


def ends(threads: Code, buffered: bool = True) -> set[State]:
    """How it can end: one state for each trace."""
    found = set()
    start = State(tuple(One() for _ in threads), tuple((p, (FIRST,)) for p in places(threads)))
    stack, known = [start], {start}
    while stack:
        state = stack.pop()
        after = list(_after(threads, state, buffered))
        if not after:
            found.add(state)
        new = [s for s in after if s not in known]
        known.update(new)
        stack += new
    return found


def outcomes(threads: Code, buffered: bool = True) -> set[Any]:
    """What each thread has read, and what memory holds in the end."""
    return {
        (tuple(one.read for one in state.threads), tuple(held[-1] for _, held in state.memory))
        for state in ends(threads, buffered)
    }


def places(threads: Code) -> list[str]:
    """The places that a program touches."""
    return sorted({op[1] for ops in threads for op in ops if len(op) > 1})


def _after(threads: Code, state: State, buffered: bool) -> Iterator[State]:
    for i, one in enumerate(state.threads):
        if one.buffer:
            yield state.put(i, one._replace(buffer=one.buffer[1:])).write(*one.buffer[0])
        if one.at == len(threads[i]):
            continue
        op, on = threads[i][one.at], one._replace(at=one.at + 1)
        if op[0] == "w" and buffered:
            yield state.put(i, on._replace(buffer=(*one.buffer, op[1:])))
        elif op[0] == "w":
            yield state.put(i, on).write(*op[1:])
        elif op[0] == "r":
            own = [value for place, value in one.buffer if place == op[1]]
            held = state.held(op[1])
            value, source = (own[-1], ("own", own[-1])) if own else (held[-1], ("memory", len(held)))
            if sum(any(op[1] in other for other in ops) for ops in threads) < 2:
                source = ("own", 0)  # nobody else can tell
            yield state.put(i, on._replace(read=(*one.read, value), source=(*one.source, source)))
        elif not one.buffer:
            yield state.put(i, on)


def drawn(rng: random.Random, threads: int, kinds: str = "wwwwrrrrf") -> Code:
    """A program of up to 3 operations for each thread, on two places; each thread likes to write one and to read the other."""
    return [[_op(rng, kinds, i, 10 * i + n) for n in range(1, rng.choice((2, 3, 3)) + 1)] for i in range(1, threads + 1)]


def _op(rng: random.Random, kinds: str, thread: int, value: int) -> Op:
    kind = rng.choice(kinds)
    place = "xy"[(thread + (kind == "r") + (rng.random() < 0.2)) % 2]
    return {"w": ("w", place, value), "r": ("r", place), "f": ("f",)}[kind]


def in_items(threads: Code) -> Callable[[], Any]:
    """The same program for labkit; its places are items of a dict."""

    def main() -> Any:
        box = dict.fromkeys(places(threads), FIRST)

        def work(ops: Sequence[Op]) -> Any:
            read = []
            for op in ops:
                if op[0] == "w":
                    box[op[1]] = op[2]
                elif op[0] == "r":
                    read.append(box[op[1]])
                else:
                    fence()
            return tuple(read)

        workers = [spawn(work, ops) for ops in threads]
        return tuple([w.join() for w in workers]), tuple([box[p] for p in places(threads)])

    return main


def in_attributes(threads: Code) -> Callable[[], Any]:
    """The same program for labkit; its places are attributes of an object."""

    def main() -> Any:
        box = SimpleNamespace(**dict.fromkeys(places(threads), FIRST))

        def work(ops: Sequence[Op]) -> Any:
            read = []
            for op in ops:
                if op[0] == "w":
                    setattr(box, op[1], op[2])
                elif op[0] == "r":
                    read.append(getattr(box, op[1]))
                else:
                    fence()
            return tuple(read)

        workers = [spawn(work, ops) for ops in threads]
        return tuple([w.join() for w in workers]), tuple([getattr(box, p) for p in places(threads)])

    return main
