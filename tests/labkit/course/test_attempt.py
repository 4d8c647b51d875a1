from __future__ import annotations

from pathlib import Path

import pytest

from labkit.course.attempt import attempt, steps_of
from labkit.course.syllabus import Course


@pytest.fixture
def exercises(course: Course) -> Path:
    return course.folder(course.lessons[0]) / "exercises.py"


def test_a_right_solution_passes_and_a_wrong_one_gets_the_students_message(exercises: Path) -> None:
    assert attempt(exercises, "3a", "def add(a, b):\n    return a + b").passed
    wrong = attempt(exercises, "3a", "def add(a, b):\n    return a + b if a == 1 else 5")
    assert wrong.message == "add(2, 2)\n  came back: 5\n  expected:  4\n  why: two and two are four"


@pytest.mark.parametrize(
    ("solution", "says"),
    [
        ("def add(a, b):\n    while True: pass", "did not end within 0.3 s in add, line 2"),
        ("def add(a, b):\n    __import__('os')._exit(0)", "ended the interpreter (exit code 0)"),
        ("import ctypes\nctypes.string_at(0)", "ended the interpreter (exit code -11)"),
        ("def add(a, b", "the cell 3a-solution raised SyntaxError"),
        ("import sys\nsys.exit()", "the cell 3a-solution raised SystemExit"),
        ("while True: pass", "did not end within 1 s"),
        ("del check", "the cell 3a-check raised NameError"),
    ],
)
def test_whatever_a_solution_does_ends_as_an_answer(exercises: Path, solution: str, says: str) -> None:
    ended = attempt(exercises, "3a", solution, check_limit_s=0.3, limit_s=1 if solution.startswith("while") else 30)
    assert not ended.passed
    assert says in ended.message


def test_threads_left_behind_do_not_hold_up_the_answer(exercises: Path) -> None:
    left = "import threading\nthreading.Thread(target=threading.Event().wait).start()\ndef add(a, b):\n    return a + b"
    assert attempt(exercises, "3a", left).passed


def test_only_the_exercises_own_checks_run(exercises: Path) -> None:
    assert [step[0] for step in steps_of(exercises, "3a", "")] == ["setup", "3a-solution", "3a-check"]
    with pytest.raises(KeyError, match="no cell 3b-check"):
        steps_of(exercises, "3b", "")
