"""`labkit release`: the notebook that students get, and the same source for stock nbgrader.

A release carries its number, a digest of its cells: a submission that was made from an older one is known by it.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Final

from labkit.course.build import Job, make_notebook, written
from labkit.course.syllabus import Course, CourseError, Lesson
from labkit.grading.tables import write_whole

DIGITS: Final = 12


def release(course: Course, lesson: Lesson, to: Path) -> Path:
    """Write the student's notebook of a lesson; where it is.

    Raises:
        CourseError: the lesson has no exercises.
    """
    notebook = _notebook(course, lesson, "exercises")
    notebook.metadata["labkit"]["release"] = number(notebook)
    path = to / f"{lesson.name}.ipynb"
    write_whole(path, written(notebook))
    return path


def nbgrader_source(course: Course, lesson: Lesson, to: Path) -> Path:
    """Write the instructor's notebook, with solutions and hidden tests, where nbgrader looks for it: source/NN_slug/."""
    notebook = _notebook(course, lesson, "solutions")
    path = to / "source" / lesson.name / f"{lesson.name}.ipynb"
    write_whole(path, written(notebook))
    return path


def released(course: Course, lesson: Lesson) -> str:
    """The number that a release of this lesson would have today."""
    return number(_notebook(course, lesson, "exercises"))


def number(notebook: Any) -> str:
    """A digest of a notebook's cells."""
    text = "\0".join(f"{cell.get('id', '')}\0{cell.source}" for cell in notebook.cells)
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]


def _notebook(course: Course, lesson: Lesson, folder: str) -> Any:
    source = course.folder(lesson) / "exercises.py"
    if not source.is_file():
        raise CourseError(f"lesson {lesson.number} has no exercises to release: there is no {source}")
    return make_notebook(Job(lesson, folder, execute=False, source=source))
