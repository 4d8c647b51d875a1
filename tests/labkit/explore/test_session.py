"""What ends an exploration, and that it does not depend on how busy the computer is."""

from __future__ import annotations

import itertools
import time
from types import SimpleNamespace
from typing import Any

import pytest

from labkit import Barrier, here, spawn
from labkit.errors import Aborted, NeverYields
from labkit.explore import explore, session
from labkit.explore.machine import ExploreMachine
from labkit.explore.session import Limits, Session
from labkit.limits import WATCHDOG_S


def lost_updates() -> None:
    """Three threads add; the sum is wrong in most schedules."""
    total = 0

    def add() -> None:
        nonlocal total
        total += 1

    for thread in [spawn(add) for _ in range(3)]:
        thread.join()
    assert total == 3


def told() -> tuple[Any, ...]:
    """All that an exploration says, except how long it took."""
    verdict = explore(lost_updates)
    failures = [(f.schedule, f.preemptions, f.runs) for f in verdict.failures]
    return str(verdict), failures, str(verdict.explain()), str(verdict.chance), verdict.interleavings, repr(verdict.tree())


def test_what_is_found_does_not_depend_on_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = told()
    hours = itertools.count(0, 3600)
    monkeypatch.setattr(time, "monotonic", lambda: float(next(hours)))
    assert told() == quick


def test_after_a_failure_the_search_goes_on_for_a_number_of_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    everything = explore(lost_updates)
    assert everything.exhausted
    monkeypatch.setattr(session, "AFTER_FAILURE_STEPS", 50)
    monkeypatch.setattr(session, "AFTER_FAILURE_TIMES", 1)
    some = explore(lost_updates)
    assert 0 < some.runs < everything.runs
    assert "steps ago" in some.stopped
    assert not some.exhausted
    assert explore(lost_updates).runs == some.runs


def test_random_runs_for_the_chance_end_after_so_many_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "SAMPLE_STEPS", 600)
    chance = explore(lost_updates).chance
    assert chance.runs == 100  # six steps each


def test_interleavings_that_cost_too_much_are_not_all_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "COUNT_CUTS", 100)
    some = explore(lost_updates).interleavings
    assert not some.exact
    assert str(some).startswith("at least")
    assert 36 <= some < 90


@pytest.mark.parametrize(
    ("busy_s", "waited_s", "stuck"), [(0.1, WATCHDOG_S, False), (WATCHDOG_S, WATCHDOG_S, True), (0.1, 60, True)]
)
def test_a_run_that_waits_for_a_processor_is_not_stuck(
    monkeypatch: pytest.MonkeyPatch, busy_s: float, waited_s: float, stuck: bool
) -> None:
    its = Session(lost_updates, Limits())
    machine: Any = object.__new__(ExploreMachine)
    machine.current, machine.position = SimpleNamespace(name="A"), 7
    its.machine = machine
    monkeypatch.setattr(here, "machine", machine)
    its._watch_over(14, None)
    now = time.process_time() + busy_s, time.monotonic() + waited_s
    monkeypatch.setattr(time, "process_time", lambda: now[0])
    monkeypatch.setattr(time, "monotonic", lambda: now[1])
    if stuck:
        with pytest.raises(Aborted):
            its._watch_over(14, None)
        assert isinstance(machine.failure, NeverYields)
    else:
        its._watch_over(14, None)


def test_a_deadlock_says_how_many_are_still_to_come() -> None:
    def main() -> None:
        gate = Barrier(3, name="gate")
        for thread in [spawn(gate.wait), spawn(gate.wait)]:
            thread.join()

    verdict = explore(main)
    assert verdict.failing == verdict.runs == 2
    assert "(1 of 3 still to come)" in str(verdict)
