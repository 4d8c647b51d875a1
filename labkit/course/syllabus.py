"""The course as data: lessons and exercises in teaching order, read from course.toml and from nowhere else."""

from __future__ import annotations

import math
import os
import re
import tomllib
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from labkit.errors import LabError

COURSE_FILE: Final = "course.toml"
COURSE_DIR_VARIABLE: Final = "LABKIT_COURSE_DIR"
NEEDS: Final = ("sigalrm", "pthread", "proc", "cc", "qemu", "chromium")
"""What a lesson may need besides Python; `labkit doctor` says for each whether this machine has it."""
LAST, BEST = "last", "best"


class CourseError(LabError):
    """Something written in the course is not right: the message says in which file, on which line, and the cure."""


@dataclass(frozen=True)
class Exercise:
    """One graded exercise: an id such as "3a", what it is worth, and three hints from a nudge to nearly the answer."""

    id: str
    title: str
    points: float
    hints: tuple[str, ...]


@dataclass(frozen=True)
class Lesson:
    """One lesson, which is one folder of lessons/."""

    number: int
    slug: str
    title: str
    minutes: int
    needs: tuple[str, ...]
    exercises: tuple[Exercise, ...]
    due: datetime | None = None
    """When it is to be handed in, with its time zone; None if whenever."""

    @property
    def name(self) -> str:
        """Name of its folder and of its three notebooks: "03_cooperative"."""
        return f"{self.number:02d}_{self.slug}"

    def exercise(self, exercise_id: str) -> Exercise:
        """The exercise with that id; KeyError if there is none."""
        for exercise in self.exercises:
            if exercise.id == exercise_id:
                return exercise
        raise KeyError(exercise_id)


@dataclass(frozen=True)
class GradingRules:
    """What late work costs and which attempt counts: the table [grading] of course.toml.

    Attributes:
        late_days: days after a due date that cost nothing; so many for each student over the whole course.
        late_penalty: percent of the points, for each day after these.
        late_most: work that comes more days late is not taken; None if it always is.
        attempts: "last", "best", or how many attempts are allowed, of which the last counts.
        time_zone: where a time is meant that says no zone, such as those in a zip file; None for this machine's.
    """

    late_days: int = 0
    late_penalty: float = 0
    late_most: int | None = None
    attempts: str | int = LAST
    time_zone: tzinfo | None = None


@dataclass(frozen=True)
class Course:
    """The whole course, and the folder it lives in."""

    root: Path
    title: str
    lessons: tuple[Lesson, ...]
    grading: GradingRules = field(default_factory=GradingRules)

    def lesson(self, number: int) -> Lesson:
        """The lesson with that number; CourseError names those there are."""
        for lesson in self.lessons:
            if lesson.number == number:
                return lesson
        known = ", ".join(str(lesson.number) for lesson in self.lessons)
        raise CourseError(f"there is no lesson {number} in {COURSE_FILE}; it has {known or 'none'}")

    def lesson_of(self, exercise_id: str) -> Lesson | None:
        """The lesson that an exercise id belongs to by its number ("3a" → lesson 3), whether or not that exercise exists."""
        number = re.match(r"\d+", exercise_id)
        return next((lesson for lesson in self.lessons if number and lesson.number == int(number[0])), None)

    def folder(self, lesson: Lesson) -> Path:
        """Where the lesson is written."""
        return self.root / "lessons" / lesson.name


def find_course() -> Path:
    """Folder that holds course.toml: the one named by LABKIT_COURSE_DIR, above the current folder, or beside labkit."""
    if named := os.environ.get(COURSE_DIR_VARIABLE):
        places = [Path(named)]
    else:
        package = Path(__file__).resolve().parents[1]
        # Why: from a clone course.toml lies beside the package; a wheel carries it inside the package.
        places = [Path.cwd(), *Path.cwd().parents, package.parent, package]
    for place in places:
        if (place / COURSE_FILE).is_file():
            return place
    raise CourseError(f"no {COURSE_FILE} found in {places[0]} or beside labkit; run this inside a clone of the course")


def load_course(root: Path | None = None) -> Course:
    """Read course.toml and check that it hangs together."""
    root = root or find_course()
    path = root / COURSE_FILE
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CourseError(f"{path}: no such file") from None
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{path}: {error}") from None
    rules = _grading(f"{path}: [grading]", data.get("grading", {}))
    lessons = tuple(_lesson(path, entry, rules) for entry in data.get("lesson", []))
    for what in ("number", "slug"):
        _no_twice(path, f"lesson {what}", [getattr(lesson, what) for lesson in lessons])
    _no_twice(path, "exercise id", [exercise.id for lesson in lessons for exercise in lesson.exercises])
    return Course(root, data.get("course", {}).get("title", "A course"), lessons, rules)


def _grading(where: str, entry: Any) -> GradingRules:
    if not isinstance(entry, dict):
        raise CourseError(f"{where} is a table: write [grading] on a line of its own, with late_days = 3 and so on below it")
    names = ("late_days", "late_penalty", "late_most", "attempts", "time_zone")
    if unknown := sorted(set(entry) - set(names)):
        raise CourseError(f"{where}: unknown field {unknown[0]!r}; it may have {', '.join(names)}")
    fields = dict(entry)
    for name in ("late_days", "late_most"):
        if name in fields and (type(fields[name]) is not int or fields[name] < 0):
            raise CourseError(f"{where}: {name} is a number of whole days, 0 or more, not {fields[name]!r}")
    penalty = fields.get("late_penalty", 0)
    if type(penalty) not in (int, float) or not 0 <= penalty <= 100:
        raise CourseError(f"{where}: late_penalty is percent of the points for each day late, 0 to 100, not {penalty!r}")
    attempts = fields.get("attempts", LAST)
    if attempts not in (LAST, BEST) and (type(attempts) is not int or attempts < 1):
        raise CourseError(f'{where}: attempts is "last", "best", or how many are allowed (1 or more), not {attempts!r}')
    if "time_zone" in fields:
        try:
            fields["time_zone"] = ZoneInfo(fields["time_zone"])
        except Exception:  # Why so wide: it raises four kinds of error, by what is wrong with the name
            raise CourseError(f'{where}: no time zone is called {entry["time_zone"]!r}; one is "Europe/Berlin"') from None
    return GradingRules(**fields)


def _lesson(path: Path, entry: dict[str, Any], rules: GradingRules) -> Lesson:
    where = f"{path}: lesson {entry.get('number', '?')}"
    due = _due(where, entry.get("due"), rules)
    entry = {name: value for name, value in entry.items() if name != "due"}
    fields = _fields(where, entry, {"number": int, "slug": str, "title": str, "minutes": int, "needs": list, "exercise": list})
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", fields["slug"]):
        raise CourseError(f"{where}: slug {fields['slug']!r} must be lower case words joined by _, as in a file name")
    if unknown := sorted(set(fields["needs"]) - set(NEEDS)):
        raise CourseError(f"{where}: needs {unknown} is not among {', '.join(NEEDS)}")
    exercises = tuple(_exercise(where, fields["number"], each) for each in fields["exercise"])
    return Lesson(fields["number"], fields["slug"], fields["title"], fields["minutes"], tuple(fields["needs"]), exercises, due)


def _due(where: str, value: Any, rules: GradingRules) -> datetime | None:
    if value is None:
        return None
    if not isinstance(value, datetime):
        raise CourseError(
            f"{where}: due is a day and a time without quotation marks, as 2026-10-05T23:59:00+02:00, not {value!s}"
        )
    if value.tzinfo is None and rules.time_zone is None:
        raise CourseError(
            f"{where}: due = {value.isoformat()} says no time zone: write {value.isoformat()}+02:00, "
            'or time_zone = "Europe/Berlin" under [grading]'
        )
    return value if value.tzinfo else value.replace(tzinfo=rules.time_zone)


def _exercise(where: str, number: int, entry: dict[str, Any]) -> Exercise:
    where = f"{where}, exercise {entry.get('id', '?')}"
    fields = _fields(where, entry, {"id": str, "title": str, "points": (int, float), "hints": list})
    if not re.fullmatch(rf"{number}[a-z]", fields["id"]):
        raise CourseError(f"{where}: an id is the lesson's number and one letter, as {number}a")
    points = fields["points"]
    if isinstance(points, bool) or not math.isfinite(points) or points <= 0 or round(points, 2) != points:
        raise CourseError(f"{where}: points is a number above 0 with at most two decimals, not {points!r}")
    return Exercise(fields["id"], fields["title"], points, tuple(fields["hints"]))


def _fields(where: str, entry: dict[str, Any], kinds: dict[str, Any]) -> dict[str, Any]:
    """The entry's fields, each of its kind; lists may be left out."""
    if unknown := sorted(set(entry) - set(kinds)):
        raise CourseError(f"{where}: unknown field {unknown[0]!r}; it may have {', '.join(kinds)}")
    fields = {}
    for name, kind in kinds.items():
        value = entry.get(name, [] if kind is list else None)
        if not isinstance(value, kind):
            raise CourseError(f"{where}: {name} is " + ("missing" if value is None else f"{value!r}, not what is meant there"))
        fields[name] = value
    return fields


def _no_twice(path: Path, what: str, values: list[Any]) -> None:
    for value in values:
        if values.count(value) > 1:
            raise CourseError(f"{path}: {what} {value!r} is there twice")
