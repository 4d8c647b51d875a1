"""What is committed in notebooks/, exercises/ and solutions/ is what a build gives, to the byte."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from labkit.course.build import differences, jobs_of
from labkit.course.syllabus import Lesson, load_course

COURSE = load_course(Path(__file__).parents[2])
WRITTEN = [lesson for lesson in COURSE.lessons if jobs_of(COURSE, [lesson])]


def marked(lesson: Lesson) -> Any:
    """A lesson that runs modules is built with the kernel whose outputs it stores, and no other; one in C with a compiler."""
    needs = [pytest.mark.requires("kernel of the lessons")] if "qemu" in lesson.needs else []
    needs += [pytest.mark.requires("cc")] if "cc" in lesson.needs else []
    return pytest.param(lesson, marks=needs, id=lesson.name)


@pytest.mark.parametrize("lesson", [marked(lesson) for lesson in WRITTEN])
def test_the_built_notebooks_are_fresh(lesson: Lesson) -> None:
    assert differences(COURSE, jobs_of(COURSE, [lesson])) == [], "run `make build` and commit what it changes"
