"""Grading as a whole: submissions → work that is not done yet → results in the gradebook, as they come."""

from __future__ import annotations

import hashlib
import queue
import threading
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from labkit.course.syllabus import Course, CourseError
from labkit.errors import LabError
from labkit.grading.exercise import Result, Unit, grade, unit
from labkit.grading.extract import extract
from labkit.grading.gradebook import File, Gradebook
from labkit.grading.judge import BROKE
from labkit.grading.matching import Matcher
from labkit.grading.notebookfile import NotReadable, read_notebook
from labkit.grading.plan import SOLUTION, Problem, plan
from labkit.grading.release import latest
from labkit.grading.roster import Student
from labkit.grading.submission import Submission
from labkit.grading.workers import Zygotes

Done = Callable[[Unit, Result], None]
Executor = Callable[[list[Unit]], Generator[tuple[Unit, Result], None, None]]
"""Does some work, in any order, and gives each result as soon as it is there."""
Planned = tuple[list[Problem], str]
"""A lesson's problems, and the number of its last release."""
BROKEN_MOST = 5
"""After so many exercises in a row that ended the grader's own process, it is not the students' fault."""


@dataclass
class Entered:
    """What a gradebook has to do: the work that is not done, and how much there is.

    Attributes:
        todo: what is to be graded, each piece of work once.
        exercises, files, unreadable: how many were found.
        places: (student, lesson, number) of each submission.
        nobody: submissions that the roster does not know.
    """

    todo: list[Unit] = field(default_factory=list)
    exercises: int = 0
    files: int = 0
    unreadable: int = 0
    places: set[tuple[str, int, int]] = field(default_factory=set)
    nobody: list[str] = field(default_factory=list)


def enter(
    course: Course, submissions: Sequence[Submission], book: Gradebook, only: int = 0, again: Collection[str] = (),
    roster: Sequence[Student] = (),
) -> Entered:  # fmt: skip
    """Read every submission, enter it in the gradebook, and find out what is to be done. One bad file never stops the rest.

    Args:
        course: the course.
        submissions: from submission.collect().
        book: gets a row for each.
        only: number of the lesson to grade; 0 for whichever each file belongs to.
        again: students and exercise ids whose work is graded anew, even if it is done.
        roster: who is in the class; empty if nobody said.
    """
    problems: dict[int, Planned] = {}
    entered = Entered()
    done, planned, forced = book.known(), set[str](), set[str]()
    with book.together():
        book.set_roster(each.known_as for each in roster)
        for each in _named(submissions, roster, entered):
            number, work, file = _read(course, each, problems, only)
            if only and number not in (0, only):
                continue
            file = _numbered(file, entered.places)
            entered.places.add((file.student, file.lesson, file.number))
            entered.files += 1
            entered.unreadable += bool(file.trouble)
            book.enter(file, {one.problem.exercise.id: one.key for one in work})
            entered.exercises += len(work)
            for one in work:
                anew = {one.problem.exercise.id, each.student} & set(again)
                forced |= anew
                if one.key not in planned and (anew or one.key not in done):
                    planned.add(one.key)
                    entered.todo.append(one)
        if unknown := sorted(set(again) - forced):
            raise LabError(
                f"nothing to grade again for {', '.join(unknown)}: say an exercise's id, such as 6b, or a student's name"
            )
        book.forget_but(entered.places)
    return entered


def _named(submissions: Sequence[Submission], roster: Sequence[Student], entered: Entered) -> Iterator[Submission]:
    """The submissions under the names by which the roster knows their students."""
    names: dict[str, str] = {}
    matcher = Matcher(roster)
    for each in submissions:
        if each.student not in names:
            student = matcher.find(each.student)
            names[each.student] = student.known_as if student else each.student
            if roster and student is None:
                entered.nobody.append(each.student)
    # Why sorted again: a student may come under two names, and attempts count in the order of time.
    if roster:
        submissions = sorted(submissions, key=lambda each: (names[each.student], each.lesson, each.number, each.path))
    for each in submissions:
        yield replace(each, student=names[each.student])


def _numbered(file: File, places: Collection[tuple[str, int, int]]) -> File:
    """The file with a number of its own: that two are of one lesson may turn out only when they are read."""
    number = file.number
    while (file.student, file.lesson, number) in places:
        number += 1
    return replace(file, number=number)


def _read(course: Course, each: Submission, problems: dict[int, Planned], only: int) -> tuple[int, list[Unit], File]:
    try:
        data, trouble = each.read(), ""
    except NotReadable as error:
        data, trouble = b"", str(error)
    digest = hashlib.sha256(data).hexdigest()[:16]
    number = each.lesson

    def file(trouble: str, remarks: dict[str, list[str]] | None = None) -> File:
        when = _when(each.handed_in, course)
        return File(each.student, number, each.number, each.path, digest, when, trouble, remarks or {})

    if trouble:
        return number, [], file(trouble)
    try:
        notebook = read_notebook(data)
        number = number or only or _lesson_of(course, notebook.lesson, [c.grade_id or c.id for c in notebook.cells])
        lesson = course.lesson(number)
    except (NotReadable, CourseError) as error:
        return number, [], file(str(error))
    if not lesson.exercises:
        return number, [], file(f"lesson {number} has no exercises: hand in the notebook of another lesson")
    if number not in problems:
        # what is wrong here is the course's fault, and no student's: it stops us
        problems[number] = plan(course, lesson), latest(course, lesson)
    asked, release = problems[number]
    found = extract(notebook, asked, lesson.name, release)
    return number, [unit(problem, found.solutions) for problem in asked], file("", found.remarks)


def _when(handed_in: datetime | None, course: Course) -> str:
    """A time with its zone. One without was read from a zip file, and is meant as the course's clocks show it."""
    if handed_in is None:
        return ""
    zone = course.grading.time_zone
    if handed_in.tzinfo is None and zone is not None:
        handed_in = handed_in.replace(tzinfo=zone)
    return handed_in.astimezone(zone).isoformat(" ", "seconds")


def _lesson_of(course: Course, name: str, ids: list[str]) -> int:
    """The lesson that a notebook belongs to, by what it says or by its cells."""
    for lesson in course.lessons:
        wanted = {exercise.id + SOLUTION for exercise in lesson.exercises}
        if lesson.name == name or wanted & set(ids):
            return lesson.number
    raise NotReadable(
        "which lesson this notebook belongs to cannot be told from its name or its cells: name it as it was handed out"
    )


def local(processes: int) -> Executor:
    """Work on this machine: so many zygotes, each with a thread that feeds it."""

    def execute(work: list[Unit]) -> Generator[tuple[Unit, Result], None, None]:
        todo: queue.SimpleQueue[Unit] = queue.SimpleQueue()
        done: queue.SimpleQueue[tuple[Unit, Result] | BaseException] = queue.SimpleQueue()
        for one in work:
            todo.put(one)
        stop = threading.Event()
        zygotes = [Zygotes() for _ in range(min(processes, len(work)))]
        threads = [threading.Thread(target=_feed, args=(zygote, todo, done, stop), daemon=True) for zygote in zygotes]
        for thread in threads:
            thread.start()
        try:
            for _ in work:
                came = done.get()
                if isinstance(came, BaseException):
                    raise came
                yield came
        finally:
            stop.set()
            for zygote in zygotes:
                zygote.end()
            for thread in threads:
                thread.join()

    return execute


def _feed(zygote: Zygotes, todo: Any, done: Any, stop: threading.Event) -> None:
    try:
        while not stop.is_set():
            one = todo.get_nowait()
            result = grade(one, zygote)
            if not stop.is_set():  # else it was ended in the middle, and what came of that is no result
                done.put((one, result))
    except queue.Empty:
        pass
    except BaseException as error:
        if not stop.is_set():
            done.put(error)
    finally:
        zygote.close()


def carry_out(book: Gradebook, work: list[Unit], execute: Executor, done: Done = lambda work, result: None) -> None:
    """Do the work and keep each result at once: whoever interrupts loses nothing that is done.

    Raises:
        LabError: the grader itself fails again and again; such results are not kept.
    """
    held: list[tuple[Unit, Result]] = []
    with closing(execute(work)) as results:
        for one, result in results:
            held.append((one, result))
            if not any(check.reason == BROKE for check in result.checks):
                # Why only now: what broke between two that did not was the fault of that one piece of work.
                _keep(book, held, done)
                held = []
            elif len(held) >= BROKEN_MOST:
                raise LabError(f"the grader does not work on this machine: {'; '.join(result.evidence) or BROKE}")
        _keep(book, held, done)


def _keep(book: Gradebook, results: Sequence[tuple[Unit, Result]], done: Done) -> None:
    for one, result in results:
        book.keep(one.key, result)
        done(one, result)
