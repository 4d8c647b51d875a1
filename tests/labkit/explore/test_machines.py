"""The same program runs unmodified on every machine, and ends there as explore() says it can."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from labkit import (
    Atomic,
    Barrier,
    Channel,
    Condition,
    Deadlock,
    Event,
    Mutex,
    RWLock,
    Semaphore,
    Spinlock,
    explore,
    replay,
    run,
    sched_yield,
    sleep,
    spawn,
)

MACHINES = ("cooperative", "preemptive", "pthread")
Work = Callable[[], Any]


def together(*works: Work) -> list[Any]:
    """Run them as threads; what they return, in order."""
    return [thread.join() for thread in [spawn(work) for work in works]]


def unlocked() -> int:
    n = 0

    def add() -> None:
        nonlocal n
        old = n
        sched_yield()
        n = old + 1

    together(add, add)
    return n


def locked() -> int:
    n, lock = [0], Mutex("n")

    def add() -> None:
        with lock:
            old = n[0]
            sched_yield()
            n[0] = old + 1

    together(add, add, add)
    return n[0]


def atomic() -> tuple[int, ...]:
    n = Atomic(0)
    return tuple(together(n.fetch_add, n.fetch_add, n.fetch_add))


def spinning() -> int:
    n, lock = [0], Spinlock("s")

    def add() -> None:
        with lock:
            n[0] += 1

    together(add, add)
    return n[0]


def opposite_orders() -> str:
    a, b = Mutex("a"), Mutex("b")

    def first() -> None:
        with a:
            sched_yield()
            with b:
                pass

    def second() -> None:
        with b:
            sched_yield()
            with a:
                pass

    together(first, second)
    return "both"


def lost_wake_up() -> str:
    ready = Condition(name="ready")

    def waiter() -> None:
        with ready:
            ready.wait()

    def caller() -> None:
        with ready:
            ready.notify()

    together(caller, waiter)
    return "woken"


def waits_in_a_loop() -> str:
    ready, box = Condition(name="ready"), []

    def waiter() -> str:
        with ready:
            while not box:
                ready.wait()
            return str(box.pop())

    def caller() -> None:
        with ready:
            box.append("x")
            ready.notify()

    return str(together(waiter, caller)[0])


def meeting() -> tuple[int, ...]:
    gate = Barrier(3)
    return tuple(together(gate.wait, gate.wait, gate.wait))


def pipe() -> tuple[int, ...]:
    way, got = Channel(1), []

    def source() -> None:
        for i in range(3):
            way.send(i)
        way.close()

    together(source, lambda: got.extend(list(way)))
    return tuple(got)


def late() -> str:
    word, go = ["nothing"], Event()

    def writer() -> None:
        sleep(0.001)
        word[0] = "something"
        go.set()

    spawn(writer)
    go.wait(timeout=0.001)
    return word[0]


def seats() -> int:
    chairs, inside = Semaphore(2), Atomic(0)

    def sit() -> int:
        with chairs:
            before: int = inside.fetch_add(1)
            sched_yield()
            inside.fetch_add(-1)
        return before

    return max(together(sit, sit, sit))


def readers() -> tuple[int, ...]:
    shelf, book = RWLock(), [0]

    def read() -> int:
        with shelf.read():
            return book[0]

    def write() -> None:
        with shelf.write():
            book[0] += 1

    return tuple(x for x in together(read, write, read) if x is not None)


def fails_in_some() -> int:
    n = [0]

    def add() -> None:
        old = n[0]
        sched_yield()
        n[0] = old + 1

    together(add, add)
    assert n[0] == 2
    return n[0]


PROGRAMS = (unlocked, locked, atomic, spinning, opposite_orders, lost_wake_up, waits_in_a_loop, meeting, pipe, late, seats,
            readers, fails_in_some)  # fmt: skip


def ending(main: Work, **how: Any) -> Any:
    """How a run ended: its value, or the kind of its failure."""
    try:
        return run(main, **how).result
    except Deadlock:
        return Deadlock
    except AssertionError:
        return AssertionError


@pytest.fixture(scope="module", params=PROGRAMS, ids=lambda p: p.__name__)
def known(request: pytest.FixtureRequest) -> tuple[Work, set[Any], Any]:
    """A program, all the ways in which it can end, and its verdict."""
    verdict = explore(request.param)
    assert verdict.exhausted
    assert not verdict.unseen
    ends = {o for o in verdict.outcomes if not isinstance(o, str) or not any(o == label for label in failing(verdict))}
    ends |= {AssertionError if f.kind == "assertion" else Deadlock for f in verdict.failures}
    return request.param, ends, verdict


def failing(verdict: Any) -> list[str]:
    """The outcomes that are failures, by their text."""
    return [o for o in verdict.outcomes if isinstance(o, str) and (":" in o or o == "AssertionError")]


@pytest.mark.parametrize("machine", MACHINES)
def test_a_run_on_a_machine_ends_in_a_way_that_explore_knows(known: tuple[Work, set[Any], Any], machine: str) -> None:
    main, ends, _ = known
    assert ending(main, machine=machine) in ends


@pytest.mark.parametrize("points", [1, 2, 3])
@pytest.mark.parametrize("machine", ["preemptive", "pthread"])
def test_so_does_one_that_is_preempted_often(known: tuple[Work, set[Any], Any], machine: str, points: int) -> None:
    main, ends, _ = known
    assert ending(main, machine=machine, timeslice_points=points) in ends


def test_a_lottery_finds_no_end_that_explore_does_not_know(known: tuple[Work, set[Any], Any]) -> None:
    main, ends, _ = known
    found = {ending(main, machine="preemptive", policy="lottery", timeslice_points=1, seed=seed) for seed in range(30)}
    assert found <= ends


def test_the_schedule_of_a_failure_leads_to_it_again(known: tuple[Work, set[Any], Any]) -> None:
    main, ends, verdict = known
    for failure in verdict.failures:
        again = replay(main, failure.schedule)
        assert again.failure is not None
        assert (again.failure.kind, again.failure.text) == (failure.kind, failure.text)
    if not verdict.failures:
        assert replay(main, "").result in ends
