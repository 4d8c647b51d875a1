"""What is committed in notebooks/, exercises/ and solutions/ is what a build gives, to the byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from labkit.course.build import differences, jobs_of
from labkit.course.syllabus import Lesson, load_course

COURSE = load_course(Path(__file__).parents[2])
WRITTEN = [lesson for lesson in COURSE.lessons if jobs_of(COURSE, [lesson])]


@pytest.mark.parametrize("lesson", WRITTEN, ids=lambda lesson: lesson.name)
def test_the_built_notebooks_are_fresh(lesson: Lesson) -> None:
    assert differences(COURSE, jobs_of(COURSE, [lesson])) == [], "run `make build` and commit what it changes"
