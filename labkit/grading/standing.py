"""From results to grades: a person's decisions, the attempt that counts, what lateness costs, and who handed in nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from labkit.course.syllabus import Course, Lesson
from labkit.grading.gradebook import Decision, File, Gradebook, Row
from labkit.grading.policy import Attempt, Standing, days_late, earned, settle
from labkit.grading.tables import Grade

NOTHING: Final = "nothing handed in"


def grades(book: Gradebook, course: Course) -> list[Grade]:
    """Each student's each lesson, in this order; those of the roster who handed in nothing included."""
    rows = _rows(book)
    attempts: dict[str, dict[int, list[File]]] = {}
    for file in book.files():
        attempts.setdefault(file.student, {}).setdefault(file.lesson, []).append(file)
    graded = sorted({number for lessons in attempts.values() for number in lessons if number})
    for student in book.roster():
        for number in graded:
            attempts.setdefault(student, {}).setdefault(number, [])
    found: list[Grade] = []
    for student in sorted(attempts):
        found += _of_student(student, attempts[student], rows, course)
    return sorted(found, key=lambda grade: (grade.student, grade.lesson))


def _rows(book: Gradebook) -> dict[tuple[str, int, int], list[Row]]:
    decisions = book.decisions()
    rows: dict[tuple[str, int, int], list[Row]] = {}
    for row in book.rows():
        decided = decisions.get((row.student, row.exercise, row.key))
        rows.setdefault((row.student, row.lesson, row.number), []).append(_decided(row, decided) if decided else row)
    return rows


def _decided(row: Row, decision: Decision) -> Row:
    result = replace(row.result, points=decision.points, earns=decision.points, decided=str(decision))
    return replace(row, result=result)


def _of_student(
    student: str, attempts: dict[int, list[File]], rows: dict[tuple[str, int, int], list[Row]], course: Course
) -> Iterator[Grade]:
    lessons = {lesson.number: lesson for lesson in course.lessons}
    order = sorted(attempts, key=lambda number: (_due(lessons.get(number)), number))
    tried = [
        [
            _attempt(file, rows.get((student, number, file.number), ()), lessons.get(number))
            for file in attempts[number]
            if not file.trouble
        ]
        for number in order
    ]
    for number, standing in zip(order, settle(tried, course.grading), strict=True):
        files, lesson = attempts[number], lessons.get(number)
        worth = sum(_hundredths(exercise.points) for exercise in lesson.exercises) / 100 if lesson else 0.0
        if standing is None:
            file = files[-1] if files else File(student, number, 0, "", "", "", NOTHING, {})
            yield Grade(student, number, file.number, len(files), 0.0, worth, 0.0, (), file)
        else:
            file = next(each for each in files if each.number == standing.number)
            mine = tuple(rows.get((student, number, file.number), ()))
            yield _grade(file, mine, standing, len(files), worth, course)


def _grade(file: File, rows: tuple[Row, ...], standing: Standing, attempts: int, worth: float, course: Course) -> Grade:
    perhaps = sum(_hundredths(row.result.earns) for row in rows)
    more = earned(perhaps, standing.days_late, standing.free_days, course.grading) - standing.after
    return Grade(
        file.student, file.lesson, file.number, attempts, standing.after / 100, worth, more / 100, rows, file,
        standing.before / 100, standing.days_late, standing.why,
    )  # fmt: skip


def _attempt(file: File, rows: Iterable[Row], lesson: Lesson | None) -> Attempt:
    when = datetime.fromisoformat(file.handed_in) if file.handed_in else None
    points = sum(_hundredths(row.result.points) for row in rows)
    return Attempt(file.number, days_late(when, lesson.due if lesson else None), points)


def _due(lesson: Lesson | None) -> datetime:
    return lesson.due.astimezone(UTC) if lesson and lesson.due else datetime.max.replace(tzinfo=UTC)


def _hundredths(points: float) -> int:
    return round(points * 100)
