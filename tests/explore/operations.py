"""The oracle's language: what programs can say, what each operation does, and which depend on each other.

Which operations depend on each other follows from what they mean. Each operation touches places, and looks at a place or
changes it; two operations depend on each other if they touch the same place and one of them changes it. In detail:

- reading a variable looks, writing changes, `x += 1` is a read and then a write;
- a compare-and-swap, a try-lock or a try-down that fails has changed nothing: it looks. Whatever else an atomic value,
  a lock or a semaphore offers changes it;
- acquiring a lock, taking a permit and waiting for an event happen when they are granted. When a thread began to wait
  there nobody can tell: whoever waits there may be the next, in any order;
- in the queues of a condition, a channel, a barrier and a readers-writer lock the order of coming decides, so coming is
  an operation. Going on afterwards is none: it is part of the operation that let the thread go;
- wait() at a condition gives up the lock and queues in one operation, and takes the lock again in another;
- readers of a readers-writer lock look, coming and going: among themselves their order makes no difference. Writers
  change it;
- is_set() and wait() of an event look, set() and clear() change;
- spawn and join are no operations. They imply order: a thread comes after what its creator had done, a joiner goes on
  after all that the joined thread did.

A variable is worth an operation only if in some run two threads touch it, one of them changing it, while threads are
running. This makes no difference to traces and outcomes; interleavings() counts by it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from typing import Any, NamedTuple

Op = tuple[Any, ...]
Code = Callable[..., Generator[Op, Any, Any]]
Tid = tuple[int, ...]
"""() is main, (0,) its first child, (0, 2) that one's third: it does not depend on who spawned first."""


class Error(NamedTuple):
    """What a thread ends with, or is told, in place of a value."""

    kind: str


class ThreadError(Exception):
    """How an Error arrives inside a thread."""


class Program(NamedTuple):
    """What is explored: main's code, and what every place holds at the start."""

    main: Code
    memory: dict[str, Any]


# ---- what a program says


def read(x: str) -> Op:
    return ("read", x)


def write(x: str, value: Any) -> Op:
    return ("write", x, value)


def add(x: str, n: Any) -> Generator[Op, Any, None]:
    """x += n"""
    yield ("write", x, (yield ("read", x)) + n)


def wait(condition: str, lock: str) -> Generator[Op, Any, None]:
    yield ("wait", condition, lock)
    yield ("reacquire", condition, lock)


def barrier(b: str) -> Generator[Op, Any, int]:
    """How many had come before."""
    place: int = yield ("arrive", b)
    yield ("go on", b, CHANGES)
    return place


def send(channel: str, value: Any) -> Generator[Op, Any, None]:
    yield ("send", channel, value)
    yield ("go on", channel, CHANGES)


def receive(channel: str) -> Generator[Op, Any, Any]:
    yield ("receive", channel)
    return (yield ("go on", channel, CHANGES))


def rw_acquire(lock: str, write: bool) -> Generator[Op, Any, None]:
    yield ("rw acquire", lock, write)
    yield ("go on", lock, write)


def under(lock: Op, steps: Generator[Op, Any, Any], release: Op) -> Generator[Op, Any, Any]:
    """Steps between an acquire and a release, which an error in them does not prevent."""
    yield lock
    try:
        result = yield from steps
    except Exception:
        yield release
        raise
    yield release
    return result


def spawn(code: Code, *args: Any) -> Op:
    return ("spawn", code, args)


def join(thread: Tid) -> Op:
    return ("join", thread)


def each(ops: Iterable[Op]) -> Generator[Op, Any, tuple[Any, ...]]:
    """One operation after the other; gives their results."""
    results: tuple[Any, ...] = ()
    for op in ops:
        results += ((yield op),)
    return results


def joined(*threads: tuple[Any, ...]) -> Generator[Op, Any, tuple[Any, ...]]:
    """Spawn threads, each a code and its arguments, join them all, and give what they returned."""
    tids = yield from each(spawn(*thread) for thread in threads)
    return (yield from each(join(tid) for tid in tids))


# ---- what an operation means

VARIABLE = ("read", "write")
SILENT = ("spawn", "join", "go on")
"""What is no operation."""
LOOKS, CHANGES = False, True
Effect = tuple[list[tuple[str, bool]], Any, dict[str, Any]]
"""The places touched and how, the result, and what the places hold afterwards."""


def effect(op: Op, tid: Tid, memory: dict[str, Any]) -> Effect | None:
    """What an operation does now; None if it has to wait."""
    verb, x, *rest = op
    kind = KINDS.get(verb)
    return kind(verb, x, rest, tid, memory) if kind else None


def variable(verb: str, x: str, rest: list[Any], tid: Tid, memory: dict[str, Any]) -> Effect:
    """Variables and atomics."""
    now = memory[x]
    match verb, rest:
        case "read" | "load", []:
            return [(x, LOOKS)], now, {}
        case "write" | "store", [value]:
            return [(x, CHANGES)], None, {x: value}
        case "exchange", [value]:
            return [(x, LOOKS if now is value or (type(now) is type(value) and now == value) else CHANGES)], now, {x: value}
        case "fetch_add", [n]:
            return [(x, CHANGES)], now, {x: now + n}
        case "cas", [expected, new]:
            return ([(x, CHANGES)], True, {x: new}) if now == expected else ([(x, LOOKS)], False, {})
    raise ValueError((verb, rest))


def _lock(verb: str, x: str, rest: list[Any], tid: Tid, memory: dict[str, Any]) -> Effect | None:
    """A mutex is None or its owner and how often it holds it; `reentrant` says whether the owner may come again."""
    owner, depth = memory[x] or (None, 0)
    match verb:
        case "acquire" if owner == tid and not rest:
            return [(x, LOOKS)], Error("LabError"), {}
        case "acquire":
            return None if owner not in (None, tid) else ([(x, CHANGES)], None, {x: (tid, depth + 1)})
        case "try" if owner is None or (owner == tid and rest):
            return [(x, CHANGES)], True, {x: (tid, depth + 1)}
        case "try":
            return [(x, LOOKS)], False, {}
        case _ if owner != tid:
            return [(x, LOOKS)], Error("NotOwner"), {}
    return [(x, CHANGES)], None, {x: (tid, depth - 1) if depth > 1 else None}


def _condition(verb: str, c: str, rest: list[Any], tid: Tid, memory: dict[str, Any]) -> Effect | None:
    """A condition is the queue of those who wait. Its lock is held once by who waits."""
    queue = memory[c]
    lock = rest[0]
    owner, _ = memory[lock] or (None, 0)
    if verb == "reacquire":
        return None if owner is not None or tid in queue else ([(lock, CHANGES)], None, {lock: (tid, 1)})
    if owner != tid:
        return [(lock, LOOKS)], Error("NotOwner"), {}
    if verb == "wait":
        return [(c, CHANGES), (lock, CHANGES)], None, {c: (*queue, tid), lock: None}
    return [(c, CHANGES)], None, {c: queue[rest[1] :] if verb == "notify" else ()}


def _semaphore(verb: str, s: str, rest: list[Any], tid: Tid, memory: dict[str, Any]) -> Effect | None:
    """A semaphore is its number of permits."""
    permits = memory[s]
    if verb == "up":
        return [(s, CHANGES)], None, {s: permits + (rest[0] if rest else 1)}
    if permits:
        return [(s, CHANGES)], True, {s: permits - 1}
    return None if verb == "down" else ([(s, LOOKS)], False, {})


def _event(verb: str, e: str, rest: list[Any], tid: Tid, memory: dict[str, Any]) -> Effect | None:
    """An event is a flag."""
    if verb in ("set", "clear"):
        return [(e, CHANGES)], None, {e: verb == "set"}
    return ([(e, LOOKS)], memory[e], {}) if verb == "is_set" or memory[e] else None


def _barrier(verb: str, b: str, rest: list[Any], tid: Tid, memory: dict[str, Any]) -> Effect | None:
    """A barrier is (parties, who waits)."""
    parties, here = memory[b]
    complete = len(here) == parties - 1
    return [(b, CHANGES)], len(here), {b: (parties, () if complete else (*here, tid))}


class Channel(NamedTuple):
    """What a channel holds."""

    capacity: int
    buffer: tuple[Any, ...] = ()
    senders: tuple[tuple[Tid, Any], ...] = ()
    receivers: tuple[Tid, ...] = ()
    given: tuple[tuple[Tid, Any], ...] = ()
    """Values handed to receivers which have not gone on yet."""
    closed: bool = False


def _channel(verb: str, c: str, rest: list[Any], tid: Tid, memory: dict[str, Any]) -> Effect | None:
    now: Channel = memory[c]

    def done(**new: Any) -> Effect:
        return [(c, CHANGES)], None, {c: now._replace(**new)}

    if verb == "close":
        gone = tuple((who, Error("Closed")) for who in now.receivers) + tuple((who, Error("Closed")) for who, _ in now.senders)
        return done(closed=True, receivers=(), senders=(), given=now.given + gone)
    if verb == "send":
        if now.closed:
            return [(c, LOOKS)], Error("Closed"), {}
        if now.receivers:
            return done(receivers=now.receivers[1:], given=(*now.given, (now.receivers[0], rest[0])))
        if len(now.buffer) < now.capacity:
            return done(buffer=(*now.buffer, rest[0]))
        return done(senders=(*now.senders, (tid, rest[0])))
    waiting = now.buffer + tuple(value for _, value in now.senders)
    if waiting:
        values, senders = waiting[1:], now.senders[1:]
        return done(buffer=values[: len(values) - len(senders)], senders=senders, given=(*now.given, (tid, waiting[0])))
    if now.closed:
        return [(c, LOOKS)], Error("Closed"), {}
    return done(receivers=(*now.receivers, tid))


class RW(NamedTuple):
    """What a readers-writer lock holds: first come, first served. Who reads twice is a reader until it has gone out twice."""

    readers: tuple[Tid, ...] = ()
    """Sorted: which of them came first makes no difference."""
    writer: Tid | None = None
    queue: tuple[tuple[Tid, bool], ...] = ()


def _rw(verb: str, x: str, rest: list[Any], tid: Tid, memory: dict[str, Any]) -> Effect | None:
    now: RW = memory[x]
    write: bool = rest[0]
    if verb == "rw acquire":
        now = now._replace(queue=(*now.queue, (tid, write)))
    elif write:
        now = now._replace(writer=None)
    else:
        at = now.readers.index(tid)
        now = now._replace(readers=now.readers[:at] + now.readers[at + 1 :])
    while now.queue and now.writer is None and not (now.queue[0][1] and now.readers):
        who, writes = now.queue[0]
        now = RW(now.readers, who, now.queue[1:]) if writes else RW(tuple(sorted((*now.readers, who))), None, now.queue[1:])
    touches = [(x, CHANGES if write else LOOKS)]
    if verb == "rw release":
        touches.append((gone(x), CHANGES if write else LOOKS))
    return touches, None, {x: now}


def gone(lock: str) -> str:
    """A place that all touch who go out at a readers-writer lock, and nobody who comes."""
    return f"gone from {lock}"


KINDS: dict[str, Callable[..., Effect | None]] = {
    **dict.fromkeys(["read", "write", "load", "store", "exchange", "fetch_add", "cas"], variable),
    **dict.fromkeys(["acquire", "try", "release"], _lock),
    **dict.fromkeys(["wait", "reacquire", "notify", "notify_all"], _condition),
    **dict.fromkeys(["down", "try down", "up"], _semaphore),
    **dict.fromkeys(["set", "clear", "is_set", "await"], _event),
    "arrive": _barrier,
    **dict.fromkeys(["send", "receive", "close"], _channel),
    **dict.fromkeys(["rw acquire", "rw release"], _rw),
}


def waits_still(place: str, tid: Tid, memory: dict[str, Any]) -> bool:
    """Has nobody let this thread go yet, that waits in a queue?"""
    held = memory[place]
    if isinstance(held, RW):
        return any(who == tid for who, _ in held.queue)
    if isinstance(held, Channel):
        return tid in held.receivers or any(who == tid for who, _ in held.senders)
    return tid in held[1]
