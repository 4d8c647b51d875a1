"""A small class for tests of what people read: real mutants, really graded, and outcomes made up where none would do."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from labkit.course.build import read_cells
from labkit.grading.exercise import Result, grade, unit
from labkit.grading.gradebook import File, Row
from labkit.grading.judge import Outcome
from labkit.grading.plan import Check, Problem
from labkit.grading.tables import Grade
from labkit.grading.workers import Zygotes
from tests.labkit.grading import kit

MUTANTS = {
    "6a": "one-memory-for-all", "6b": "test-then-set", "6e": "one-lock-for-all", "7c": "not-reusable",
    "8b": "by-position",
}  # fmt: skip
"""Exercise → the mutant that one student hands in; all other exercises are not written."""


@functools.cache
def mutants() -> dict[str, Result]:
    """Exercise id → how its mutant was graded."""
    zygotes = Zygotes()
    try:
        return {exercise: _graded(zygotes, exercise, id) for exercise, id in MUTANTS.items()}
    finally:
        zygotes.close()


def _graded(zygotes: Zygotes, exercise: str, id: str) -> Result:
    lesson = int(exercise[:-1])
    cells = read_cells(kit.ROOT / "tests" / "exercises" / "mutants" / f"{lesson:02d}" / f"{exercise}.py")
    source = next(cell.source for cell in cells if cell.id.endswith(id))
    written = {**kit.solutions(lesson), exercise: source}
    return grade(unit(kit.problems(lesson)[exercise], written), zygotes)


class Pretend:
    """Judges without running anything: each check ends as it is told to.

    Args:
        ends: a check → its outcome.
    """

    def __init__(self, ends: Callable[[Check], Outcome]) -> None:
        self.ends = ends

    def check(self, problem: Problem, solutions: dict[str, str], check: Check) -> Outcome:
        return self.ends(check)

    def together(self, problem: Problem, solutions: dict[str, str]) -> dict[int, Outcome]:
        return {}


def pretended(problem: Problem, ends: Callable[[Check], Outcome]) -> Result:
    """A written solution whose checks end so."""
    zygotes: Any = Pretend(ends)
    return grade(unit(problem, {problem.exercise.id: "written = True"}), zygotes)


def grade_of(student: str, lesson: int, results: Iterable[Result], **facts: Any) -> Grade:
    """The grade of one student's one lesson with these results."""
    mine = tuple(results)
    file = File(student, lesson, 1, f"in/{student}/{lesson:02d}.ipynb", "0" * 16, "2026-11-20 10:00", "", {})
    file = File(**{**vars(file), **{key: facts.pop(key) for key in ("trouble", "remarks", "path") if key in facts}})
    rows = tuple(_row(student, lesson, result) for result in mine)
    points, out_of = sum(each.points for each in mine), sum(each.out_of for each in mine)
    usual = {"number": 1, "attempts": 1, "points": points, "out_of": out_of, "review": 0.0}
    return Grade(student=student, lesson=lesson, rows=rows, file=file, **(usual | facts))


def _row(student: str, lesson: int, result: Result) -> Row:
    facts: dict[str, Any] = {"student": student, "lesson": lesson, "number": 1, "exercise": result.exercise, "result": result}
    return Row(**facts, **({"key": "0" * 32} if "key" in Row.__dataclass_fields__ else {}))


def all_grades(student: str = "Ada Lovelace") -> list[Grade]:
    """The mutants as one student's lessons 6, 7 and 8."""
    return [
        grade_of(student, lesson, [each for id, each in mutants().items() if id.startswith(str(lesson))]) for lesson in (6, 7, 8)
    ]


def pages_of(folder: Path) -> list[Path]:
    """Every page below a folder."""
    return sorted(folder.rglob("*.html"))
