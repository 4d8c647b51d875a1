"""Late days and attempts: which attempt counts, and what it earns. Pure arithmetic; nothing here reads a file or a clock.

The rules stand in course.toml (labkit.course.syllabus.GradingRules). A student's free days are used up in the order of the due
dates. Points are whole hundredths here, so that a sum is exact and no two machines round differently.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from labkit.course.syllabus import BEST, GradingRules

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Attempt:
    """One attempt at a lesson: its number, the days that it came late, and the hundredths of a point that its work earns."""

    number: int
    days_late: int
    hundredths: int


@dataclass(frozen=True)
class Standing:
    """What a student has for a lesson.

    Attributes:
        number: the attempt that counts.
        before, after: hundredths of a point, before and after what lateness costs.
        days_late: of that attempt.
        free_days: of these, how many cost nothing.
        why: why this attempt, and what its lateness costs; for the student.
    """

    number: int
    before: int
    after: int
    days_late: int
    free_days: int
    why: str


def days_late(handed_in: datetime | None, due: datetime | None) -> int:
    """Days begun since the due date, each of 24 hours; 0 where either is not known. Both times need a zone.

    >>> due = datetime.fromisoformat("2026-10-05T23:59:00+02:00")
    >>> [days_late(due + timedelta(hours=hours), due) for hours in (-1, 0, 1, 24, 25)]
    [0, 0, 1, 1, 2]
    """
    if handed_in is None or due is None:
        return 0
    # Why UTC: two times of one zone are subtracted by their clocks, which are set back and forth in between.
    return max(0, math.ceil((handed_in.astimezone(UTC) - due.astimezone(UTC)) / DAY))


def earned(hundredths: int, days: int, free: int, rules: GradingRules) -> int:
    """What work is worth that came so many days late, of which some are free."""
    if rules.late_most is not None and days > rules.late_most:
        return 0
    percent = max(Fraction(0), 100 - Fraction(str(rules.late_penalty)) * max(0, days - free))
    return math.floor(hundredths * percent / 100 + Fraction(1, 2))


def settle(lessons: Sequence[Sequence[Attempt]], rules: GradingRules) -> list[Standing | None]:
    """One student's whole course.

    Args:
        lessons: the attempts at each lesson in the order of their numbers; lessons in the order of their due dates.
        rules: the course's.

    Returns:
        for each lesson what counts, or None where there is no attempt.
    """
    left, found = rules.late_days, list[Standing | None]()
    for attempts in lessons:
        standing = choose(attempts, rules, left)
        left -= standing.free_days if standing else 0
        found.append(standing)
    return found


def choose(attempts: Sequence[Attempt], rules: GradingRules, free: int) -> Standing | None:
    """The attempt that counts for a lesson, by a student who has so many free days left."""
    if not attempts:
        return None
    allowed = attempts[: rules.attempts] if isinstance(rules.attempts, int) else attempts
    taken = [each for each in allowed if rules.late_most is None or each.days_late <= rules.late_most]
    if rules.attempts == BEST and taken:
        # Of two that earn the same, the one that came first: it costs no more free days.
        one = max(taken, key=lambda each: (earned(each.hundredths, each.days_late, free, rules), -each.days_late, -each.number))
    else:
        one = (taken or allowed)[-1]
    used = min(free, one.days_late) if taken else 0
    after = earned(one.hundredths, one.days_late, used, rules)
    return Standing(one.number, one.hundredths, after, one.days_late, used, _why(attempts, allowed, taken, one, used, rules))


def _why(
    attempts: Sequence[Attempt],
    allowed: Sequence[Attempt],
    taken: Sequence[Attempt],
    one: Attempt,
    used: int,
    rules: GradingRules,
) -> str:
    said = []
    if len(attempts) > 1:
        kind = "the best" if rules.attempts == BEST else "the last"
        limit = f" of the {len(allowed)} allowed" if len(allowed) < len(attempts) else ""
        late = " that came in time to be taken" if 0 < len(taken) < len(allowed) else ""
        said.append(f"attempt {one.number} of {len(attempts)} counts: {kind}{limit}{late}")
    if not taken:
        return "; ".join([*said, f"{_days(one.days_late)} late; not taken after {_days(rules.late_most or 0)}"])
    if one.days_late:
        paid = one.days_late - used
        cost = f", {paid} at {rules.late_penalty:g} %" if paid else ""
        free = f", {used} of them free" if used else ""
        said.append(f"{_days(one.days_late)} late{free}{cost}")
    return "; ".join(said)


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}"
