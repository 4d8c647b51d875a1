"""Memory does not grow with the number of runs, nor with the number of explorations."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from typing import Any

import pytest

from labkit import Mutex, here, replay, run, spawn
from labkit.explore import explore
from tests.explore import locking, signalling

Main = Callable[[], Any]


def class_of_its_own() -> Main:
    """Each run makes a class, and an object of it that two threads share."""

    def main() -> int:
        class Till:
            def __init__(self) -> None:
                self.lock, self.money = Mutex(), 0

            def earn(self) -> None:
                with self.lock:
                    self.money += 1

        till = Till()
        for thread in [spawn(till.earn), spawn(till.earn)]:
            thread.join()
        return till.money

    return main


MAKERS: dict[str, Callable[[], Main]] = {
    "philosophers who starve": lambda: locking.philosophers(4),
    "a lost wake-up": signalling.lost_wakeup,
    "a channel": lambda: signalling.channel_pairs(2, 0),
    "a class of its own": class_of_its_own,
}


@pytest.fixture(params=MAKERS)
def make(request: pytest.FixtureRequest) -> Callable[[], Main]:
    """Makes a program, another one each time."""
    return MAKERS[request.param]


def alive() -> tuple[int, int]:
    """How many primitives there are, and how many objects."""
    gc.collect()
    return len(here.waitables), len(gc.get_objects())


def growth(work: Callable[[], Any], times: int = 20) -> tuple[int, int]:
    """By how many primitives and objects there are more after doing something so many times more."""
    for _ in range(3):
        work()
    primitives, objects = alive()
    for _ in range(times):
        work()
    more, many = alive()
    return more - primitives, many - objects


def test_what_a_run_made_goes_with_it(make: Callable[[], Main]) -> None:
    main = make()
    primitives, objects = growth(lambda: explore(main))
    assert primitives <= 0
    assert objects < 20  # less than one for each exploration


def test_a_program_goes_when_nobody_needs_it_though_it_was_explored(make: Callable[[], Main]) -> None:
    def work() -> None:
        verdict = explore(make())
        assert verdict.interleavings
        if verdict.failures:
            assert replay(verdict.origin.main, verdict.failures[0].schedule).failure  # type: ignore[union-attr]
            assert str(verdict.explain())

    primitives, objects = growth(work)
    assert primitives <= 0
    assert objects < 20


def test_what_a_run_on_a_machine_made_goes_with_it() -> None:
    main = locking.ordered_philosophers(3)
    primitives, _ = growth(lambda: run(main))
    assert primitives <= 0


last: Any = None


def test_a_verdict_does_not_hold_the_one_before_it() -> None:
    """Although it holds all that its program can reach: here its own name, as in a notebook."""
    global last

    def main() -> Any:
        return isinstance(last, int)

    last = explore(main)
    first = weakref.ref(last.origin)
    last = explore(main)
    gc.collect()
    assert first() is None
    last = None
