"""Begin a new lesson or exercise: the files with their fixed parts, and the lines in course.toml."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from labkit.course.syllabus import COURSE_FILE, Course, CourseError, Lesson, load_course

_LESSON: Final = """\
# %% [markdown] id="title"
# # {number}. {title}
#
# After this you can
#
# - …
#
# About {minutes} minutes.

# %% id="setup"
from labkit import run, spawn
from labkit.course import predict, reveal

# %% id="first-question" tags=["predict"]
predict("{slug_id}-first", "What will happen?", ["this", "that"])

# %% id="first-run" tags=["demo"]

# %% id="first-answer"
reveal("{slug_id}-first", "A", because="…")

# %% [markdown] id="to-keep"
# ## To keep
#
# 1. …
# 2. …
# 3. …
#
# Words: [glossary](../GLOSSARY.md). Now the [exercises](../exercises/{name}.ipynb).
"""

_EXERCISES: Final = """\
# %% [markdown] id="title"
# # Exercises {number}: {title}

# %% id="setup"
from labkit.course import check, hint
"""

_EXERCISE: Final = '''
# %% [markdown] id="{id}"
# ## {id} {title}

# %% id="{id}-solution" tags=["exercise"]
def answer_{id}():
    """Say what it returns."""
    ### BEGIN SOLUTION
    return 0
    ### END SOLUTION

# %% id="{id}-check" tags=["check"]
check("answer_{id}()", 0, why="…")
### BEGIN HIDDEN TESTS
### END HIDDEN TESTS
'''

_COURSE_LESSON: Final = """
[[lesson]]
number = {number}
slug = "{slug}"
title = "{title}"
minutes = {minutes}
needs = []
"""

_COURSE_EXERCISE: Final = """
[[lesson.exercise]]
id = "{id}"
title = "{title}"
points = 4
hints = ["a nudge", "a pointer", "nearly the answer"]
"""


def new_lesson(course: Course, name: str, title: str | None = None) -> list[Path]:
    """Write the files of a new lesson, such as "06_races", and enter it at the end of course.toml; the files written."""
    parts = re.fullmatch(r"(\d\d)_([a-z][a-z0-9_]*)", name)
    if parts is None:
        raise CourseError(f"{name!r} is not the name of a lesson: two digits, _, and words in lower case, as 06_races")
    number, slug = int(parts[1]), parts[2]
    if any(lesson.number == number or lesson.slug == slug for lesson in course.lessons):
        raise CourseError(f"{COURSE_FILE} has a lesson {number} or {slug!r} already")
    if any(lesson.number > number for lesson in course.lessons):
        raise CourseError(f"{COURSE_FILE} has a later lesson than {number} already; enter {number} there by hand, in order")
    title = title or slug.replace("_", " ").capitalize()
    values = {"number": number, "slug": slug, "title": title, "minutes": 90, "name": name, "slug_id": slug.replace("_", "-")}
    path = course.root / COURSE_FILE
    _write_course(path, path.read_text(encoding="utf-8").rstrip("\n") + "\n" + _COURSE_LESSON.format(**values))
    folder = course.root / "lessons" / name
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for file, text in (("lesson.py", _LESSON), ("exercises.py", _EXERCISES)):
        if not (folder / file).exists():
            (folder / file).write_text(text.format(**values), encoding="utf-8")
            written.append(folder / file)
    return written


def new_exercise(course: Course, name: str, id: str, title: str | None = None) -> list[Path]:
    """Add an exercise to the end of a lesson, with files for mutants and variants; the files touched."""
    lesson = next((lesson for lesson in course.lessons if lesson.name == name), None)
    if lesson is None:
        raise CourseError(f"there is no lesson {name!r}; {COURSE_FILE} has {', '.join(each.name for each in course.lessons)}")
    if not re.fullmatch(rf"{lesson.number}[a-z]", id):
        raise CourseError(f"{id!r} is not an id for lesson {lesson.number}: its number and one letter, as {lesson.number}a")
    if any(each.id >= id for each in lesson.exercises):
        raise CourseError(f"lesson {lesson.number} has an exercise {id!r} or a later one already")
    title = title or f"Exercise {id}"
    _insert_exercise(course, lesson.number, _COURSE_EXERCISE.format(id=id, title=title))
    source = course.folder(lesson) / "exercises.py"
    source.parent.mkdir(parents=True, exist_ok=True)
    text = source.read_text(encoding="utf-8") if source.exists() else _EXERCISES.format(number=lesson.number, title=lesson.title)
    source.write_text(text.rstrip("\n") + "\n" + _EXERCISE.format(id=id, title=title), encoding="utf-8")
    return [source, *(_trial(course, lesson, id, kind) for kind in ("mutants", "variants"))]


def _trial(course: Course, lesson: Lesson, id: str, kind: str) -> Path:
    """A first wrong (mutants) or otherwise right (variants) solution to change into a real one."""
    path = course.root / "tests" / "exercises" / kind / f"{lesson.number:02d}" / f"{id}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    answer = 1 if kind == "mutants" else "int()"
    why = "what a student believed who wrote this" if kind == "mutants" else "how it is right in another way"
    path.write_text(f'# %% id="first" why="{why}"\ndef answer_{id}():\n    return {answer}\n', encoding="utf-8")
    return path


def _insert_exercise(course: Course, number: int, text: str) -> None:
    """Put it after the last line of its lesson, before the next [[lesson]]."""
    path = course.root / COURSE_FILE
    parts = re.split(r"(?m)^(?=\[\[lesson\]\]$)", path.read_text(encoding="utf-8"))
    for place, part in enumerate(parts):
        if re.search(rf"(?m)^number = {number}$", part):
            parts[place] = part.rstrip("\n") + "\n" + text + ("\n" if place + 1 < len(parts) else "")
    _write_course(path, "".join(parts))


def _write_course(path: Path, text: str) -> None:
    """Write course.toml only if it can be read back."""
    before = path.read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    try:
        load_course(path.parent)
    except CourseError:
        path.write_text(before, encoding="utf-8")
        raise
