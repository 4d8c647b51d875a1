"""The programs of meetings.py and signalling.py in the oracle's language, in the same order and under the same names."""

from __future__ import annotations

from typing import Any

from tests.explore.models import Steps, model, together
from tests.explore.operations import (
    Channel,
    Program,
    ThreadError,
    add,
    barrier,
    joined,
    read,
    receive,
    send,
    wait,
    write,
)


def once(*op: Any) -> Steps:
    """A thread that does one operation and returns its result."""
    return (yield op)


# ---- atomics


@model
def atomic_increment(n: int) -> Program:
    def main() -> Steps:
        yield from joined(*[(once, "fetch_add", "x", 1)] * n)
        return (yield read("x"))

    return Program(main, {"x": 0})


@model
def casrot(n: int) -> Program:
    return together({"x": 0}, *[(once, "cas", "x", i - 1, i) for i in range(1, n + 1)], finals=("x",))


@model
def cas_increment(n: int) -> Program:
    def worker() -> Steps:
        tries = 1
        old = yield "load", "x"
        while not (yield "cas", "x", old, old + 1):
            tries += 1
            old = yield "load", "x"
        return tries

    return together({"x": 0}, *[worker] * n, finals=("x",))


@model
def cas_once(n: int) -> Program:
    return together({"x": 0}, *[(once, "cas", "x", 0, i) for i in range(1, n + 1)], finals=("x",))


@model
def tickets(n: int) -> Program:
    def buy() -> Steps:
        ticket = yield "fetch_add", "dispenser", 1
        yield write(f"sold{ticket}", True)
        return ticket

    return together({"dispenser": 0} | {f"sold{i}": False for i in range(n)}, *[buy] * n, finals=("dispenser",))


@model
def atomic_readers(n: int) -> Program:
    return together({"x": 0}, (once, "store", "x", 1), *[(once, "load", "x")] * n, finals=("x",))


@model
def exchange_gate(n: int) -> Program:
    def worker() -> Steps:
        if not (yield "exchange", "taken", True):
            yield from add("x", 1)
            return True
        return False

    return together({"taken": False, "x": 0}, *[worker] * n, finals=("x",))


# ---- semaphores


@model
def multiplex(n: int, permits: int) -> Program:
    def visit() -> Steps:
        yield "down", "room"
        yield "up", "room"

    return together({"room": permits}, *[visit] * n)


@model
def try_permits(n: int, permits: int) -> Program:
    return together({"room": permits}, *[(once, "try down", "room")] * n)


@model
def rendezvous() -> Program:
    def side(mine: str, theirs: str) -> Steps:
        yield write(mine, 1)
        yield "up", mine + " arrived"
        yield "down", theirs + " arrived"
        return (yield read(theirs))

    return together({"a": 0, "b": 0, "a arrived": 0, "b arrived": 0}, (side, "a", "b"), (side, "b", "a"))


@model
def early_rendezvous() -> Program:
    def side(mine: str, theirs: str) -> Steps:
        yield "down", theirs
        yield "up", mine

    return together({"a": 0, "b": 0}, (side, "a", "b"), (side, "b", "a"))


@model
def semaphore_barrier(n: int) -> Program:
    def worker() -> Steps:
        yield "acquire", "lock"
        yield from add("count", 1)
        if (yield read("count")) == n:
            yield "up", "gate"
        yield "release", "lock"
        yield "down", "gate"
        yield "up", "gate"

    return together({"count": 0, "lock": None, "gate": 0}, *[worker] * n, finals=("count",))


@model
def bounded_buffer_semaphores(items: int, room: int) -> Program:
    def side(first: str, second: str, n: int) -> Steps:
        for _ in range(items):
            yield "down", first
            yield "acquire", "lock"
            yield from add("size", n)
            yield "release", "lock"
            yield "up", second

    memory = {"slots": room, "filled": 0, "lock": None, "size": 0}
    return together(memory, (side, "slots", "filled", 1), (side, "filled", "slots", -1), finals=("size",))


@model
def room_of_readers(n: int) -> Program:
    def reader() -> Steps:
        yield "acquire", "lock"
        yield from add("readers", 1)
        if (yield read("readers")) == 1:
            yield "down", "empty"
        yield "release", "lock"
        seen = yield read("x")
        yield "acquire", "lock"
        yield from add("readers", -1)
        if (yield read("readers")) == 0:
            yield "up", "empty"
        yield "release", "lock"
        return seen

    def writer() -> Steps:
        yield "down", "empty"
        yield from add("x", 1)
        yield "up", "empty"

    return together({"readers": 0, "lock": None, "empty": 1, "x": 0}, writer, *[reader] * n, finals=("x",))


@model
def water() -> Program:
    def atom() -> Steps:
        yield "down", "hydrogen"
        yield "up", "ready"

    def oxygen() -> Steps:
        yield "down", "ready"
        yield "down", "ready"
        yield "up", "hydrogen", 2

    return together({"hydrogen": 2, "ready": 0}, atom, atom, oxygen)


@model
def smokers() -> Program:
    def pass_on(first: str, second: str) -> Steps:
        yield "down", first
        yield "up", second

    agents = [(pass_on, "table", "paper0"), (pass_on, "table", "paper1")]
    return together({"table": 1, "paper0": 0, "paper1": 0}, *agents, (pass_on, "paper0", "table"), (pass_on, "paper1", "table"))


# ---- conditions


@model
def handover(consumers: int, all_of_them: bool) -> Program:
    def consumer() -> Steps:
        yield "acquire", "lock"
        while (yield read("box")) == 0:
            yield from wait("ready", "lock")
        yield from add("box", -1)
        yield "release", "lock"

    def producer() -> Steps:
        yield "acquire", "lock"
        yield from add("box", consumers)
        yield ("notify_all", "ready", "lock") if all_of_them else ("notify", "ready", "lock", 1)
        yield "release", "lock"

    return together({"box": 0, "ready": (), "lock": None}, *[consumer] * consumers, producer, finals=("box",))


@model
def lost_wakeup() -> Program:
    def waiter() -> Steps:
        if not (yield read("done")):
            yield "acquire", "lock"
            yield from wait("ready", "lock")
            yield "release", "lock"

    def waker() -> Steps:
        yield write("done", True)
        yield "acquire", "lock"
        yield "notify", "ready", "lock", 1
        yield "release", "lock"

    return together({"done": False, "ready": (), "lock": None}, waiter, waker)


@model
def if_for_while() -> Program:
    def consumer() -> Steps:
        yield "acquire", "lock"
        if (yield read("box")) == 0:
            yield from wait("ready", "lock")
        yield from add("box", -1)
        yield "release", "lock"

    def producer() -> Steps:
        yield "acquire", "lock"
        yield from add("box", 1)
        yield "notify", "ready", "lock", 1
        yield "release", "lock"

    return together({"box": 0, "ready": (), "lock": None}, consumer, consumer, producer, producer, finals=("box",))


def _change(limit: int, n: int, waits: str, wakes: str, times: int = 1) -> Steps:
    """Under the lock, wait while size is at the limit, then change it."""
    for _ in range(times):
        yield "acquire", "lock"
        while (yield read("size")) == limit:
            yield from wait(waits, "lock")
        yield from add("size", n)
        yield "notify", wakes, "lock", 1
        yield "release", "lock"


@model
def bounded_buffer(items: int, room: int) -> Program:
    memory = {"size": 0, "not full": (), "not empty": (), "lock": None}
    producer = (_change, room, 1, "not full", "not empty", items)
    return together(memory, producer, (_change, 0, -1, "not empty", "not full", items), finals=("size",))


@model
def one_condition_for_both(producers: int, consumers: int) -> Program:
    threads = [(_change, 1, 1, "changed", "changed")] * producers + [(_change, 0, -1, "changed", "changed")] * consumers
    return together({"size": 0, "changed": (), "lock": None}, *threads, finals=("size",))


# ---- barriers, events, channels


@model
def barrier_once(n: int) -> Program:
    return together({"gate": (n, ())}, *[(barrier, "gate")] * n)


@model
def barrier_phases(n: int, rounds: int) -> Program:
    def worker(i: int) -> Steps:
        for _ in range(rounds):
            yield from add(f"x{i}", 1)
            yield from barrier("gate")
        return (yield read(f"x{(i + 1) % n}"))

    return together({"gate": (n, ())} | {f"x{i}": 0 for i in range(n)}, *[(worker, i) for i in range(n)])


@model
def barrier_too_few() -> Program:
    return together({"gate": (3, ())}, (barrier, "gate"), (barrier, "gate"))


@model
def latch(n: int) -> Program:
    def worker() -> Steps:
        yield "await", "go"
        return (yield read("x"))

    def starter() -> Steps:
        yield write("x", 1)
        yield "set", "go"

    return together({"go": False, "x": 0}, starter, *[worker] * n)


@model
def cleared_too_soon() -> Program:
    def waker() -> Steps:
        yield "set", "go"
        yield "clear", "go"

    return together({"go": False}, waker, (once, "await", "go"))


@model
def event_polled(n: int) -> Program:
    return together({"stop": False}, (once, "set", "stop"), *[(once, "is_set", "stop")] * n)


def _ends(memory: dict[str, Any], *threads: Any, shown: slice) -> Program:
    """Spawn and join all, return some of the results."""

    def main() -> Steps:
        results = yield from joined(*(t if isinstance(t, tuple) else (t,) for t in threads))
        return (results[shown] if shown.stop is None else results[shown][0],)

    return Program(main, memory)


@model
def channel_pairs(n: int, capacity: int) -> Program:
    threads = [(send, "pipe", i) for i in range(n)] + [(receive, "pipe")] * n
    return _ends({"pipe": Channel(capacity)}, *threads, shown=slice(n, None))


def _receive_all(channel: str, items: int) -> Steps:
    got: tuple[Any, ...] = ()
    for _ in range(items):
        got += ((yield from receive(channel)),)
    return got


@model
def pipeline(items: int) -> Program:
    def source() -> Steps:
        for i in range(items):
            yield from send("first", i)

    def double() -> Steps:
        for _ in range(items):
            yield from send("second", 2 * (yield from receive("first")))

    threads = (source, double, (_receive_all, "second", items))
    return _ends({"first": Channel(0), "second": Channel(0)}, *threads, shown=slice(2, 3))


@model
def closed_channel(items: int) -> Program:
    def source() -> Steps:
        for i in range(items):
            yield from send("pipe", i)
        yield "close", "pipe"

    def sink() -> Steps:
        got = []
        while True:
            try:
                got.append((yield from receive("pipe")))
            except ThreadError:
                return tuple(got)

    return _ends({"pipe": Channel(1)}, source, sink, shown=slice(1, 2))
