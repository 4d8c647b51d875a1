"""The kthread machine: every rule leads somewhere that exists, and the measured return values stand in it."""

from __future__ import annotations

import json

import pytest

from labkit.errors import LabError
from labkit.views import KthreadStates
from labkit.views.kthread_rules import ARROWS, CALLS, OUTSIDE, RULES, STATES, walk


def stop_returns(steps: str) -> str:
    return walk(f"{steps} stop")[-1].returns


@pytest.mark.parametrize(
    ("steps", "returns"),
    [
        ("create", "-EINTR"),
        ("run", "-EINTR"),
        ("run cpu", "7"),
        ("run cpu return", "42"),
        ("run cpu sleep", "-ERESTARTSYS"),
        ("run cpu park", "7"),
        ("create park", "7"),
        ("run cpu park unpark", "7"),
    ],
)
def test_what_kthread_stop_returns(steps: str, returns: str) -> None:
    assert stop_returns(steps) == returns


def test_a_second_park_is_busy_and_a_dead_kthread_cannot_park() -> None:
    assert walk("run cpu park park")[-1].returns == "-EBUSY"
    assert walk("create park park")[-1].returns == "-EBUSY"
    assert walk("run cpu return park")[-1].returns == "-ENOSYS"


def test_wake_up_process_does_not_wake_a_parked_kthread() -> None:
    assert walk("run cpu park wake")[-1][2:4] == ("parked", "0")
    assert walk("run cpu sleep wake")[-1][2:4] == ("sleeping", "1")


def test_every_call_from_outside_has_a_rule_in_every_state_but_the_first() -> None:
    known = {(rule.state, rule.call) for rule in RULES}
    assert len(known) == len(RULES)
    missing = {(s, c) for s in STATES for c in OUTSIDE if c != "create"} - known
    assert missing == {("none", call) for call in OUTSIDE if call != "create"}


def test_rules_and_arrows_fit_each_other() -> None:
    moves = {
        (rule.state, rule.call) for rule in RULES if rule.then != rule.state and (rule.state, rule.call) != ("exited", "create")
    }
    assert set(ARROWS) == moves
    assert {rule.then for rule in RULES} <= set(STATES)
    assert {rule.call for rule in RULES} == set(CALLS)


def test_the_kernels_names_and_run_are_steps_too() -> None:
    assert walk(["kthread_create", "wake_up_process"]) == walk("run") == walk("kthread_run") == walk("create wake")


@pytest.mark.parametrize(
    ("steps", "says"), [("fork", "no step"), ("wake", "no task yet; there create can"), ("create cpu", "never woken")]
)
def test_impossible_steps_are_answered_with_what_can_happen(steps: str, says: str) -> None:
    with pytest.raises(LabError, match=says):
        KthreadStates(steps)


def test_the_javascript_gets_the_same_rules() -> None:
    assert json.loads(KthreadStates("run").data())["rules"] == [list(rule) for rule in RULES]
