"""A tiny course to build and to work in."""

from __future__ import annotations

from pathlib import Path

import pytest

from labkit.course.syllabus import Course, load_course

COURSE = """\
[course]
title = "Tiny"

[[lesson]]
number = 3
slug = "tiny"
title = "Adding"
minutes = 5

[[lesson.exercise]]
id = "3a"
title = "Add"
points = 2
hints = ["What is a sum?", "There is an operator.", "return a + b"]
"""

LESSON = """\
# %% [markdown] id="title"
# # 3. Adding
# After this you can add.

# %% id="ask" tags=["predict", "hide-input"]
from labkit.course import predict, reveal
predict("what-comes", "What is 1 + 1?", ["2", "11"])

# %% id="look"
import sys
print("to stdout"); print("to stderr", file=sys.stderr); print("to stdout again")
1 + 1

# %% id="tell"
reveal("what-comes", 1 + 1, because="1 and 1 are numbers")

# %% id="fall" tags=["raises-exception", "break-it"]
1 / 0

# %% id="clock" tags=["varies"]
import time
time.time()

# %% id="never" tags=["skip-execution"]
input()
"""

EXERCISES = '''\
# %% [markdown] id="title"
# # Exercises 3

# %% id="setup"
from labkit.course import check, hint

# %% id="3a-solution" tags=["exercise"]
def add(a, b):
    """Add two numbers."""
    ### BEGIN SOLUTION
    return a + b
    ### END SOLUTION

# %% id="3a-check" tags=["check"]
check("add(1, 2)", 3, why="one and two are three")
### BEGIN HIDDEN TESTS
check("add(2, 2)", 4, why="two and two are four")
### END HIDDEN TESTS
'''


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A course of one lesson with one exercise."""
    folder = tmp_path / "course" / "lessons" / "03_tiny"
    folder.mkdir(parents=True)
    (folder / "lesson.py").write_text(LESSON, encoding="utf-8")
    (folder / "exercises.py").write_text(EXERCISES, encoding="utf-8")
    (tmp_path / "course" / "course.toml").write_text(COURSE, encoding="utf-8")
    return load_course(tmp_path / "course")


@pytest.fixture
def in_course(course: Course, monkeypatch: pytest.MonkeyPatch) -> Course:
    """The same, and the current folder is inside it."""
    monkeypatch.chdir(course.root)
    monkeypatch.delenv("LABKIT_COURSE_DIR", raising=False)
    return course
