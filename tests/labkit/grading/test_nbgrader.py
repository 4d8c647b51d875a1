"""The real nbgrader takes our source: it makes the students' notebooks of it, and grades them as labkit does."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from labkit.cli import main
from labkit.grading import standing
from labkit.grading.gradebook import Gradebook
from labkit.grading.release import nbgrader_source
from labkit.grading.submission import collect
from tests.labkit.grading import kit, nbgrader

RELEASED, GRADED = (3, 6), 6


def hand_in(course: Path, student: str, lesson: int, written: dict[str, str]) -> None:
    """nbgrader's own release, filled in, where nbgrader collects it."""
    name = kit.course().lesson(lesson).name
    data = json.loads((course / "release" / name / f"{name}.ipynb").read_text(encoding="utf-8"))
    for cell in data["cells"]:
        if cell["id"].endswith("-solution") and (id := cell["id"].removesuffix("-solution")) in written:
            cell["source"] = written[id]
    path = course / "submitted" / student / name / f"{name}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(data), encoding="utf-8")


def gives_none(lesson: int) -> dict[str, str]:
    """Every exercise as somebody leaves it who deletes what raises."""
    return {id: one.stub.replace(f'raise NotImplementedError("exercise {id}: write this part")', "return None")
            for id, one in kit.problems(lesson).items()}  # fmt: skip


@pytest.mark.requires("nbgrader")
def test_nbgrader_and_labkit_give_the_same_points(tmp_path: Path) -> None:
    course = tmp_path / "course"
    for lesson in map(kit.course().lesson, RELEASED):
        nbgrader_source(kit.course(), lesson, course)
        nbgrader.run(course, "nbgrader", "generate_assignment", lesson.name)
        given = (course / "release" / lesson.name / f"{lesson.name}.ipynb").read_text(encoding="utf-8")
        assert "YOUR CODE HERE" in given
        assert "BEGIN" not in given
    hand_in(course, "ada", GRADED, kit.solutions(GRADED))
    hand_in(course, "bob", GRADED, gives_none(GRADED))
    hand_in(course, "eve", GRADED, {})
    nbgrader.run(course, "nbgrader", "autograde", kit.course().lesson(GRADED).name)
    theirs = nbgrader.grades(course)

    # the folder tree of nbgrader is collected by labkit as it is
    done = CliRunner().invoke(main, ["grade", str(course / "submitted"), "--out", str(tmp_path / "out"), "-j", "2"])
    assert done.exit_code == 0, done.output
    book = Gradebook(tmp_path / "out" / "grades.sqlite")
    found = standing.grades(book, kit.course())
    book.close()
    ours = {(grade.student, row.exercise): row.result for grade in found for row in grade.rows}
    assert {student for student, _ in ours} == {"ada", "bob", "eve"}
    whole = {key: result for key, result in ours.items() if result.points in (0, result.out_of)}
    assert {key: result.points for key, result in whole.items()} == {key: theirs[key] for key in whole}
    # nbgrader knows no part of a check cell: what labkit gives some points for, it gives none
    assert all(theirs[key] == 0 for key in ours.keys() - whole.keys())
    assert theirs.keys() == ours.keys()
    assert {result.state for (student, _), result in ours.items() if student == "eve"} == {"not attempted"}
    assert {result.state for (student, _), result in ours.items() if student == "ada"} == {"passed"}


def test_folders_of_nbgrader_are_collected_as_they_are(tmp_path: Path) -> None:
    for student in ("ada", "bob"):
        path = tmp_path / "submitted" / student / "06_races" / "06_races.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text("{}", encoding="utf-8")
        (path.parent / "timestamp.txt").write_text("2026-11-24 10:00:00 UTC", encoding="utf-8")
    assert [(each.student, each.lesson) for each in collect([tmp_path / "submitted"])] == [("ada", 6), ("bob", 6)]
