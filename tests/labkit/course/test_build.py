from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from labkit.course import build
from labkit.course.syllabus import Course, CourseError


def make(course: Course, into: Path, *folders: str) -> dict[str, Any]:
    """Build into a folder; the notebooks by target."""
    jobs = [job for job in build.jobs_of(course, course.lessons) if not folders or job.folder in folders]
    build.build(course, jobs, into)
    return {job.folder: json.loads((into / job.target).read_text(encoding="utf-8")) for job in jobs}


def by_id(notebook: Any) -> dict[str, Any]:
    return {cell["id"]: cell for cell in notebook["cells"]}


def test_a_lesson_becomes_three_notebooks_and_twice_the_same_bytes(course: Course, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    built = make(course, first)
    make(course, second)
    assert list(built) == ["notebooks", "exercises", "solutions"]
    for folder in built:
        text = (first / folder / "03_tiny.ipynb").read_bytes()
        assert text == (second / folder / "03_tiny.ipynb").read_bytes()
        assert text.endswith(b"}\n")


def test_a_built_lesson_has_authored_ids_outputs_and_nothing_of_this_run(course: Course, tmp_path: Path) -> None:
    notebook = make(course, tmp_path, "notebooks")["notebooks"]
    cells = by_id(notebook)
    assert list(cells) == ["title", "ask", "look", "tell", "fall", "clock", "never"]
    assert cells["look"]["outputs"][0]["text"] == ["to stdout\n", "to stdout again\n"]
    assert cells["tell"]["outputs"][0]["text"] == ["It was A (2).\n", "1 and 1 are numbers\n"]
    assert cells["ask"]["outputs"][0]["data"]["text/plain"][0] == "Predict: What is 1 + 1?\n"
    assert cells["fall"]["outputs"][0]["ename"] == "ZeroDivisionError"
    assert cells["clock"]["outputs"] == []
    assert cells["clock"]["metadata"] == {"tags": ["varies", "nbval-ignore-output"]}
    assert cells["ask"]["metadata"]["jupyter"] == {"source_hidden": True}
    assert cells["never"]["execution_count"] is None
    assert "version" not in notebook["metadata"]["language_info"]
    assert "widget" not in json.dumps(notebook)


def test_exercises_have_neither_solutions_nor_hidden_tests_nor_outputs(course: Course, tmp_path: Path) -> None:
    built = make(course, tmp_path, "exercises", "solutions")
    given, complete = by_id(built["exercises"]), by_id(built["solutions"])
    assert given["3a-solution"]["source"][-1] == '    raise NotImplementedError("exercise 3a: write this part")'
    assert given["3a-check"]["source"] == ['check("add(1, 2)", 3, why="one and two are three")']
    assert (given["3a-check"]["metadata"]["editable"], given["3a-solution"]["metadata"]["editable"]) == (False, True)
    assert all(not cell["outputs"] for cell in given.values() if cell["cell_type"] == "code")
    assert complete["3a-check"]["outputs"][0]["text"] == ["✓ add(1, 2) → 3\n", "✓ add(2, 2) → 4\n"]
    assert "### BEGIN SOLUTION" in "".join(complete["3a-solution"]["source"])


def test_nbgrader_finds_its_metadata(course: Course, tmp_path: Path) -> None:
    """As nbgrader's schema 3 asks: required keys, no others, points only where a cell is graded."""
    cells = by_id(make(course, tmp_path, "exercises")["exercises"])
    written, checked = (cells[f"3a-{part}"]["metadata"]["nbgrader"] for part in ("solution", "check"))
    common = {"schema_version": 3, "task": False, "cell_type": "code"}
    assert written == {**common, "grade_id": "3a-solution", "grade": False, "solution": True, "locked": False}
    assert checked == {**common, "grade_id": "3a-check", "grade": True, "solution": False, "locked": True, "points": 2}


def add_cell(course: Course, cell: str) -> None:
    path = course.folder(course.lessons[0]) / "lesson.py"
    path.write_text(path.read_text(encoding="utf-8") + "\n" + cell, encoding="utf-8")


def test_a_cell_of_c_is_a_comment_in_the_source_and_a_magic_in_the_notebook(tmp_path: Path) -> None:
    source = tmp_path / "lesson.py"
    head = '# %% id="in-c" tags=["demo"] language="kmodule" magic_args="life --wait 0.5"'
    source.write_text(f"{head}\n# #include <linux/module.h>\n#\n# static int f(void)\n# {{\n# \treturn 1 % 2;\n# }}\n")
    compile(source.read_text(), source, "exec")
    (cell,) = build.read_cells(source)
    assert (cell.id, cell.tags, cell.extra) == ("in-c", ("demo",), {})
    assert cell.source == "%%kmodule life --wait 0.5\n#include <linux/module.h>\n\nstatic int f(void)\n{\n\treturn 1 % 2;\n}"
    source.write_text(f"{head.replace('kmodule', 'cthreads')}\n# int main(void) {{ return 1 % 2; }}\n")
    (cell,) = build.read_cells(source)
    assert cell.source == "%%cthreads life --wait 0.5\nint main(void) { return 1 % 2; }"


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ('# %% id="bad"\nraise ValueError("oh no")\n', r"notebooks/03_tiny\.ipynb, cell 'bad' raised ValueError: oh no"),
        ('# %% id="bad"\nimport os\nos._exit(1)\n', "cell 'bad' ended the Jupyter kernel"),
        ('# %% id="bad"\nwhile True: pass\n', "cell 'bad' did not end within 3 s"),
        ('# %% id="bad"\nobject()\n', "cell 'bad': 'at 0x.*' in its output changes with every run"),
    ],
)
def test_a_cell_that_may_not_be_stored_fails_the_build_and_nothing_is_written(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cell: str, says: str
) -> None:
    monkeypatch.setattr(build, "CELL_TIMEOUT_S", 3)
    add_cell(course, cell)
    with pytest.raises(CourseError, match=says):
        make(course, tmp_path / "out", "notebooks")
    assert not (tmp_path / "out").exists()


def test_stale_missing_and_orphaned_notebooks_are_named(course: Course) -> None:
    jobs = [job for job in build.jobs_of(course, course.lessons) if job.folder == "exercises"]
    assert build.differences(course, jobs) == ["exercises/03_tiny.ipynb: not built yet"]
    build.build(course, jobs, course.root)
    assert build.differences(course, jobs) == []
    path = course.folder(course.lessons[0]) / "exercises.py"
    path.write_text(path.read_text(encoding="utf-8").replace("add(1, 2)", "add(1, 3)"), encoding="utf-8")
    (course.root / "exercises" / "09_gone.ipynb").write_text("{}", encoding="utf-8")
    assert build.differences(course, jobs) == [
        "exercises/03_tiny.ipynb: differs first in cell '3a-check'",
        "exercises/09_gone.ipynb: no lesson makes it any more",
    ]
