"""The notebook that students get, and the same source for stock nbgrader.

A release carries its number, a digest of its cells, and is entered in releases.json beside course.toml: a submission that was
made from an older one is known by it. Commit that file, so that whoever grades knows.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from labkit.course.build import Job, make_notebook, written
from labkit.course.syllabus import Course, CourseError, Lesson
from labkit.errors import LabError
from labkit.wholefile import write_whole

DIGITS: Final = 12
RELEASES: Final = "releases.json"
CONFIG: Final = """# nbgrader reads this file in the folder where it is started, as in: nbgrader generate_assignment NN_slug
c = get_config()
c.CourseDirectory.course_id = "labkit"
# One check may take 10 s (labkit.course.check); a cell has several of them.
c.ExecutePreprocessor.timeout = 120
# A solution that never ends costs its own exercise, not the rest of the notebook.
c.ExecutePreprocessor.interrupt_on_timeout = True
"""


def release(course: Course, lesson: Lesson, to: Path, force: bool = False) -> Path:
    """Write the student's notebook of a lesson; where it is.

    A release that is there already is replaced; a file in its place that is no release, or in which somebody has written
    since, is not.

    Args:
        course: the course.
        lesson: which lesson.
        to: folder for the notebook.
        force: replace any file.

    Raises:
        CourseError: the lesson has no exercises.
        LabError: what is there would be lost, or nothing can be written there.
    """
    notebook = _notebook(course, lesson, "exercises")
    notebook.metadata["labkit"]["release"] = number(notebook)
    path = to / f"{lesson.name}.ipynb"
    _write(path, written(notebook), force)
    return path


def nbgrader_source(course: Course, lesson: Lesson, to: Path, force: bool = False) -> Path:
    """Write the instructor's notebook, with solutions and hidden tests, where nbgrader looks for it: source/NN_slug/.

    Beside source/ goes a nbgrader_config.py, unless there is one.
    """
    notebook = _notebook(course, lesson, "solutions")
    notebook.metadata["labkit"] |= {"release": released(course, lesson), "source": number(notebook)}
    path = to / "source" / lesson.name / f"{lesson.name}.ipynb"
    _write(path, written(notebook), force)
    if not (config := to / "nbgrader_config.py").exists():
        _write(config, CONFIG, force)
    return path


def released(course: Course, lesson: Lesson) -> str:
    """The number that a release of this lesson would have today."""
    return number(_notebook(course, lesson, "exercises"))


def number(notebook: Any) -> str:
    """A digest of a notebook's cells, from jupytext or straight from a file."""
    text = "\0".join(f"{cell.get('id', '')}\0{''.join(cell['source'])}" for cell in notebook["cells"])
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:DIGITS]


def enter(course: Course, lesson: Lesson) -> None:
    """Enter in the course's releases.json that this lesson is handed out as it is today."""
    every = releases(course)
    mine, today = every.setdefault(lesson.name, {}), released(course, lesson)
    mine.pop(today, None)  # Why: what is released again is the last one again
    mine[today] = datetime.now().astimezone().isoformat(timespec="seconds")
    _write(course.root / RELEASES, json.dumps(every, indent=1) + "\n", force=True)


def releases(course: Course) -> dict[str, dict[str, str]]:
    """Lesson's name → number of each release → when it was made, the last one last.

    Raises:
        LabError: the file is damaged. No CourseError, for this is no trouble of one submission.
    """
    path = course.root / RELEASES
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): {str(n): str(when) for n, when in made.items()} for name, made in data.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError) as error:
        raise LabError(f"{path} cannot be read ({error}): mend it, or delete it to forget what was released") from None


def latest(course: Course, lesson: Lesson) -> str:
    """The number of the release that was made last; "" if none is known, and then no submission is called old."""
    return next(reversed(releases(course).get(lesson.name, {})), "")


def _notebook(course: Course, lesson: Lesson, folder: str) -> Any:
    source = course.folder(lesson) / "exercises.py"
    if not source.is_file():
        raise CourseError(f"lesson {lesson.number} has no exercises to release: there is no {source}")
    return make_notebook(Job(lesson, folder, execute=False, source=source))


def _write(path: Path, text: str, force: bool) -> None:
    try:
        if not force and path.exists() and not _untouched(path.read_bytes(), text):
            raise LabError(f"{path} is no release of labkit's, or was changed since: --force replaces it, or choose another --to")
        write_whole(path, text)
    except OSError as error:
        raise LabError(f"{path} cannot be written: {error.strerror}") from None


def _untouched(there: bytes, fresh: str) -> bool:
    """Is this the same, or a release in which nobody has written?"""
    if there == fresh.encode():
        return True
    try:
        notebook = json.loads(there)
        mine = notebook["metadata"]["labkit"]
        return bool(mine.get("source", mine.get("release")) == number(notebook))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return False
