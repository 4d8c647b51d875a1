"""What explore() leaves out loses nothing: with and without the reduction a program has the same outcomes.

A search with a high bound on preemptions runs every interleaving, and asks nothing about what depends on what.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from labkit import Barrier, Condition, Mutex, Semaphore, spawn
from labkit.errors import BrokenBarrier, NotOwner
from labkit.explore import explore
from tests.explore.anything import source
from tests.explore.compare import imported
from tests.explore.test_fuzz import fuzzed

Main = Callable[[], Any]
DIFFERENT_MOST, ALL_MOST = 500, 2000
"""Schedules of a program that is small enough."""


def nothing_is_lost(main: Main) -> bool:
    """Compare both searches; False if the program is too large for the second."""
    some = explore(main, runs=DIFFERENT_MOST)
    if some.runs == DIFFERENT_MOST:
        return False
    every = explore(main, bound=1000, runs=ALL_MOST)
    assert not some.stopped
    assert not some.unseen
    assert set(every.outcomes) <= set(some.outcomes)
    assert not every.exhausted or set(some.outcomes) == set(every.outcomes)
    return every.exhausted


@fuzzed
@given(st.integers(0, 2**32))
def test_the_reduction_loses_no_outcome_of_a_random_program(seed: int) -> None:
    with imported(source(seed)) as main:
        assume(nothing_is_lost(main))


def together(*threads: Callable[[], Any]) -> Any:
    """What the threads return, or the name of the error with which they end."""

    def safely(work: Callable[[], Any]) -> Any:
        try:
            return work()
        except (BrokenBarrier, NotOwner) as error:
            return type(error).__name__

    return tuple([t.join() for t in [spawn(safely, work) for work in threads]])


def timeout_beside_a_mutex() -> Any:
    m, said = Mutex("m"), []

    def come(timeout: float) -> bool:
        if not m.acquire(timeout=timeout):
            return False
        said.append(timeout)
        m.release()
        return True

    return together(lambda: come(-1), lambda: come(-1), lambda: come(1)), tuple(said)


def timeout_beside_a_semaphore() -> Any:
    s = Semaphore(0, "s")
    return together(s.acquire, s.release, lambda: s.acquire(timeout=1))


def timeout_before_the_last_comes_to_a_barrier() -> Any:
    b = Barrier(2, name="b")
    return together(b.wait, lambda: b.n_waiting, lambda: b.wait(timeout=1))


def notify_without_the_lock() -> Any:
    m = Mutex("m")
    c = Condition(m, "c")

    def hold() -> None:
        with m:
            pass

    return together(hold, c.notify, hold, m.locked)


def look_at_the_permits() -> Any:
    s = Semaphore(1, "s")

    def use() -> int:
        with s:
            return s.value

    return together(use, lambda: s.value, use)


@pytest.mark.parametrize(
    ("main", "outcomes"),
    [
        (timeout_beside_a_mutex, 4),
        (timeout_beside_a_semaphore, 2),
        (timeout_before_the_last_comes_to_a_barrier, 6),
        (notify_without_the_lock, 2),
        (look_at_the_permits, 2),
    ],
)
def test_the_reduction_loses_no_outcome_of_a_program_that_it_once_spoiled(main: Main, outcomes: int) -> None:
    assert nothing_is_lost(main)
    assert len(explore(main).outcomes) == outcomes
