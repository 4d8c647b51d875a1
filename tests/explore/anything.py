"""Random programs with all that labkit has, timeouts and errors as well: more than the oracle knows, so as Python only."""

from __future__ import annotations

import random
from collections.abc import Iterator
from textwrap import indent

MAKES = {
    "m": "Mutex('m')", "m2": "Mutex('m2')", "rl": "RLock('rl')", "sp": "Spinlock('sp')", "s0": "Semaphore(0, 's0')",
    "s1": "Semaphore(1, 's1')", "s2": "Semaphore(2, 's2')", "c": "Condition(m, 'c')", "cr": "Condition(rl, 'cr')",
    "e": "Event('e')", "b": "Barrier(2, name='b')", "ch0": "Channel(0, 'ch0')", "ch1": "Channel(1, 'ch1')", "rw": "RWLock('rw')",
    "a": "Atomic(0, 'a')",
}  # fmt: skip
"""Name → how it is made; conditions after their locks."""
LOCK_OF = {"c": "m", "cr": "rl"}
PLAIN = ("x += 1", "x = 1", "y = x", "x = y + 1", "out.append(x)", "out.append(y)", "l.append(i)", "out.append(len(l))",
         "d[i] = 1", "d[0] = i", "out.append(len(d))", "out.append(d.get(0))", "out.append(list(d))")  # fmt: skip
CALLS = {
    "s": ("{}.acquire()", "out.append({}.acquire(blocking=False))", "out.append({}.acquire(timeout=1))", "{}.release()",
          "{}.release()", "{}.release(2)", "out.append({}.value)"),
    "e": ("{}.set()", "{}.wait()", "out.append({}.wait(timeout=1))", "out.append({}.is_set())", "{}.clear()"),
    "b": ("out.append({}.wait())", "out.append({}.wait(timeout=1))", "{}.abort()", "{}.reset()", "out.append({}.n_waiting)"),
    "ch": ("{}.send(i)", "out.append({}.send(i, timeout=1))", "out.append({}.receive())", "out.append({}.receive(timeout=1))",
           "{}.close()", "out.append(len({}))"),
    "a": ("out.append({}.fetch_add(1))", "out.append({}.load())", "{}.store(i)", "out.append({}.compare_exchange(0, i + 1))",
          "out.append({}.exchange(i))"),
    "m": ("out.append({}.locked())", "{}.release()"),
}  # fmt: skip
"""Letters of a name → what one can do there, beside taking a lock for a while."""
MEETS = ("{}.wait()", "out.append({}.wait(timeout=1))", "{}.notify()", "{}.notify()", "{}.notify_all()",
         "out.append({}.wait_for(lambda: x, timeout=1))", "while not x: {}.wait()")  # fmt: skip
"""What one can do at a condition, with its lock or, rarely, without."""


def source(seed: int) -> str:
    """A program as a Python module with a function main(); equal seeds make equal programs."""
    return "\n".join(Anything(random.Random(seed)).module()) + "\n"


class Anything:
    """Draws a program."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.things = rng.sample(list(MAKES), rng.choice((1, 1, 2, 2, 3)))
        self.things += sorted({LOCK_OF[t] for t in self.things if t in LOCK_OF} - set(self.things))

    def module(self) -> Iterator[str]:
        threads = self.rng.choice((2, 2, 3))
        yield "from labkit import *"
        yield "from labkit.errors import LabError"
        yield "def main():"
        yield "    d, l, x, y = {}, [], 0, 0"
        yield from (f"    {name} = {how}" for name, how in MAKES.items() if name in self.things)
        for i in range(threads):
            yield f"    def t{i}():"
            yield "        nonlocal x, y"
            yield f"        i, out = {i}, []"
            yield "        try:"
            yield from nested(self.block(2, self.rng.randint(1, 5 - threads)), 3)
            yield "        except (LabError, TimeoutError) as error: out.append(type(error).__name__)"
            yield "        return tuple(out)"
        yield f"    threads = [{', '.join(f'spawn(t{i})' for i in range(threads))}]"
        yield "    i, out = 9, []"
        if self.rng.random() < 0.3:
            yield f"    {self.rng.choice(PLAIN)}"
        yield "    return tuple([t.join() for t in threads]), tuple(out), x, y, tuple(l), tuple(d)"

    def block(self, depth: int, statements: int) -> list[str]:
        """Some statements; fewer blocks inside them the deeper they stand."""
        lines = []
        for _ in range(statements):
            thing = self.rng.choice([*self.things, *[""] * max(1, len(self.things) // 2)])
            kind = thing.rstrip("012")
            calls = CALLS.get(kind, ())
            if not thing:
                lines.append(self.rng.choice(PLAIN))
            elif kind in LOCK_OF:
                lines += self.meeting(thing)
            elif calls and (kind != "m" or self.rng.random() < 0.1):
                lines.append(self.rng.choice(calls).format(thing))
            elif depth:
                lines += self.locked(thing, self.block(depth - 1, self.rng.randint(1, 2)))
            else:
                lines.append(self.rng.choice(PLAIN))
        return lines

    def locked(self, lock: str, body: list[str]) -> list[str]:
        """A block under a lock."""
        how = self.rng.choice(("blocking=False", "timeout=1"))
        way = self.rng.choice(("read", "write"))
        plain, suffix = (f"with {lock}.{way}():", f"_{way}") if lock == "rw" else (f"with {lock}:", "")
        if self.rng.random() < 0.5:
            return [plain, *nested(body)]
        tried = ["try:", *nested(body), f"finally: {lock}.release{suffix}()"]
        return [f"if {lock}.acquire{suffix}({how}):", *nested(tried), f"else: out.append('no {lock}')"]

    def meeting(self, condition: str) -> list[str]:
        """Something at a condition."""
        what = self.rng.choice(MEETS).format(condition)
        if self.rng.random() < 0.1:
            return [what]
        around = [[self.rng.choice(PLAIN)] if self.rng.random() < chance else [] for chance in (0.6, 0.4)]
        return [f"with {LOCK_OF[condition]}:", *nested([*around[0], what, *around[1]])]


def nested(lines: list[str], depth: int = 1) -> list[str]:
    """The lines, further to the right."""
    return [indent(line, "    " * depth) for line in lines]
