"""The programs of programs.py and locking.py in the oracle's language, in the same order and under the same names.

Only what two threads touch is an operation here. Each main spawns its threads, joins them, and returns their results and
then the final values of some places, as gather() and the mains of programs.py do.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from tests.explore.operations import RW, Op, Program, add, each, join, joined, read, rw_acquire, spawn, write

Steps = Generator[Op, Any, Any]
MODELS: dict[str, Callable[..., Program]] = {}


def model(make: Callable[..., Program]) -> Callable[..., Program]:
    """Keep it under its name."""
    MODELS[make.__name__] = make
    return make


def together(memory: dict[str, Any], *threads: Any, finals: tuple[str, ...] = ()) -> Program:
    """Spawn all, join all, return (results, final value, ...)."""

    def main() -> Steps:
        results = yield from joined(*(t if isinstance(t, tuple) else (t,) for t in threads))
        values = yield from each(read(place) for place in finals)
        return (results, *values)

    return Program(main, memory)


# ---- variables


@model
def readers(n: int) -> Program:
    def writer() -> Steps:
        yield write("x", 1)

    def reader() -> Steps:
        return (yield read("x"))

    return together({"x": 0}, writer, *[reader] * n)


@model
def lastzero(n: int) -> Program:
    def last() -> Steps:
        i = n
        while (yield read(f"a{i}")) != 0:
            i -= 1
        return i

    def worker(j: int) -> Steps:
        yield write(f"a{j}", (yield read(f"a{j - 1}")) + 1)

    return together({f"a{i}": 0 for i in range(n + 1)}, last, *[(worker, j) for j in range(1, n + 1)])


@model
def counter(n: int) -> Program:
    def worker() -> Steps:
        yield from add("x", 1)

    return together({"x": 0}, *[worker] * n, finals=("x",))


@model
def writers(n: int) -> Program:
    def writer(i: int) -> Steps:
        yield write("x", i)

    def reader() -> Steps:
        return (yield read("x"))

    return together({"x": 0}, *[(writer, i) for i in range(1, n + 1)], reader, finals=("x",))


@model
def bank(n: int) -> Program:
    def transfer(i: int) -> Steps:
        if (yield read(f"a{i}")) >= 10:
            yield from add(f"a{i}", -10)
            yield from add(f"a{(i + 1) % n}", 10)

    accounts = {f"a{i}": 100 for i in range(n)}
    return together(accounts, *[(transfer, i) for i in range(n)], finals=tuple(accounts))


@model
def peterson() -> Program:
    def enter(me: int) -> Steps:
        yield write(f"wants{me}", True)
        yield write("turn", 1 - me)
        if (yield read(f"wants{1 - me}")) and (yield read("turn")) == 1 - me:
            return False
        yield write(f"wants{me}", False)
        return True

    return together({"wants0": False, "wants1": False, "turn": 0}, (enter, 0), (enter, 1))


@model
def dekker() -> Program:
    def enter(me: int) -> Steps:
        yield write(f"wants{me}", True)
        if (yield read(f"wants{1 - me}")):
            return False
        yield from add("inside", 1)
        yield write(f"wants{me}", False)
        return True

    return together({"wants0": False, "wants1": False, "inside": 0}, (enter, 0), (enter, 1), finals=("inside",))


def _litmus(*threads: tuple[tuple[Any, ...], ...]) -> Program:
    """Threads of reads and writes; each returns what it read."""

    def thread(ops: tuple[tuple[Any, ...], ...]) -> Steps:
        seen = []
        for x, *value in ops:
            got = yield write(x, value[0]) if value else read(x)
            if not value:
                seen.append(got)
        return tuple(seen)

    places = sorted({op[0] for ops in threads for op in ops})
    return together(dict.fromkeys(places, 0), *[(thread, ops) for ops in threads], finals=tuple(places))


@model
def store_buffer() -> Program:
    return _litmus((("x", 1), ("y",)), (("y", 1), ("x",)))


@model
def message_passing() -> Program:
    return _litmus((("x", 1), ("y", 1)), (("y",), ("x",)))


@model
def load_buffer() -> Program:
    return _litmus((("x",), ("y", 1)), (("y",), ("x", 1)))


@model
def two_plus_two_writes() -> Program:
    return _litmus((("x", 1), ("y", 2)), (("y", 1), ("x", 2)))


@model
def independent_reads() -> Program:
    return _litmus((("x", 1),), (("y", 1),), (("x",), ("y",)), (("y",), ("x",)))


@model
def write_to_read() -> Program:
    return _litmus((("x", 1),), (("x",), ("y", 1)), (("y",), ("x",)))


@model
def coherence() -> Program:
    return _litmus((("x", 1), ("x", 2)), (("x",), ("x",)))


@model
def fibonacci(n: int) -> Program:
    def grow(x: str, y: str) -> Steps:
        for _ in range(n):
            now = yield read(x)
            yield write(x, now + (yield read(y)))

    return together({"i": 1, "j": 1}, (grow, "i", "j"), (grow, "j", "i"), finals=("i", "j"))


@model
def indexer(n: int) -> Program:
    def put(i: int) -> Steps:
        yield write(f"t{i % 4}", i)

    return together({f"t{i}": None for i in range(4)}, *[(put, i) for i in range(n)], finals=("t0", "t1", "t2", "t3"))


@model
def check_then_act() -> Program:
    def take() -> Steps:
        if (yield read("stock")) > 0:
            yield from add("stock", -1)
            return True
        return False

    return together({"stock": 1}, take, take, finals=("stock",))


@model
def lazy_once(n: int) -> Program:
    def use() -> Steps:
        if (yield read("made")) is None:
            yield write("made", "it")
        return (yield read("made"))

    return together({"made": None}, *[use] * n)


@model
def double_checked() -> Program:
    def use() -> Steps:
        if (yield read("made")) is None:
            yield "acquire", "lock"
            if (yield read("made")) is None:
                yield from add("times", 1)
                yield write("made", "it")
            yield "release", "lock"

    return together({"made": None, "times": 0, "lock": None}, use, use, finals=("times",))


@model
def family(depth: int) -> Program:
    def generation(left: int) -> Steps:
        child = (yield spawn(generation, left - 1)) if left else None
        yield from add("x", 1)
        if child:
            yield join(child)

    return together({"x": 0}, (generation, depth), finals=("x",))


@model
def parallel_sum(n: int) -> Program:
    def part(i: int) -> Steps:
        yield write(f"part{i}", i)

    def main() -> Steps:
        yield from joined(*[(part, i) for i in range(n)])
        total = 0
        for i in range(n):
            total += yield read(f"part{i}")
        return total

    return Program(main, {f"part{i}": 0 for i in range(n)})


@model
def main_takes_part() -> Program:
    def worker() -> Steps:
        yield from add("x", 1)

    def main() -> Steps:
        t = yield spawn(worker)
        yield from add("x", 10)
        yield join(t)
        return (yield read("x"))

    return Program(main, {"x": 0})


# ---- locks


@model
def locked_increment(n: int) -> Program:
    def worker() -> Steps:
        yield "acquire", "lock"
        yield from add("x", 1)
        yield "release", "lock"

    return together({"x": 0, "lock": None}, *[worker] * n, finals=("x",))


@model
def spin_increment(n: int) -> Program:
    return locked_increment(n)


@model
def half_locked(n: int) -> Program:
    def careless() -> Steps:
        yield from add("x", 1)

    def careful() -> Steps:
        yield "acquire", "lock"
        yield from add("x", 1)
        yield "release", "lock"

    return together({"x": 0, "lock": None}, careless, *[careful] * n, finals=("x",))


@model
def two_locks() -> Program:
    def both(a: str, b: str) -> Steps:
        yield "acquire", a
        yield "acquire", b
        yield "release", b
        yield "release", a

    return together({"a": None, "b": None}, (both, "a", "b"), (both, "b", "a"))


def _dine(n: int, order: Callable[[int, int], tuple[int, int]]) -> Program:
    def eat(i: int) -> Steps:
        first, second = order(i, (i + 1) % n)
        yield "acquire", f"fork{first}"
        yield "acquire", f"fork{second}"
        yield "release", f"fork{second}"
        yield "release", f"fork{first}"

    return together({f"fork{i}": None for i in range(n)}, *[(eat, i) for i in range(n)])


@model
def philosophers(n: int) -> Program:
    return _dine(n, lambda a, b: (a, b))


@model
def ordered_philosophers(n: int) -> Program:
    return _dine(n, lambda a, b: (min(a, b), max(a, b)))


@model
def try_locks(n: int) -> Program:
    def worker() -> Steps:
        if (yield "try", "lock"):
            yield from add("x", 1)
            yield "release", "lock"
            return True
        return False

    return together({"x": 0, "lock": None}, *[worker] * n, finals=("x",))


@model
def polite_philosophers() -> Program:
    def eat(i: int) -> Steps:
        yield "acquire", f"fork{i}"
        got = yield "try", f"fork{1 - i}"
        if got:
            yield "release", f"fork{1 - i}"
        yield "release", f"fork{i}"
        return got

    return together({"fork0": None, "fork1": None}, (eat, 0), (eat, 1))


@model
def reentrant(n: int) -> Program:
    def worker() -> Steps:
        yield "acquire", "lock", True
        yield "acquire", "lock", True
        yield "release", "lock"
        yield "release", "lock"

    return together({"lock": None}, *[worker] * n)


@model
def hand_over_hand(n: int) -> Program:
    def walk() -> Steps:
        yield "acquire", "first"
        yield "acquire", "second"
        yield "release", "first"
        yield from add("x", 1)
        yield "release", "second"

    return together({"first": None, "second": None, "x": 0}, *[walk] * n, finals=("x",))


@model
def readers_writers(readers: int, writers: int) -> Program:
    def reader() -> Steps:
        yield from rw_acquire("lock", False)
        seen = yield read("x")
        yield "rw release", "lock", False
        return seen

    def writer() -> Steps:
        yield from rw_acquire("lock", True)
        yield from add("x", 1)
        yield "rw release", "lock", True

    return together({"lock": RW(), "x": 0}, *[reader] * readers, *[writer] * writers, finals=("x",))


@model
def read_twice() -> Program:
    def reader() -> Steps:
        yield from rw_acquire("lock", False)
        yield from rw_acquire("lock", False)
        yield "rw release", "lock", False
        yield "rw release", "lock", False

    def writer() -> Steps:
        yield from rw_acquire("lock", True)
        yield "rw release", "lock", True

    return together({"lock": RW()}, reader, writer)
