"""x86-TSO by brute force, for litmus tests: every order of the threads' steps and of the writes that leave the buffers."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

from labkit import spawn
from labkit.sync import fence

Op = tuple[Any, ...]
"""("w", place, value), ("r", place), ("f",) for a fence."""
Code = Sequence[Sequence[Op]]
FIRST = 0


def outcomes(threads: Code, buffered: bool = True) -> set[Any]:
    """All ends: what each thread has read, and what memory holds."""
    found = set()
    places = sorted({op[1] for ops in threads for op in ops if len(op) > 1})
    start = (tuple((0, (), ()) for _ in threads), tuple((p, FIRST) for p in places))
    stack, known = [start], {start}
    while stack:
        state, memory = stack.pop()
        after = list(_after(threads, state, dict(memory), buffered))
        if not after:
            found.add((tuple(read for _, read, _ in state), tuple(value for _, value in memory)))
        for there in after:
            if there not in known:
                known.add(there)
                stack.append(there)
    return found


def _after(threads: Code, state: Any, memory: dict[Any, Any], buffered: bool) -> Any:
    """Each state that can be next: (at, read, buffer) of every thread, and memory."""
    for i, (at, read, buffer) in enumerate(state):
        if buffer:
            (place, value), *rest = buffer
            yield _with(state, i, (at, read, tuple(rest))), tuple(sorted((memory | {place: value}).items()))
        if at == len(threads[i]):
            continue
        op = threads[i][at]
        same = tuple(sorted(memory.items()))
        if op[0] == "w" and buffered:
            yield _with(state, i, (at + 1, read, (*buffer, op[1:]))), same
        elif op[0] == "w":
            yield _with(state, i, (at + 1, read, buffer)), tuple(sorted((memory | {op[1]: op[2]}).items()))
        elif op[0] == "r":
            own = [value for place, value in buffer if place == op[1]]
            yield _with(state, i, (at + 1, (*read, own[-1] if own else memory[op[1]]), buffer)), same
        elif not buffer:
            yield _with(state, i, (at + 1, read, buffer)), same


def _with(state: Any, i: int, one: Any) -> Any:
    return (*state[:i], one, *state[i + 1 :])


def drawn(rng: random.Random, threads: int, kinds: str = "wwwrrrf") -> Code:
    """A program of up to 3 operations for each thread, on two places."""
    return [[_op(rng.choice(kinds), rng, 10 * i + n) for n in range(1, rng.randint(1, 3) + 1)] for i in range(1, threads + 1)]


def _op(kind: str, rng: random.Random, value: int) -> Op:
    place = rng.choice("xy")
    return {"w": ("w", place, value), "r": ("r", place), "f": ("f",)}[kind]


def in_items(threads: Code) -> Callable[[], Any]:
    """The same program for labkit; its places are items of a dict."""

    def main() -> Any:
        places = sorted({op[1] for ops in threads for op in ops if len(op) > 1})
        box = dict.fromkeys(places, FIRST)

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
        return tuple([w.join() for w in workers]), tuple([box[p] for p in places])

    return main


def in_attributes(threads: Code) -> Callable[[], Any]:
    """The same program for labkit; its places are attributes of an object."""

    def main() -> Any:
        places = sorted({op[1] for ops in threads for op in ops if len(op) > 1})
        box = SimpleNamespace(**dict.fromkeys(places, FIRST))

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
        return tuple([w.join() for w in workers]), tuple([getattr(box, p) for p in places])

    return main
