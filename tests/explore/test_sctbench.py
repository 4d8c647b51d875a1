"""Known bugs are found, with the fewest preemptions that show them; the oracle finds the same fewest."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import pytest

from labkit.explore import explore, replay
from tests.explore import operations, sctbench
from tests.explore.models import together
from tests.explore.operations import Op, Program, add, read, write
from tests.explore.oracle import Oracle

Steps = Generator[Op, Any, Any]

LISTED = {
    "account_bad": ("assertion", 0), "lazy01_bad": ("assertion", 0), "deadlock01_bad": ("deadlock", 1),
    "carter01_bad": ("deadlock", 1), "reorder_3_bad": ("assertion", 1), "twostage_bad": ("assertion", 1),
    "stack_bad": ("assertion", 1),
}  # fmt: skip
"""program → what goes wrong, and the fewest preemptions that show it (SCTBench)."""

listed = pytest.mark.parametrize("name", LISTED)


@listed
def test_the_bug_is_found_with_the_fewest_preemptions(name: str) -> None:
    verdict = explore(getattr(sctbench, name), runs=10_000)
    assert (verdict.exhausted, verdict.passed, verdict.unseen) == (True, False, [])
    assert {(failure.kind, failure.preemptions) for failure in verdict.failures[:1]} == {LISTED[name]}


@listed
def test_its_schedule_shows_the_bug_again(name: str) -> None:
    main = getattr(sctbench, name)
    failure = explore(main, runs=10_000).failures[0]
    again = replay(main, failure.schedule)
    assert again.failure is not None
    assert (again.failure.kind, again.failure.text) == (failure.kind, failure.text)


@listed
def test_no_schedule_with_fewer_preemptions_shows_it(name: str) -> None:
    kind, fewest = LISTED[name]
    ends = {"assertion": "error", "deadlock": "deadlock"}
    assert Oracle(MODELS[name]()).fewest_preemptions(lambda outcome: outcome[0] == ends[kind]) == fewest


# ---- the same in the oracle's language


def under(lock: str, steps: Steps) -> Steps:
    """Steps with a lock held."""
    return operations.under(("acquire", lock), steps, ("release", lock))


def account() -> Program:
    def change(n: int, done: str) -> Steps:
        yield from add("balance", n)
        yield write(done, True)

    def check() -> Steps:
        if (yield read("deposit")) and (yield read("withdraw")):
            assert (yield read("balance")) == -5

    memory = {"m": None, "balance": 1, "deposit": False, "withdraw": False}
    return together(
        memory, lambda: under("m", check()), lambda: under("m", change(2, "deposit")), lambda: under("m", change(-4, "withdraw"))
    )


def lazy01() -> Program:
    def check() -> Steps:
        assert (yield read("data")) < 3

    memory = {"mutex": None, "data": 0}
    adders = [lambda n=n: under("mutex", add("data", n)) for n in (1, 2)]
    return together(memory, *adders, lambda: under("mutex", check()))


def deadlock01() -> Program:
    def both(first: str, second: str, n: int) -> Steps:
        yield from under(first, under(second, add("counter", n)))

    return together({"a": None, "b": None, "counter": 1}, (both, "a", "b", 1), (both, "b", "a", -1))


def carter01() -> Program:
    def thread(count: str) -> Steps:
        yield "acquire", "m"
        yield from add(count, 1)
        if (yield read(count)) == 1:
            yield "acquire", "l"
        yield "release", "m"
        yield "acquire", "m"
        yield from add(count, -1)
        if (yield read(count)) == 0:
            yield "release", "l"
        yield "release", "m"

    return together({"m": None, "l": None, "a": 0, "b": 0}, (thread, "a"), (thread, "b"))


def reorder_3() -> Program:
    def set_both() -> Steps:
        yield write("a", 1)
        yield write("b", -1)

    def check() -> Steps:
        if (yield read("a")) == 0 and (yield read("b")) == 0:
            return
        assert (yield read("a")) == 1
        assert (yield read("b")) == -1

    return together({"a": 0, "b": 0}, set_both, set_both, check)


def twostage() -> Program:
    def second() -> Steps:
        yield write("data2", (yield read("data1")) + 1)

    def stages() -> Steps:
        yield "acquire", "lock1"
        yield write("data1", 1)
        yield "release", "lock1"
        yield from under("lock2", second())

    def first_look() -> Steps:
        return (yield read("data1")) and (yield read("data1"))

    def second_look() -> Steps:
        return (yield read("data2"))

    def look() -> Steps:
        t1 = yield from under("lock1", first_look())
        if t1:
            t2 = yield from under("lock2", second_look())
            assert t2 == t1 + 1

    return together({"lock1": None, "lock2": None, "data1": 0, "data2": 0}, stages, look)


def stack() -> Program:
    def push() -> Steps:
        assert (yield read("top")) != sctbench.SIZE
        yield from add("top", 1)
        yield write("flag", True)

    def pop() -> Steps:
        if (yield read("flag")):
            assert (yield read("top")) != 0
            yield from add("top", -1)

    def repeat(what: Callable[[], Steps]) -> Steps:
        for _ in range(sctbench.SIZE):
            yield from under("m", what())

    return together({"m": None, "top": 0, "flag": False}, (repeat, push), (repeat, pop))


MODELS: dict[str, Callable[[], Program]] = {
    "account_bad": account, "lazy01_bad": lazy01, "deadlock01_bad": deadlock01, "carter01_bad": carter01,
    "reorder_3_bad": reorder_3, "twostage_bad": twostage, "stack_bad": stack,
}  # fmt: skip
