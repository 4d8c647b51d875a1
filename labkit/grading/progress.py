"""What an instructor sees while it grades, and at the end: in a terminal a bar, elsewhere plain lines."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.table import Table

from labkit.grading.exercise import Result, Unit
from labkit.grading.judge import PASSED, REVIEW, STATES
from labkit.grading.session import Entered
from labkit.grading.standing import NOTHING
from labkit.grading.tables import Grade

PLAIN_EVERY_S: Final = 10.0
"""Where there is no terminal: a line so often."""
NAMED_MOST: Final = 10


class Progress:
    """Tells how far it is: done so far, each state's count, and the time that is left."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False, soft_wrap=True)
        self.states: Counter[str] = Counter()
        self.whole = self.count = 0
        self.began = self.told = self.first = 0.0
        self.bar: Bar | None = None

    def say(self, text: str) -> None:
        """A line; what looks like rich's markup is text."""
        self.console.print(escape(text))

    def found(self, entered: Entered) -> None:
        """What there is to do."""
        bad = f" ({entered.unreadable} of them unreadable)" if entered.unreadable else ""
        known = entered.exercises - len(entered.todo)
        same = f"; {known:,} known already, or the same as another" if known else ""
        self.say(f"{_many(entered.files, 'notebook')}{bad}, {_many(entered.exercises, 'exercise')}{same}")
        for name in entered.nobody[:NAMED_MOST]:
            self.say(f"  not on the roster: {name}")
        if more := len(entered.nobody) - NAMED_MOST:
            self.say(f"  and {more} more that are not on the roster") if more > 0 else None

    @contextmanager
    def work(self, whole: int) -> Iterator[None]:
        """While it grades so many exercises."""
        self.whole, self.began = whole, time.monotonic()
        self.told = self.began
        if not whole:
            yield
        elif not self.console.is_terminal:
            yield
            self._plain()
        else:
            columns = (TextColumn("grading"), BarColumn(20), MofNCompleteColumn(), TimeRemainingColumn(compact=True),
                       TextColumn("left"), TextColumn("{task.description}"))  # fmt: skip
            with Bar(*columns, console=self.console) as self.bar:
                self.line = self.bar.add_task("", total=whole)
                yield
            self.bar = None

    def done(self, one: Unit, result: Result) -> None:
        """One more exercise; whatever needs the instructor is said at once."""
        self.count += 1
        self.first = self.first or time.monotonic()
        self.states[result.state] += 1
        if result.state == REVIEW:
            reason = "; ".join(result.evidence[:2]) or next(
                (check.reason for check in result.checks if check.state == REVIEW), ""
            )
            self.say(f"  {result.exercise} needs review: {reason[:200]}")
        if self.bar is not None:
            self.bar.update(self.line, advance=1, description=self._counts(3))
        elif not self.console.is_terminal and time.monotonic() - self.told > PLAIN_EVERY_S:
            self._plain()

    def _plain(self) -> None:
        self.told = time.monotonic()
        left = (
            (self.told - self.first) / max(1, self.count - 1) * (self.whole - self.count)
        )  # how long the first took tells little
        known = f", about {left:.0f} s left" if self.count > 1 else ""
        rest = known if self.count < self.whole else f" in {self.told - self.began:.0f} s"
        self.say(f"graded {self.count:,} of {self.whole:,}{rest}: {self._counts(len(STATES))}")

    def _counts(self, most: int) -> str:
        named = [f"{count:,} {state}" for state, count in self.states.most_common(most)]
        rest = self.states.total() - sum(count for _, count in self.states.most_common(most))
        return ", ".join([*named, *([f"{rest:,} other"] if rest else [])])

    def sum_up(self, grades: list[Grade], entered: Entered, out: Path) -> bool:
        """What came of it all; whether nothing at all could be graded."""
        self._table(grades)
        mine = [grade for grade in grades if (grade.student, grade.lesson, grade.number) in entered.places]
        self._named("unreadable", [f"{grade.student}: {grade.file.trouble}" for grade in mine if grade.file.trouble])
        review = {
            row.student: None for grade in grades for row in grade.rows if row.result.state == REVIEW and not row.result.decided
        }
        if review:
            self._named("needs your decision (labkit decide)", list(review))
        self._named(NOTHING, sorted({grade.student for grade in grades if grade.file.trouble == NOTHING}))
        theirs = {student for student, _, _ in entered.places}
        if others := {grade.student for grade in grades if grade.file.path} - theirs:
            self.say(f"of an earlier run, and kept: {_many(len(others), 'student')} not among these submissions")
        self.say(f"wrote {out / 'grades.csv'}, {out / 'report.html'} and a page for each student in {out / 'feedback'}")
        return not any(grade.rows for grade in mine)

    def _table(self, grades: list[Grade]) -> None:
        by_lesson: dict[int, list[Grade]] = {}
        for grade in grades:
            if grade.rows:
                by_lesson.setdefault(grade.lesson, []).append(grade)
        if not by_lesson:
            return
        table = Table("exercise", "passed", "of", "mean points", "otherwise", box=None, pad_edge=False)
        for each in by_lesson.values():
            for exercise in dict.fromkeys(row.exercise for grade in each for row in grade.rows):
                table.add_row(*_line(exercise, [row.result for grade in each for row in grade.rows if row.exercise == exercise]))
        self.console.print(table, soft_wrap=False)

    def _named(self, what: str, lines: list[str]) -> None:
        if not lines:
            return
        self.say(f"{what}: {len(lines):,}")
        for line in lines[:NAMED_MOST]:
            self.say(f"  {line}")
        if len(lines) > NAMED_MOST:
            self.say(f"  and {len(lines) - NAMED_MOST:,} more: see grades.csv")


def _line(exercise: str, results: list[Result]) -> list[Any]:
    states = Counter(result.state for result in results)
    others = ", ".join(f"{count:,} {state}" for state, count in states.most_common() if state != PASSED)
    mean = sum(result.points for result in results) / len(results)
    return [exercise, f"{states[PASSED]:,}", f"{len(results):,}", f"{mean:.2f} of {results[0].out_of:g}", others]


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
