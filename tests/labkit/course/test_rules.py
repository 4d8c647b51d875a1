from __future__ import annotations

from pathlib import Path

import pytest

from labkit.course import rules
from labkit.course.build import read_cells
from labkit.course.rules import Cell
from labkit.course.syllabus import Course, CourseError


def cells(tmp_path: Path, text: str) -> list[Cell]:
    path = tmp_path / "lesson.py"
    path.write_text(text, encoding="utf-8")
    return read_cells(path)


GOOD = '# %% [markdown] id="title"\n# # T\n\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GOOD + "# %%\nx = 1\n", r"lesson\.py:4: this cell has no id"),
        (GOOD + '# %% id="Not kebab"\nx = 1\n', r"lesson\.py:4: the id 'Not kebab' must be words in lower case"),
        (GOOD + '# %% id="title"\nx = 1\n', r"lesson\.py:4: the id 'title' is used already on line 1"),
        (GOOD + '# %% id="run" tags=["fun"]\nx = 1\n', r"lesson\.py:4: unknown tag 'fun'; the tags are: demo, predict"),
        (GOOD + '# %% id="run" tag="demo"\nx = 1\n', r"lesson\.py:4: unknown setting 'tag'"),
        (GOOD + '# %% id="run"\n' + "x = 1\n" * 13, r"lesson\.py:4: 13 lines of code; a cell has at most 12"),
        ('# %% [markdown] id="title"\n# ' + "word " * 121, r"lesson\.py:1: 121 words of prose; a cell has at most 120"),
        ("".join(f'# %% id="run-{n}"\n{n}\n' for n in range(46)), r"lesson\.py:91: 46 cells; a notebook has at most 45"),
    ],
)
def test_each_rule_names_file_and_line(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(CourseError, match=says):
        rules.obey_rules(cells(tmp_path, text))


def test_text_before_the_first_cell_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"lesson\.py:1: text before the first"):
        cells(tmp_path, "x = 1\n" + GOOD)


def test_comments_blank_lines_and_docstrings_are_free() -> None:
    assert rules.code_lines('def f():\n    """A\n    long docstring."""\n\n    # why\n    return 1\n') == 2
    assert rules.code_lines('text = """a\nb"""\n') == 2


def solution(source: str) -> Cell:
    return Cell(Path("exercises.py"), 10, "code", "3a-solution", ("exercise",), source)


def test_a_stub_keeps_the_name_and_the_docstring_and_says_what_to_write() -> None:
    cell = solution('def add(a, b):\n    """Add."""\n    ### BEGIN SOLUTION\n    return a + b\n    ### END SOLUTION')
    wanted = 'def add(a, b):\n    """Add."""\n    raise NotImplementedError("exercise 3a: write this part")'
    assert rules.stub(cell) == wanted


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("x = 1", r"exercises\.py:10: '3a-solution' needs ### BEGIN SOLUTION"),
        ("### BEGIN SOLUTION\nx = 1\n### END SOLUTION", r"exercises\.py:11: .* belongs inside a function"),
        ("def f():\n    ### BEGIN SOLUTION\n    pass", r"exercises\.py:10: .* needs"),
        ("def f():\n    ### END SOLUTION\n    pass", r"exercises\.py:12: ### END SOLUTION without"),
    ],
)
def test_wrong_solution_markers_are_named(source: str, says: str) -> None:
    with pytest.raises(CourseError, match=says):
        rules.stub(solution(source))


def test_long_solutions_and_long_visible_checks_are_refused() -> None:
    region = "def f():\n    ### BEGIN SOLUTION\n" + "    x = 1\n" * 31 + "    ### END SOLUTION"
    with pytest.raises(CourseError, match="31 lines of solution"):
        rules.obey_rules([solution(region)])
    hidden = "check()\n" * 12 + "### BEGIN HIDDEN TESTS\n" + "check()\n" * 50 + "### END HIDDEN TESTS"
    rules.obey_rules([Cell(Path("e.py"), 1, "code", "3a-check", ("check",), hidden)])


def test_hidden_tests_are_taken_out_and_unpaired_markers_named() -> None:
    cell = Cell(Path("e.py"), 1, "code", "3a-check", ("check",), "a\n### BEGIN HIDDEN TESTS\nb\n### END HIDDEN TESTS\nc")
    assert rules.without_hidden(cell) == "a\nc"
    for source in ("### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"):
        with pytest.raises(CourseError, match="HIDDEN TESTS"):
            rules.without_hidden(Cell(Path("e.py"), 1, "code", "3a-check", ("check",), source))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('id="3a-check"', 'id="3a-tests"', "this is '3a-tests'"),
        ('id="3a-check" tags=["check"]', 'id="other"', "'3a-check' is missing"),
        ('id="3a-solution" tags=["exercise"]', 'id="3a-solution"', "must be a code cell with tags"),
    ],
)
def test_each_exercise_has_its_two_cells(course: Course, old: str, new: str, says: str) -> None:
    path = course.folder(course.lessons[0]) / "exercises.py"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(CourseError, match=says):
        rules.obey_exercise_rules(read_cells(path), course.lessons[0])
