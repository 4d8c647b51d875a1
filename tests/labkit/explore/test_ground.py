"""Whatever is asked of a verdict stands on the ground that it was explored on."""

from __future__ import annotations

import pytest

from labkit import Condition, Mutex, explore, replay, spawn
from labkit.errors import BadSchedule


def woken_early() -> None:
    mutex = Mutex("m")
    told = Condition(mutex, "told")
    ready = False

    def waiter() -> None:
        with mutex:
            if not ready:
                told.wait()
            assert ready, "woke too early"

    def teller() -> None:
        nonlocal ready
        with mutex:
            ready = True
            told.notify()

    threads = [spawn(waiter, name="W"), spawn(teller, name="T")]
    for thread in threads:
        thread.join()


def test_pictures_and_figures_of_a_spurious_failure_know_of_it() -> None:
    verdict = explore(woken_early, spurious=True)
    assert verdict.failing == 1
    assert verdict.chance.failing > 0
    assert "woke too early" in str(verdict.tree())
    assert int(verdict.interleavings) > 2


def test_a_spurious_schedule_replays_whatever_was_explored_since() -> None:
    schedule = explore(woken_early, spurious=True).failures[0].schedule
    assert explore(woken_early).passed
    assert "woke too early" in str(replay(woken_early, schedule).failure)
    with pytest.raises(BadSchedule, match="able to run"):
        replay(woken_early, "T T T W T T T T T T T T")


def test_a_spurious_wake_up_is_told_as_the_cause() -> None:
    told = explore(woken_early, spurious=True).explain()
    assert told.pattern == "spurious wake-up"
    assert told.title.startswith("Spurious wake-up: W woke at Condition 'told' (line ")
    assert any("nobody had notified" in line for line in told.lines)
    assert "while not" in told.lock


def test_workers_look_for_spurious_wake_ups_too() -> None:
    verdict = explore(woken_early, spurious=True, walk="random", runs=200, workers=2)
    assert [f.kind for f in verdict.failures] == ["assertion"]
