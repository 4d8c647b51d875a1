"""A class in numbers: what the report shows, before any of it is HTML."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import fmean

from labkit.course.syllabus import Course
from labkit.grading import judge
from labkit.grading.abstractions import Abstraction, behind
from labkit.grading.exercise import CheckResult, Result
from labkit.grading.tables import Grade


@dataclass
class OfExercise:
    """One exercise: a share of points from each student, how the attempts ended, and how long they took."""

    id: str
    title: str
    lesson: int
    shares: list[float] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    """Students in whose work a check ran out of time."""

    @property
    def mean(self) -> float:
        """Mean share of the points."""
        return fmean(self.shares) if self.shares else 0.0


@dataclass
class OfIdea:
    """A wrong idea: who shows it where, and one reason as an example."""

    idea: Abstraction
    students: set[str] = field(default_factory=set)
    exercises: Counter[str] = field(default_factory=Counter)
    example: tuple[str, CheckResult] | None = None


@dataclass
class OfStudent:
    """One student over all lessons."""

    name: str
    points: float = 0.0
    lessons: list[int] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)


@dataclass
class Summary:
    """Everything that the report says, each list with what needs attention first."""

    course: Course
    grades: list[Grade]
    exercises: list[OfExercise]
    ideas: list[OfIdea]
    students: list[OfStudent]
    review: list[tuple[Grade, Result]]
    unreadable: list[Grade]
    out_of: float
    """Points that a student could have who handed in every lesson that anybody handed in."""

    @property
    def lessons(self) -> list[int]:
        """Numbers of the lessons that somebody handed in."""
        return sorted({grade.lesson for grade in self.grades if grade.rows})


def summarise(course: Course, grades: list[Grade]) -> Summary:
    """Count everything once."""
    titles = {each.id: (lesson.number, each.title) for lesson in course.lessons for each in lesson.exercises}
    exercises: dict[str, OfExercise] = {}
    ideas: dict[str, OfIdea] = {}
    students: dict[str, OfStudent] = defaultdict(lambda: OfStudent(""))
    worth: dict[int, float] = {}
    for grade in grades:
        student = students[grade.student]
        student.name = grade.student
        student.points += grade.points
        student.lessons += [grade.lesson] if grade.rows else []
        worth[grade.lesson] = max(worth.get(grade.lesson, 0.0), grade.out_of)
        for row in grade.rows:
            number, title = titles.get(row.exercise, (grade.lesson, ""))
            _count(exercises.setdefault(row.exercise, OfExercise(row.exercise, title, number)), row.result, grade.student)
            student.states[row.result.state] += 1
            _learn(ideas, row.result, grade.student)
    out_of = sum(worth.values())
    return Summary(
        course, grades, sorted(exercises.values(), key=lambda each: (each.lesson, each.mean, each.id)),
        sorted(ideas.values(), key=lambda each: (-len(each.students), each.idea.name)),
        sorted(students.values(), key=lambda each: (each.points, each.name)),
        [(grade, row.result) for grade in grades for row in grade.rows if _asks(row.result)],
        [grade for grade in grades if grade.file.trouble], out_of,
    )  # fmt: skip


def _asks(result: Result) -> bool:
    """Is there something that a person has to look at?"""
    return not result.decided and (bool(result.evidence) or result.state == judge.REVIEW)


def _count(of: OfExercise, result: Result, student: str) -> None:
    of.shares.append(result.points / result.out_of if result.out_of else 0.0)
    of.states[result.state] += 1
    of.seconds.append(result.seconds)
    if any(check.state == judge.TIMEOUT for check in result.checks):
        of.late.append(student)


def _learn(ideas: dict[str, OfIdea], result: Result, student: str) -> None:
    """Which ideas this work shows. A work that is not written shows none."""
    if result.state == judge.NOT_ATTEMPTED:
        return
    seen = set[str]()
    for check in result.checks:
        idea = behind(check.mistake, result.exercise, check.why) if check.state != judge.PASSED else None
        if idea is None:
            continue
        of = ideas.setdefault(idea.name, OfIdea(idea))
        of.students.add(student)
        of.example = of.example or (result.exercise, check)
        if idea.name not in seen:
            of.exercises[result.exercise] += 1
        seen.add(idea.name)


def aliases(students: Iterable[str]) -> dict[str, str]:
    """Student → "student 17". The numbers are drawn anew each time, so that nobody with a list of names can find them again."""
    names = sorted(set(students))
    random.SystemRandom().shuffle(names)
    return {name: f"student {number}" for number, name in enumerate(names, 1)}


def without_quotes(text: str) -> str:
    """A trouble's text without names of files, which are a student's."""
    return re.sub(r"""(['"]).*\1""", "(a file)", text, flags=re.DOTALL)
