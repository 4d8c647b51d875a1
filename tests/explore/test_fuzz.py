"""Random small programs: labkit finds the outcomes that the oracle finds, and runs each different schedule once.

A few in an ordinary test run; LABKIT_FUZZ=10000 asks for more. Programs that the oracle finds too large are not counted.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings

from labkit.explore import explore
from tests.explore.compare import imported, said_by, told_by
from tests.explore.language import Little
from tests.explore.oracle import Oracle, TooLarge
from tests.explore.shrinking import smallest
from tests.explore.strategies import ALL, ORDINARY, programs

PROGRAMS = int(os.environ.get("LABKIT_FUZZ", "50"))
PREFIXES = 2000
"""What the oracle may look at: a fraction of a second."""

fuzzed = settings(
    max_examples=PROGRAMS, deadline=None, database=None, derandomize="LABKIT_FUZZ" not in os.environ,
    suppress_health_check=list(HealthCheck), phases=[Phase.generate],
)  # fmt: skip


def difference(little: Little) -> str:
    """What labkit and the oracle do not say alike of a program; "" if they agree.

    Raises:
        TooLarge: the oracle does not know.
    """
    expected = told_by(Oracle(little.program(), PREFIXES).answer())
    with imported(little.source()) as main:
        verdict = explore(main, runs=2 * expected.traces + 10)
    found = said_by(verdict)
    if set(found.values) != set(expected.values):
        return "outcomes"
    if (found.stuck > 0, found.raised > 0) != (expected.stuck > 0, expected.raised > 0):
        return "failures"
    if found != expected:
        return "number of schedules"
    return "" if (verdict.exhausted, verdict.redundant, verdict.unseen) == (True, 0, []) else f"certainty: {verdict}"


def same(little: Little) -> None:
    """labkit and the oracle say the same of a program; if not, a small one of which they do not is shown."""
    try:
        what = difference(little)
    except TooLarge:
        assume(False)
    if what:
        less = smallest(little, lambda other: differs(other, what))
        told = told_by(Oracle(less.program()).answer())
        pytest.fail(f"They differ in their {what}. The oracle says {told} of {less!r}\n{less.source()}", pytrace=False)


def differs(little: Little, what: str) -> bool:
    """Whether a smaller program shows the same difference."""
    try:
        return difference(little) == what
    except Exception:  # removing statements may leave no program at all
        return False


@fuzzed
@given(programs(ORDINARY))
def test_variables_locks_conditions_and_semaphores_are_explored_exactly(little: Little) -> None:
    same(little)


@fuzzed
@given(programs(ALL))
def test_every_way_of_waiting_is_explored_exactly(little: Little) -> None:
    same(little)


@fuzzed
@given(programs(ALL))
def test_interleavings_of_random_programs_are_counted_exactly(little: Little) -> None:
    try:
        expected = Oracle(little.program(), PREFIXES).interleavings()
    except TooLarge:
        assume(False)
    with imported(little.source()) as main:
        assert explore(main).interleavings == expected


FOUND = {
    "a new key of a dict": Little({"x": "item"}, (), ()),
    "the same places in every run": Little({"x": "index"}, ((("add", "x", 1),), (("add", "x", 1),))),
    "a failing try beside a stuck thread": Little(
        {"x": "cell"},
        (
            (("put", "x", "", 1),),
            (("with", "mutex", (("get", "r0", "x"),)),),
            (("try down", "r0", "semaphore2"),),
            (("down", "", "semaphore2"), ("down", "", "semaphore2"), ("get", "r2", "x")),
        ),
    ),
    "a try on a mutex inside another": Little(
        {"x": "cell", "y": "cell"},
        (
            (("with", "mutex2", ()),),
            (("with", "mutex2", ()),),
            (("try", "mutex2", (), (("try", "mutex2", (), (("get", "r0", "y"),)),)),),
            (("get", "r1", "y"),),
        ),
        (("put", "y", "r2", 1),),
    ),
    "tries and threads that receive for ever": Little(
        {"x": "cell", "y": "cell"},
        (
            (("receive", "r0", "channel0"),),
            (("try", "spin", (("receive", "r1", "channel0"),), ()),),
            (("try", "rlock", (("receive", "r0", "channel0"),), ()),),
            (("try", "rlock", (), ()),),
        ),
    ),
    "two readers and a writer": Little(
        {"x": "cell"},
        (
            (("reading", "rwlock", (("get", "r0", "x"),)),),
            (("reading", "rwlock", ()),),
            (("writing", "rwlock", (("put", "x", "", 1),)),),
        ),
    ),
    "a reader that comes twice": Little(
        {"x": "cell"}, ((("reading", "rwlock", (("reading", "rwlock", ()),)),), (("writing", "rwlock", ()),))
    ),
}
"""Programs of which labkit once said something else."""


@pytest.mark.parametrize("name", FOUND)
def test_what_was_found_stays_mended(name: str) -> None:
    same(FOUND[name])
