"""Grading as a whole: submissions → work that is not done yet → results in the gradebook, as they come."""

from __future__ import annotations

import hashlib
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from labkit.course.syllabus import Course, CourseError
from labkit.grading.exercise import Result, Unit, grade, unit
from labkit.grading.extract import extract
from labkit.grading.gradebook import File, Gradebook
from labkit.grading.notebookfile import NotReadable, read_notebook
from labkit.grading.plan import SOLUTION, Problem, plan
from labkit.grading.submission import Submission
from labkit.grading.workers import Zygotes

Done = Callable[[Unit, Result], None]
Executor = Callable[[list[Unit]], Iterator[tuple[Unit, Result]]]
"""Does some work, in any order, and gives each result as soon as it is there."""
END: Final = None


@dataclass
class Entered:
    """What a gradebook has to do: the work that is not done, and how much there is."""

    todo: list[Unit] = field(default_factory=list)
    exercises: int = 0
    files: int = 0
    unreadable: int = 0


def enter(course: Course, submissions: list[Submission], book: Gradebook, only: int = 0) -> Entered:
    """Read every submission, enter it in the gradebook, and find out what is to be done. One bad file never stops the rest.

    Args:
        course: the course.
        submissions: from submission.collect().
        book: gets a row for each.
        only: number of the lesson to grade; 0 for whichever each file belongs to.
    """
    problems: dict[int, list[Problem]] = {}
    entered = Entered()
    done, planned = book.known(), set[str]()
    with book.together():
        for each in submissions:
            number, work, file = _read(course, each, problems, only)
            if only and number not in (0, only):
                continue
            entered.files += 1
            entered.unreadable += bool(file.trouble)
            book.enter(file, {one.problem.exercise.id: one.key for one in work})
            entered.exercises += len(work)
            for one in work:
                if one.key not in done | planned:
                    planned.add(one.key)
                    entered.todo.append(one)
    return entered


def _read(course: Course, each: Submission, problems: dict[int, list[Problem]], only: int) -> tuple[int, list[Unit], File]:
    digest = hashlib.sha256(each.data or b"").hexdigest()[:16]
    when = each.handed_in.isoformat(" ", "seconds") if each.handed_in else ""
    number = each.lesson

    def file(trouble: str, remarks: dict[str, list[str]] | None = None) -> File:
        return File(each.student, number, each.number, each.path, digest, when, trouble, remarks or {})

    if each.data is None:
        return number, [], file(each.trouble)
    try:
        notebook = read_notebook(each.data)
        number = number or only or _lesson_of(course, notebook.lesson, [c.grade_id or c.id for c in notebook.cells])
        lesson = course.lesson(number)
        if number not in problems:
            problems[number] = plan(course, lesson)
        found = extract(notebook, problems[number], lesson.name)
    except (NotReadable, CourseError) as error:
        return number, [], file(str(error))
    return number, [unit(problem, found.solutions) for problem in problems[number]], file("", found.remarks)


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

    def execute(work: list[Unit]) -> Iterator[tuple[Unit, Result]]:
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
            done.put((one, grade(one, zygote)))
    except queue.Empty:
        pass
    except BaseException as error:
        if not stop.is_set():
            done.put(error)
    finally:
        zygote.close()


def carry_out(book: Gradebook, work: list[Unit], execute: Executor, done: Done = lambda work, result: None) -> None:
    """Do the work and keep each result at once: whoever interrupts loses nothing that is done."""
    for one, result in execute(work):
        book.keep(one.key, result)
        done(one, result)
