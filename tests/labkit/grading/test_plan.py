"""What the grader asks is what the course's check cells ask, and each exercise runs with all it needs and no more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from labkit.course.rules import Cell
from labkit.course.syllabus import CourseError
from labkit.grading.names import bound_in
from labkit.grading.plan import checks_in, plan, suited
from tests.labkit.grading import kit

LESSONS = [lesson.number for lesson in kit.course().lessons if (kit.course().folder(lesson) / "exercises.py").is_file()]


def cell(source: str) -> Cell:
    return Cell(Path("exercises.py"), 1, "code", "3a-check", ("check",), source)


@pytest.mark.parametrize("number", LESSONS)
def test_every_call_of_check_is_found_with_its_hidden_ones(number: int) -> None:
    course = kit.course()
    text = (course.folder(course.lesson(number)) / "exercises.py").read_text(encoding="utf-8")
    found = [check for problem in kit.problems(number).values() for check in problem.checks]
    assert len(found) == sum(line.startswith("check(") for line in text.splitlines())
    assert any(check.hidden for check in found)
    assert all(check.why and check.limit_s > 0 for check in found)


def test_a_check_is_data() -> None:
    [one, two, three] = checks_in(
        cell(
            'n = 3\ncheck("f(n)", 4, why="a", within=0.5)\n### BEGIN HIDDEN TESTS\ncheck("g()", why="b", raises=ValueError)\n'
            '### END HIDDEN TESTS\ncheck("h()", {"x": (1, None)}, why="c", limit_s=3, raises=Busy)\n'
        )
    )
    assert (one.expression, one.expected, one.why, one.within, one.given, one.hidden) == ("f(n)", 4, "a", 0.5, "n = 3", False)
    assert (two.expected, two.raises, two.hidden, two.given) == (True, "ValueError", True, "")
    assert (three.expected, three.raises, three.limit_s, three.hidden) == ({"x": (1, None)}, "Busy", 3, False)


@pytest.mark.parametrize("source", ["x = 1", 'check(f"{name}", 1)', 'check("f()", f(), why="x")'])
def test_a_check_cell_that_is_no_data_is_a_mistake_of_the_course(source: str) -> None:
    with pytest.raises(CourseError, match=r"exercises\.py:1"):
        checks_in(cell(source))


def test_a_lesson_without_exercises_says_so(tmp_path: Path) -> None:
    import dataclasses

    empty = dataclasses.replace(kit.course(), root=tmp_path)
    with pytest.raises(CourseError, match="no exercises to grade"):
        plan(empty, empty.lesson(6))


def test_an_exercise_runs_without_the_solutions_it_does_not_use() -> None:
    problem = kit.problems(6)["6d"]
    assert {step.exercise for step in problem.steps} == {"", "6d"}
    assert suited(problem, kit.solutions(6)) is problem


def test_a_tool_of_the_course_that_only_this_student_uses_is_there() -> None:
    problem = kit.problems(9)["9b"]
    assert "HEADER" not in {name for step in problem.steps for name in step.defines}
    mine = suited(problem, {"9b": "def is_kthread(status, stat):\n    return read_bits(HEADER)\n"})
    assert "HEADER" in {name for step in mine.steps for name in step.defines}
    places = [step.place for step in mine.steps]
    assert places == sorted(places)


def test_a_helper_from_a_solution_above_is_there_with_what_it_needs() -> None:
    problem = kit.problems(6)["6d"]
    solutions = {
        "6a": "def helper():\n    return other()\n",
        "6c": "other = print\n",
        "6d": "def enter(door, me, fence):\n    helper()\n",
    }
    assert {step.exercise for step in suited(problem, solutions).steps} >= {"6a", "6c", "6d"}
    unlike = solutions | {"6d": "def enter(door, me, fence):\n    pass  # not like helper\n"}
    assert suited(problem, unlike) is problem
    after = {"6e": "helper = 1\n", "6d": "def enter():\n    helper()\n"}
    assert "6e" not in {step.exercise for step in suited(problem, after).steps}


BINDS: dict[str, Any] = {
    "def f(x):\n    y = 1\n": {"f"},
    "async  def f(): pass\nclass  C(B): pass": {"f", "C"},
    "a = b = 1\nc, d = 1, 2\ne: int = 3\nf == 4\ng(h=1)\n": {"a", "b", "c", "d", "e"},
    "import os.path, sys as s\nfrom a.b import c as d, e\nfrom x import (y, z)": {"os", "s", "d", "e", "y", "z"},
    "if x:\n    y = 1\n": set(),
    "def broken(:\n": {"broken"},
}


@pytest.mark.parametrize(("source", "names"), BINDS.items())
def test_names_that_a_text_binds_are_seen_without_parsing_it(source: str, names: set[str]) -> None:
    assert bound_in(source) == names
