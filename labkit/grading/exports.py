"""Grades for other programs: what every export shares, and the two plain ones, CSV and JSON.

The JSON file is {"format": 1, "course": its title, "grades": [one object for each student and lesson]}; an object has
    student       as the submission names them; id, email and name from the roster, "" where it says nothing
    lesson        its number; title; points and out_of; needs_review: points more, if a person decides so
    before_late   points before what lateness costs; days_late; why: why this attempt, and what its lateness costs
    attempt       which one counts; of_attempts; handed_in: ISO 8601, as the gradebook has it, or ""
    exercises     id → {"state", "points", "out_of"}
    remarks       what was unusual about the file
A field may be added later; one that is there keeps its meaning, or `format` changes. Nothing of a hidden test is in it.
In CSV files a text that a spreadsheet would run gets an apostrophe before it, an id or address too: better not found than run.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from labkit.course.syllabus import Course, Lesson
from labkit.errors import LabError
from labkit.grading.judge import PASSED
from labkit.grading.matching import Matched
from labkit.grading.roster import Roster, Student
from labkit.grading.tables import BOM, Grade, csv_text

JSON_FORMAT: Final = 1
NOBODY: Final = Student("", "", "")


@dataclass(frozen=True)
class Export:
    """What is to be written.

    Attributes:
        course: where titles and points are from.
        lessons: which lessons, in order.
        matched: grades and students.
        roster: where the students are from; None if there is none.
        out_of: every lesson's grade is given out of so many; None for the lesson's own points.
    """

    course: Course
    lessons: tuple[Lesson, ...]
    matched: Matched
    roster: Roster | None = None
    out_of: float | None = None

    def possible(self, lesson: Lesson) -> float:
        """What a lesson's grade is out of."""
        return self.out_of or sum(exercise.points for exercise in lesson.exercises)

    def earned(self, lesson: Lesson, grade: Grade) -> float:
        """A grade out of that: with two decimals, as much as Canvas and Moodle keep."""
        whole = sum(exercise.points for exercise in lesson.exercises)
        return round(grade.points * self.possible(lesson) / whole, 2) if whole else 0.0

    def known_roster(self, system: str, where: str) -> Roster:
        """The roster; LabError says where to get one."""
        if self.roster is None:
            raise LabError(f"--for {system} needs --roster FILE, for it knows students by its own numbers: {where}")
        return self.roster


def lacks(course: Course, grade: Grade) -> str:
    """What a grade lacks to be handed on; "" if nothing."""
    if grade.file.trouble:
        return grade.file.trouble
    wanted = {exercise.id for lesson in course.lessons if lesson.number == grade.lesson for exercise in lesson.exercises}
    if missing := sorted(wanted - {row.exercise for row in grade.rows}):
        return f"{', '.join(missing)} not graded yet: type the same `labkit grade` again"
    return ""


def plain_csv(export: Export) -> str:
    """One line for each student and lesson."""
    head = ["id", "email", "name", "student", "lesson", "title", "points", "out_of", "needs_review", "handed_in"]
    table = [
        [s.id, s.email, s.name, g.student, n.number, n.title, export.earned(n, g), export.possible(n), g.review or "",
         g.file.handed_in]
        for s, n, g in _each(export)
    ]  # fmt: skip
    return BOM + csv_text(head, table)


def plain_json(export: Export) -> str:
    """Everything that a script may want."""
    grades = [_as_data(export, *each) for each in _each(export)]
    return json.dumps({"format": JSON_FORMAT, "course": export.course.title, "grades": grades}, indent=1) + "\n"


def _each(export: Export) -> list[tuple[Student, Lesson, Grade]]:
    return [(s, n, grades[n.number]) for s, grades in export.matched.pairs for n in export.lessons if n.number in grades]


def _as_data(export: Export, student: Student, lesson: Lesson, grade: Grade) -> dict[str, Any]:
    exercises = {r.exercise: {"state": r.result.state, "points": r.result.points, "out_of": r.result.out_of} for r in grade.rows}
    return {
        "student": grade.student, "id": student.id, "email": student.email, "name": student.name,
        "lesson": lesson.number, "title": lesson.title,
        "points": export.earned(lesson, grade), "out_of": export.possible(lesson), "needs_review": grade.review,
        "before_late": grade.before, "days_late": grade.days_late, "why": grade.why,
        "attempt": grade.number, "of_attempts": grade.attempts, "handed_in": grade.file.handed_in.replace(" ", "T"),
        "exercises": exercises, "remarks": [text for texts in grade.file.remarks.values() for text in texts],
    }  # fmt: skip


def feedback(grade: Grade) -> str:
    """A grade's reasons in a few lines of HTML, as Canvas and Moodle show comments. A student's own words are escaped."""
    lines = []
    for row in grade.rows:
        result = row.result
        reason = next((check.reason for check in result.checks if check.state != PASSED and check.reason), "")
        told = f": {escape(reason.partition(chr(10))[0][:300])}" if reason else ""
        lines.append(f"<b>{escape(row.exercise)}</b> {escape(result.state)}, {result.points:g} of {result.out_of:g}{told}")
    lines += [escape(grade.why)] if grade.why else []
    lines += [escape(text) for texts in grade.file.remarks.values() for text in texts]
    return "<br>".join(lines)
