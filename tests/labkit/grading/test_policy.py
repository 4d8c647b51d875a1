"""Late days and attempts: laws that hold whatever the rules are."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.course.syllabus import BEST, LAST, CourseError, GradingRules, load_course
from labkit.grading.policy import Attempt, choose, days_late, earned, settle
from tests.labkit.grading import tiny

RULES = st.builds(
    GradingRules,
    late_days=st.integers(0, 5),
    late_penalty=st.integers(0, 100) | st.floats(0, 100),
    late_most=st.none() | st.integers(0, 9),
    attempts=st.sampled_from([LAST, BEST, 1, 2, 3]),
)
POINTS = st.integers(0, 2000)
DAYS = st.integers(0, 12)


@st.composite
def attempts(draw: st.DrawFn) -> list[Attempt]:
    late = sorted(draw(st.lists(DAYS, max_size=5)))
    return [Attempt(number, days, draw(POINTS)) for number, days in enumerate(late, 1)]


@given(POINTS, DAYS, DAYS, st.integers(0, 5), RULES)
def test_later_never_earns_more(points: int, one: int, other: int, free: int, rules: GradingRules) -> None:
    early, late = sorted((one, other))
    assert earned(points, late, free, rules) <= earned(points, early, free, rules) <= points


@given(POINTS, st.integers(0, 5), RULES)
def test_in_time_nothing_is_lost(points: int, free: int, rules: GradingRules) -> None:
    assert earned(points, 0, free, rules) == points


@given(POINTS, POINTS, DAYS, st.integers(0, 5), RULES)
def test_more_right_never_earns_less(one: int, other: int, days: int, free: int, rules: GradingRules) -> None:
    assert earned(min(one, other), days, free, rules) <= earned(max(one, other), days, free, rules)


@given(POINTS, DAYS, st.integers(0, 5), RULES)
def test_a_free_day_never_costs(points: int, days: int, free: int, rules: GradingRules) -> None:
    assert earned(points, days, free, rules) <= earned(points, days, free + 1, rules)


@given(attempts(), st.integers(0, 5), RULES)
def test_the_best_is_at_least_the_last(tried: list[Attempt], free: int, rules: GradingRules) -> None:
    best, last = (choose(tried, replace(rules, attempts=kind), free) for kind in (BEST, LAST))
    assert (best.after if best else 0) >= (last.after if last else 0)


@given(attempts(), st.integers(0, 5), RULES)
def test_with_the_best_another_attempt_never_costs(tried: list[Attempt], free: int, rules: GradingRules) -> None:
    rules = replace(rules, attempts=BEST)
    before, after = choose(tried[:-1], rules, free), choose(tried, rules, free)
    assert (before.after if before else 0) <= (after.after if after else 0)


@given(attempts(), st.integers(0, 5), RULES)
def test_as_many_attempts_as_there_are_is_the_last(tried: list[Attempt], free: int, rules: GradingRules) -> None:
    allowed = choose(tried, replace(rules, attempts=max(1, len(tried))), free)
    last = choose(tried, replace(rules, attempts=LAST), free)
    assert allowed == last


@given(st.lists(attempts(), max_size=5), RULES)
def test_free_days_are_spent_once(lessons: list[list[Attempt]], rules: GradingRules) -> None:
    found = settle(lessons, rules)
    assert [each is None for each in found] == [not tried for tried in lessons]
    assert sum(each.free_days for each in found if each) <= rules.late_days
    for each, tried in zip(found, lessons, strict=True):
        if each:
            assert tried[each.number - 1] == Attempt(each.number, each.days_late, each.before)
            assert each.free_days <= each.days_late
            assert each.after == earned(each.before, each.days_late, each.free_days, rules)


def test_what_it_says_can_be_read() -> None:
    rules = GradingRules(late_days=1, late_penalty=10, late_most=5)
    tried = [Attempt(1, 0, 300), Attempt(2, 3, 500), Attempt(3, 6, 500)]
    found = choose(tried, rules, 1)
    assert found is not None
    assert found.why == "attempt 2 of 3 counts: the last that came in time to be taken; 3 days late, 1 of them free, 2 at 10 %"
    assert (found.before, found.after) == (500, 400)
    too_late = choose(tried[2:], rules, 1)
    assert too_late is not None
    assert (too_late.after, too_late.free_days, too_late.why) == (0, 0, "6 days late; not taken after 5 days")


def test_an_hour_that_clocks_leave_out_makes_nobody_late() -> None:
    zone = ZoneInfo("Europe/Berlin")
    due = datetime(2026, 3, 28, 12, tzinfo=zone)  # the night after, clocks go from 2 to 3
    assert days_late(datetime(2026, 3, 29, 13, tzinfo=zone), due) == 1
    assert days_late(datetime(2026, 3, 29, 13, 0, 1, tzinfo=zone), due) == 2


@given(st.integers(0, 10**6), st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns"]))
def test_a_moment_is_as_late_in_every_zone(seconds: int, zone: str) -> None:
    due = datetime(2026, 10, 24, 23, 59, tzinfo=ZoneInfo("Europe/Berlin"))
    moment = datetime(2026, 10, 24, 12, tzinfo=UTC) + timedelta(seconds=seconds)
    assert days_late(moment.astimezone(ZoneInfo(zone)), due) == days_late(moment, due)


def test_course_toml_gives_the_rules(tmp_path: Path) -> None:
    rules = '[grading]\nlate_days = 3\nlate_penalty = 12.5\nlate_most = 7\nattempts = 2\ntime_zone = "Europe/Berlin"'
    course = load_course(tiny.course(tmp_path, rules, "due = 2026-10-05T23:59:00"))
    assert course.grading == GradingRules(3, 12.5, 7, 2, ZoneInfo("Europe/Berlin"))
    due = course.lesson(1).due
    assert due is not None
    assert due.isoformat() == "2026-10-05T23:59:00+02:00"


@pytest.mark.parametrize(
    ("rules", "lesson", "said"),
    [
        ("[grading]\nlate_day = 3", "", "unknown field 'late_day'; it may have late_days"),
        ("[grading]\nlate_days = -1", "", "late_days is a number of whole days"),
        ("[grading]\nlate_days = true", "", "late_days is a number of whole days"),
        ("[grading]\nlate_penalty = 120", "", "late_penalty is percent"),
        ('[grading]\nlate_penalty = "10%"', "", "late_penalty is percent"),
        ("[grading]\nlate_penalty = nan", "", "late_penalty is percent"),
        ("[grading]\nattempts = 0", "", 'attempts is "last", "best", or how many'),
        ('[grading]\nattempts = "first"', "", 'attempts is "last", "best", or how many'),
        ('[grading]\ntime_zone = "Berlin"', "", "no time zone is called 'Berlin'"),
        ("[grading]\ntime_zone = 2", "", "no time zone is called 2"),
        ("", "due = 2026-10-05T23:59:00", "says no time zone"),
        ("", 'due = "2026-10-05"', "without quotation marks"),
        ("", "due = 2026-10-05", "a day and a time"),
    ],
)
def test_a_mistake_in_course_toml_names_its_cure(tmp_path: Path, rules: str, lesson: str, said: str) -> None:
    with pytest.raises(CourseError, match=r"course\.toml") as caught:
        load_course(tiny.course(tmp_path, rules, lesson))
    assert said in str(caught.value)
