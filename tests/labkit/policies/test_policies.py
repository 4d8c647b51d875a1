"""The policies one by one, asked directly: small cases by hand."""

from __future__ import annotations

import random
from types import SimpleNamespace
from typing import Any

import pytest

from labkit import Schedule
from labkit.errors import BadSchedule, LabError
from labkit.limits import MLFQ_ALLOTMENT_SLICES, MLFQ_BOOST_SLICES
from labkit.policies import ALL, Fair, Fifo, Human, Lottery, Mlfq, Policy, Priority, Replay, RoundRobin


def thread(name: str, **attributes: Any) -> Any:
    return SimpleNamespace(name=name, policy_data=None, attributes={"priority": 0, "weight": 1, "tickets": 1} | attributes)


def started(policy: Policy, *threads: Any) -> Policy:
    policy.start(random.Random(0), 1000)
    for t in threads:
        policy.woke(t)
    return policy


@pytest.mark.parametrize("kind", ALL, ids=lambda k: k.name)
def test_a_policy_has_a_name_of_its_own(kind: type[Policy]) -> None:
    assert kind.name
    assert [k.name for k in ALL].count(kind.name) == 1


def test_only_fifo_lets_a_thread_keep_the_processor() -> None:
    assert [k.name for k in ALL if not k.preempts and not k.every_point] == ["fifo"]
    assert Fifo().tick(thread("A")) is False
    assert RoundRobin().tick(thread("A")) is True


def test_priority_takes_the_highest_and_among_equals_the_first() -> None:
    a, b, c = thread("A", priority=1), thread("B", priority=5), thread("C", priority=5)
    policy = started(Priority(), a, b, c)
    assert policy.pick_next([a, b, c], a) is b
    assert policy.pick_next([c, a, b], a) is c
    assert policy.should_preempt(a, b)
    assert not policy.should_preempt(b, c)
    assert not policy.should_preempt(b, a)


def test_mlfq_sinks_who_uses_up_its_allotment_also_in_small_pieces() -> None:
    hog, gamer, other = thread("hog"), thread("gamer"), thread("other")
    policy = started(Mlfq(), hog, gamer, other)
    policy.ran(hog, MLFQ_ALLOTMENT_SLICES * 1000)
    for _ in range(MLFQ_ALLOTMENT_SLICES * 10):
        policy.ran(gamer, 100)
    assert (hog.policy_data.level, gamer.policy_data.level, other.policy_data.level) == (1, 1, 0)
    assert policy.pick_next([hog, gamer, other], hog) is other
    assert policy.should_preempt(hog, other)


def test_mlfq_lifts_all_after_a_while() -> None:
    hog = thread("hog")
    policy = started(Mlfq(), hog)
    for _ in range(MLFQ_BOOST_SLICES - 1):
        policy.ran(hog, 1000)
    assert hog.policy_data.level == 2
    policy.ran(hog, 1000)
    assert (hog.policy_data.level, hog.policy_data.used_ns) == (0, 0)


def test_fair_takes_the_least_virtual_runtime() -> None:
    light, heavy = thread("light"), thread("heavy", weight=4)
    policy = started(Fair(), light, heavy)
    policy.ran(light, 1000)
    policy.ran(heavy, 2000)
    assert (light.policy_data, heavy.policy_data) == (1000, 500)
    assert policy.pick_next([light, heavy], heavy) is heavy


def test_fair_gives_a_sleeper_the_least_of_those_that_ran() -> None:
    busy, sleeper = thread("busy"), thread("sleeper")
    policy = started(Fair(), busy, sleeper)
    for _ in range(5):
        policy.pick_next([busy], busy)
        policy.ran(busy, 1000)
    policy.woke(sleeper)
    assert 4000 <= sleeper.policy_data <= 5000


def test_lottery_never_draws_outside_of_the_runnable_threads() -> None:
    a, b = thread("A"), thread("B", tickets=99)
    policy = started(Lottery(), a, b)
    assert {policy.pick_next([a, b], a).name for _ in range(300)} <= {"A", "B"}
    assert {policy.pick_next([a], b).name for _ in range(20)} == {"A"}


def test_human_refuses_a_name_that_cannot_run() -> None:
    with pytest.raises(LabError, match=r"'Z'.*one of: A, B"):
        Human(lambda names, current: "Z").pick_next([thread("A"), thread("B")], thread("A"))


def test_replay_follows_its_schedule_and_then_the_current_thread() -> None:
    a, b = thread("A"), thread("B")
    policy = started(Replay(Schedule(["B", "A"])))
    assert [policy.pick_next([a, b], b).name for _ in range(4)] == ["B", "A", "B", "B"]
    assert policy.pick_next([a], b) is a
    policy.start(random.Random(0), 0)
    with pytest.raises(BadSchedule, match=r"step 1 .*'B'.*able to run: A"):
        policy.pick_next([a], a)
