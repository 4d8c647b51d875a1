from __future__ import annotations

import json
from pathlib import Path

import pytest

from labkit.course.syllabus import Course
from labkit.course.work import Change, update_work
from labkit.errors import LabError

LESSON = "notebooks/03_tiny.ipynb"


def write_lesson(course: Course, text: str) -> None:
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": [text], "outputs": [1], "execution_count": 1}
    path = course.root / LESSON
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), encoding="utf-8")


@pytest.fixture
def work(course: Course, tmp_path: Path) -> Path:
    """A work folder with version 1 of a lesson."""
    write_lesson(course, "version 1")
    assert [change.what for change in update_work(course, tmp_path / "work")] == ["added", "added"]
    return tmp_path / "work"


def source(path: Path) -> str:
    return "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"])


def test_a_copy_has_no_outputs_to_spoil_a_prediction(work: Path) -> None:
    (cell,) = json.loads((work / LESSON).read_text(encoding="utf-8"))["cells"]
    assert (cell["outputs"], cell["execution_count"]) == ([], None)


def test_the_first_page_links_every_notebook_there_is(work: Path) -> None:
    text = (work / "START-HERE.ipynb").read_text(encoding="utf-8")
    assert "[The lesson](notebooks/03_tiny.ipynb), about 5 minutes" in text
    assert "(exercises/" not in text


def test_an_untouched_file_is_brought_up_to_date(course: Course, work: Path) -> None:
    assert update_work(course, work) == []
    write_lesson(course, "version 2")
    assert update_work(course, work) == [Change(LESSON, "updated")]
    assert source(work / LESSON) == "version 2"


def test_what_a_student_changed_is_never_overwritten(course: Course, work: Path) -> None:
    mine = (work / LESSON).read_text(encoding="utf-8").replace("version 1", "mine")
    (work / LESSON).write_text(mine, encoding="utf-8")
    assert update_work(course, work) == []
    write_lesson(course, "version 2")
    assert update_work(course, work) == [Change(LESSON, "kept", "notebooks/03_tiny.new.ipynb")]
    assert (work / LESSON).read_text(encoding="utf-8") == mine
    assert source(work / "notebooks/03_tiny.new.ipynb") == "version 2"
    assert update_work(course, work) == []


def test_without_its_manifest_every_file_counts_as_changed(course: Course, work: Path) -> None:
    (work / ".labkit" / "handed-out.json").write_text("{", encoding="utf-8")
    write_lesson(course, "version 2")
    assert [change.what for change in update_work(course, work)] == ["kept"]
    assert source(work / LESSON) == "version 1"


def test_a_deleted_file_comes_back(course: Course, work: Path) -> None:
    (work / LESSON).unlink()
    assert update_work(course, work) == [Change(LESSON, "added")]


def test_a_place_where_nothing_can_be_written_is_named(course: Course, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(LabError, match=r"file.* cannot be written.*--dir"):
        update_work(course, tmp_path / "file")
    with pytest.raises(LabError, match="is the course itself"):
        update_work(course, course.root)
