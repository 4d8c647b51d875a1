"""What students get: never a solution, never a hidden test; and a number by which an old release is known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from labkit.cli import main
from labkit.course import rules
from labkit.course.build import read_cells
from labkit.course.syllabus import Course, CourseError, load_course
from labkit.errors import LabError
from labkit.grading import release as releases
from labkit.grading import session
from labkit.grading.gradebook import Gradebook
from labkit.grading.release import nbgrader_source, release
from labkit.grading.submission import collect
from tests.labkit.grading import kit

WITH_EXERCISES = [each for each in kit.course().lessons if (kit.course().folder(each) / "exercises.py").is_file()]


@pytest.fixture
def own_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """The course in another place, so that its list of releases may be written."""
    root = tmp_path / "course"
    root.mkdir()
    (root / "course.toml").write_text((kit.ROOT / "course.toml").read_text(encoding="utf-8"), encoding="utf-8")
    (root / "lessons").symlink_to(kit.ROOT / "lessons")
    monkeypatch.setenv("LABKIT_COURSE_DIR", str(root))
    return load_course(root)


def labkit(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["release", *map(str, words)])


def secrets(path: Path) -> list[str]:
    """Every solution, and every line of a hidden test, as they stand in the course."""
    found = []
    for cell in read_cells(path):
        if "exercise" in cell.tags:
            found += ["\n".join(region).strip() for region in rules.split_solution(cell)[1]]
        elif "check" in cell.tags:
            shown = set(rules.without_hidden(cell).splitlines())
            marks = {rules.BEGIN_HIDDEN, rules.END_HIDDEN, "", "check(", ")"}
            found += [line for line in cell.source.splitlines() if line not in shown and line.strip() not in marks]
    return found


@pytest.mark.parametrize("lesson", WITH_EXERCISES, ids=lambda lesson: lesson.name)
def test_no_solution_and_no_hidden_test_is_released(lesson: releases.Lesson, tmp_path: Path) -> None:
    notebook = json.loads(release(kit.course(), lesson, tmp_path).read_text(encoding="utf-8"))
    hidden = secrets(kit.course().folder(lesson) / "exercises.py")
    assert hidden
    text = "\n\n".join("".join(cell["source"]) for cell in notebook["cells"])
    assert [each for each in hidden if each in text] == []
    assert "### BEGIN" not in text
    assert all(not cell.get("outputs") for cell in notebook["cells"])
    assert notebook["metadata"]["labkit"] == {"lesson": lesson.name, "release": releases.released(kit.course(), lesson)}


def test_command_writes_the_lessons_that_are_asked_for(own_course: Course) -> None:
    to = own_course.root / "out"
    done = labkit("06", "3", "--to", to)
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in to.iterdir()) == ["03_cooperative.ipynb", "06_races.ipynb"]
    assert list(releases.releases(own_course)) == ["06_races", "03_cooperative"]


def test_lesson_that_is_not_there_is_named_with_those_that_are(own_course: Course) -> None:
    done = labkit("99", "--to", own_course.root / "out")
    assert done.exit_code == 1
    assert "there is no lesson 99 in course.toml; it has 1, 2, 3" in done.output
    assert not (own_course.root / "out").exists()


def test_lesson_without_exercises_cannot_be_released(own_course: Course, tmp_path: Path) -> None:
    (own_course.root / "lessons").unlink()
    with pytest.raises(CourseError, match="lesson 6 has no exercises to release"):
        release(own_course, own_course.lesson(6), tmp_path / "out")


def test_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(LabError, match="cannot be written"):
        release(kit.course(), kit.course().lesson(6), tmp_path / "file" / "out")


def test_older_release_is_replaced_but_nobodys_work(tmp_path: Path) -> None:
    lesson = kit.course().lesson(6)
    path = release(kit.course(), lesson, tmp_path)
    fresh = path.read_text(encoding="utf-8")
    older = json.loads(fresh)
    older["cells"][0]["source"] = ["# An older title"]
    older["metadata"]["labkit"]["release"] = releases.number(older)
    path.write_text(json.dumps(older), encoding="utf-8")
    release(kit.course(), lesson, tmp_path)
    assert path.read_text(encoding="utf-8") == fresh

    older["cells"][0]["source"] = ["# My notes"]
    for theirs in (json.dumps(older), "no notebook", "[]", '{"cells": 3, "metadata": {"labkit": {}}}'):
        path.write_text(theirs, encoding="utf-8")
        with pytest.raises(LabError, match="--force"):
            release(kit.course(), lesson, tmp_path)
        assert path.read_text(encoding="utf-8") == theirs
    release(kit.course(), lesson, tmp_path, force=True)
    assert path.read_text(encoding="utf-8") == fresh


def test_source_for_nbgrader_has_the_solutions_and_keeps_its_settings(tmp_path: Path) -> None:
    lesson = kit.course().lesson(6)
    path = nbgrader_source(kit.course(), lesson, tmp_path)
    assert path == tmp_path / "source" / "06_races" / "06_races.ipynb"
    cells = {cell["id"]: cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]}
    assert "".join(cells["6b-solution"]["source"]) == kit.solutions(6)["6b"]
    assert cells["6b-check"]["metadata"]["nbgrader"]["points"] == lesson.exercise("6b").points
    assert "BEGIN HIDDEN TESTS" in "".join(cells["6b-check"]["source"])
    config = tmp_path / "nbgrader_config.py"
    compile(config.read_text(encoding="utf-8"), config, "exec")
    config.write_text("# mine", encoding="utf-8")
    nbgrader_source(kit.course(), lesson, tmp_path)
    assert config.read_text(encoding="utf-8") == "# mine"


def test_submission_of_an_older_release_is_told(own_course: Course, tmp_path: Path) -> None:
    lesson = own_course.lesson(6)
    now = json.loads(release(own_course, lesson, tmp_path).read_text(encoding="utf-8"))
    for student, number in {"ada": now["metadata"]["labkit"]["release"], "bob": "000000000000"}.items():
        now["metadata"]["labkit"]["release"] = number
        path = tmp_path / "in" / student / "06_races.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(now), encoding="utf-8")

    def remarks() -> dict[str, list[str]]:
        book = Gradebook(tmp_path / "grades.sqlite")
        session.enter(own_course, collect([tmp_path / "in"]), book)
        found = {file.student: file.remarks.get("", []) for file in book.files()}
        book.close()
        return found

    assert remarks() == {"ada": [], "bob": []}  # nothing is known of a release
    releases.enter(own_course, lesson)
    assert [student for student, told in remarks().items() if "older release" in " ".join(told)] == ["bob"]


def test_release_made_again_is_the_last_one_again(own_course: Course) -> None:
    lesson = own_course.lesson(6)
    today = releases.released(own_course, lesson)
    releases.enter(own_course, lesson)
    path = own_course.root / releases.RELEASES
    path.write_text(json.dumps({lesson.name: {today: "2026-01-01", "feedfeedfeed": "2026-02-02"}}), encoding="utf-8")
    assert releases.latest(own_course, lesson) == "feedfeedfeed"
    releases.enter(own_course, lesson)
    assert list(releases.releases(own_course)[lesson.name]) == ["feedfeedfeed", today]


@pytest.mark.parametrize("text", ["", "[]", '{"06_races": 1}', "\x00"])
def test_damaged_list_of_releases_is_told(own_course: Course, text: str) -> None:
    (own_course.root / releases.RELEASES).write_text(text, encoding="utf-8")
    with pytest.raises(LabError, match=r"releases\.json cannot be read"):
        releases.releases(own_course)
