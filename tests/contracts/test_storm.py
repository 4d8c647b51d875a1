"""Primitives in a storm: preempted as often as the machine can, a hundred thousand operations of each kind lose nothing.

LABKIT_STORM=20 repeats each storm 20 times (default 2). Every storm keeps a plain Python count inside the critical section, so a
lock that lets two threads in loses updates, and one that forgets a sleeper ends in a Deadlock.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

from labkit import Atomic, Barrier, Channel, Condition, Event, Mutex, RLock, RWLock, Semaphore, Spinlock, run, spawn
from labkit.limits import STORM_TIMESLICE_MS, TIMESLICE_MIN_MS
from labkit.sync import ALL

REPEATS = int(os.environ.get("LABKIT_STORM", "2"))
OPERATIONS = 100_000
"""Lock operations of one storm on the preemptive machine, acquire and release counted apart."""
FREE_OPERATIONS = 30_000
"""The same on free pthreads, where each operation takes several times as long."""
THREADS = 4

Storm = Callable[[int], tuple[int, int]]
"""Given a number of operations, a program's (count, expected count)."""


def together(worker: Callable[[int], Any], n: int = THREADS) -> list[Any]:
    """Run n threads and collect their results."""
    return [t.join() for t in [spawn(worker, i) for i in range(n)]]


def critical(enter: Callable[[], Any], leave: Callable[[], Any]) -> Storm:
    """Each thread goes in and out of one critical section, which adds to a plain count in two steps."""

    def storm(operations: int) -> tuple[int, int]:
        rounds = operations // THREADS // 2
        count = 0

        def worker(_: int) -> None:
            nonlocal count
            for _ in range(rounds):
                enter()
                seen = count
                str(seen)  # a call: Python looks for signals at its end
                count = seen + 1
                leave()

        together(worker)
        return count, rounds * THREADS

    return storm


def mutex() -> Storm:
    lock = Mutex()
    return critical(lock.acquire, lock.release)


def rlock() -> Storm:
    lock = RLock()

    def enter() -> None:
        lock.acquire()
        lock.acquire()

    def leave() -> None:
        lock.release()
        lock.release()

    storm = critical(enter, leave)
    return lambda operations: storm(operations // 2)


def spinlock() -> Storm:
    lock = Spinlock()
    return critical(lock.acquire, lock.release)


def semaphore() -> Storm:
    seats = Semaphore(1)
    return critical(seats.acquire, seats.release)


def condition() -> Storm:
    """Two producers and two consumers around a plain list of at most two things."""
    changed = Condition()

    def storm(operations: int) -> tuple[int, int]:
        rounds = operations // 8  # each thing costs two acquires and two releases, and a wait or a notify or two
        box: list[int] = []
        got = 0

        def produce() -> None:
            for i in range(rounds):
                with changed:
                    while len(box) == 2:
                        changed.wait()
                    box.append(i)
                    changed.notify_all()

        def consume() -> None:
            nonlocal got
            for _ in range(rounds):
                with changed:
                    while not box:
                        changed.wait()
                    box.pop()
                    seen = got
                    str(seen)
                    got = seen + 1
                    changed.notify_all()

        together(lambda i: produce() if i % 2 else consume())
        return got, rounds * 2

    return storm


def event() -> Storm:
    """Two threads hand the turn to and fro."""
    ping, pong = Event(), Event()

    def storm(operations: int) -> tuple[int, int]:
        rounds = operations // 6
        count = 0

        def player(mine: Event, other: Event) -> None:
            nonlocal count
            for _ in range(rounds):
                mine.wait()
                mine.clear()
                seen = count
                str(seen)
                count = seen + 1
                other.set()

        ping.set()
        together(lambda i: player(ping, pong) if i else player(pong, ping), 2)
        return count, rounds * 2

    return storm


def barrier() -> Storm:
    """No thread is ever two rounds ahead; each round has exactly one thread that the barrier numbers 0."""
    gate = Barrier(THREADS)

    def storm(operations: int) -> tuple[int, int]:
        rounds = operations // THREADS // 4
        turns = [0] * THREADS
        ahead = 0

        def worker(me: int) -> int:
            nonlocal ahead
            zeros = 0
            for _ in range(rounds):
                turns[me] += 1
                zeros += gate.wait() == 0
                ahead += min(turns) < turns[me]
            return zeros

        return sum(together(worker)) - ahead, rounds

    return storm


def rwlock() -> Storm:
    """Two writers change two counts together; two readers never see them apart."""
    lock = RWLock()

    def storm(operations: int) -> tuple[int, int]:
        rounds = operations // THREADS // 2
        a = b = torn = 0

        def write() -> None:
            nonlocal a, b
            for _ in range(rounds):
                with lock.write():
                    a += 1
                    str(a)
                    b = a

        def read() -> None:
            nonlocal torn
            for _ in range(rounds):
                with lock.read():
                    seen = a
                    str(seen)
                    torn += seen != b

        together(lambda i: write() if i % 2 else read())
        return a - torn, rounds * 2

    return storm


def channel() -> Storm:
    """Two senders and two receivers: every value arrives exactly once, and each sender's in its order."""
    pipe = Channel(1)

    def storm(operations: int) -> tuple[int, int]:
        rounds = operations // 4

        def send(me: int) -> None:
            for i in range(rounds):
                pipe.send((me, i))

        def receive() -> list[tuple[int, int]]:
            return [pipe.receive() for _ in range(rounds)]

        lists = [got for got in together(lambda i: send(i) if i % 2 else receive()) if got]
        in_order = all([i for s, i in got if s == me] == sorted(i for s, i in got if s == me) for got in lists for me in (1, 3))
        return len(set(lists[0] + lists[1])) * in_order, rounds * 2

    return storm


def atomic() -> Storm:
    """Half of the threads count with fetch_add, half with a compare_exchange loop."""
    count = Atomic(0)

    def storm(operations: int) -> tuple[int, int]:
        rounds = operations // THREADS

        def add() -> None:
            for _ in range(rounds):
                count.fetch_add()

        def swap() -> None:
            for _ in range(rounds):
                while True:
                    seen = count.load()
                    if count.compare_exchange(seen, seen + 1):
                        break

        count.store(0)
        together(lambda i: add() if i % 2 else swap())
        return count.load(), rounds * THREADS

    return storm


STORMS = {f.__name__: f for f in (atomic, spinlock, mutex, rlock, semaphore, condition, event, barrier, rwlock, channel)}


def test_every_primitive_has_its_storm() -> None:
    assert set(STORMS) == {kind.kind for kind in ALL}


@pytest.mark.parametrize("repeat", range(REPEATS))
@pytest.mark.parametrize("kind", STORMS)
def test_nothing_is_lost_under_sigalrm(kind: str, repeat: int) -> None:
    storm = STORMS[kind]()
    made = run(lambda: storm(OPERATIONS), "preemptive", timeslice_ms=STORM_TIMESLICE_MS, trace=False)
    count, expected = made.result
    assert count == expected > 0


@pytest.mark.parametrize("kind", STORMS)
def test_the_storm_is_a_storm(kind: str) -> None:
    """What was not preempted was not tested: the same program, traced, is preempted many times."""
    storm = STORMS[kind]()
    made = run(lambda: storm(OPERATIONS // 10), "preemptive", timeslice_ms=STORM_TIMESLICE_MS)
    count, expected = made.result
    assert count == expected
    assert made.trace.summary().switches["preempt"] > 5


@pytest.mark.parametrize("repeat", range(REPEATS))
@pytest.mark.parametrize("kind", STORMS)
def test_nothing_is_lost_on_free_pthreads(kind: str, repeat: int) -> None:
    storm = STORMS[kind]()
    count, expected = run(lambda: storm(FREE_OPERATIONS), "pthread", timeslice_ms=TIMESLICE_MIN_MS, trace=False).result
    assert count == expected > 0


def test_a_storm_sees_a_lock_that_does_not_lock() -> None:
    storm = critical(lambda: None, lambda: None)
    count, expected = run(lambda: storm(OPERATIONS), "preemptive", timeslice_ms=STORM_TIMESLICE_MS, trace=False).result
    assert count < expected
