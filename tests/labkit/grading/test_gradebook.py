"""The gradebook's file: whole or not at all, and whatever is wrong with it is a sentence with its cure."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
from pathlib import Path

import pytest

from labkit.errors import LabError
from labkit.grading.exercise import Result
from labkit.grading.gradebook import Decision, File, Gradebook
from labkit.grading.lock import only_one

RESULT = Result("1a", "needs review", 2.0, 5.0, earns=5.0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "out" / "grades.sqlite"


def filled(path: Path) -> Gradebook:
    book = Gradebook(path)
    with book.together():
        book.enter(File("ada", 1, 1, "ada/01.ipynb", "d", "", "", {"": ["a remark"]}), {"1a": "key"})
    book.keep("key", RESULT)
    return book


def refused(path: Path) -> str:
    with pytest.raises(LabError) as caught:
        Gradebook(path).close()
    assert str(path) in str(caught.value)
    return str(caught.value)


def test_what_is_kept_comes_back(path: Path) -> None:
    filled(path).close()
    book = Gradebook(path)
    (row,) = book.rows()
    (file,) = book.files()
    assert (row.student, row.exercise, row.result, file.remarks) == ("ada", "1a", RESULT, {"": ["a remark"]})
    assert book.known() == {"key"}
    book.close()


def _enter_and_fail(book: Gradebook) -> None:
    book.enter(File("bob", 1, 1, "", "", "", "", {}), {"1a": "key"})
    raise ZeroDivisionError


def test_all_of_a_change_or_none_of_it(path: Path) -> None:
    book = filled(path)
    with pytest.raises(ZeroDivisionError), book.together():
        _enter_and_fail(book)
    assert [file.student for file in book.files()] == ["ada"]
    book.close()


def test_each_grading_leaves_a_trace(path: Path) -> None:
    book = filled(path)
    book.keep("key", RESULT)
    assert book.base.execute("SELECT key FROM graded WHERE run = ?", (book.run,)).fetchall() == [("key",)] * 2
    book.close()


def test_a_decision_holds_for_its_work_alone_and_the_last_counts(path: Path) -> None:
    book = filled(path)
    assert [row.student for row in book.undecided()] == ["ada"]
    for points in (0.0, 5.0):
        book.decide(Decision("ada", "1a", "key", points, "tom", "2026-11-24 10:00:00+00:00", "she told me"))
    assert book.undecided() == []
    assert str(book.decisions()["ada", "1a", "key"]) == "5 points, decided by tom on 2026-11-24: she told me"
    assert book.base.execute("SELECT count(*) FROM decision").fetchone() == (2,)
    with book.together():
        book.enter(File("ada", 1, 2, "", "", "", "", {}), {"1a": "another key"})
    book.keep("another key", RESULT)
    assert [(row.student, row.number) for row in book.undecided()] == [("ada", 2)]
    book.close()


def test_another_programs_file_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("student,points\nada,3\n" * 100, encoding="utf-8")
    assert "another file" in refused(path)
    assert path.read_text(encoding="utf-8").startswith("student,points")


def test_another_programs_data_base_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    base = sqlite3.connect(path)
    base.execute("CREATE TABLE bookmarks (url)")
    base.close()
    assert "another program's data base" in refused(path)


@pytest.mark.parametrize(("version", "said"), [(99, "a newer labkit: use that one"), (1, "an older labkit: move it away")])
def test_another_versions_gradebook_says_which(path: Path, version: int, said: str) -> None:
    book = filled(path)
    book.base.execute(f"PRAGMA user_version = {version}")
    book.close()
    assert said in refused(path)


@pytest.mark.parametrize("part", [0.3, 0.7])
def test_a_gradebook_that_was_cut_off_is_seen(path: Path, part: float) -> None:
    filled(path).close()
    os.truncate(path, int(path.stat().st_size * part))
    assert "damaged" in refused(path)


def _keep_much(book: Gradebook) -> None:
    for number in range(100):
        book.keep(f"key {number}", Result("1a", "x" * 4000, 0.0, 5.0))


def test_a_full_disk_is_told_and_loses_nothing(path: Path) -> None:
    book = filled(path)
    (pages,) = book.base.execute("PRAGMA page_count").fetchone()
    book.base.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(LabError, match="the disk is full: make room"):
        _keep_much(book)
    whole = {key for (key,) in book.base.execute("SELECT key FROM graded")}
    assert whole == book.known()
    book.close()
    Gradebook(path).close()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere: run the tests as an ordinary user, as CI does")
def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir(mode=0o500)
    with pytest.raises(LabError, match="give --out a folder that you may write to"), only_one(tmp_path / "out"):
        pass


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(LabError, match="give --out a folder that you may write to"), only_one(tmp_path / "file" / "out"):
        pass


def test_no_gradebook_is_made_where_one_should_be(path: Path) -> None:
    with pytest.raises(LabError, match="grade first"):
        Gradebook(path, make=False)
    assert not path.exists()


def _hold(folder: Path, held: object, go: object) -> None:
    with only_one(folder):
        held.set()  # type: ignore[attr-defined]
        go.wait()  # type: ignore[attr-defined]


def test_one_grading_at_a_time_and_a_killed_one_holds_nothing(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    held, go = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(tmp_path, held, go))
    other.start()
    assert held.wait(60)
    with pytest.raises(LabError, match=rf"another labkit \(process {other.pid}\) is at work"), only_one(tmp_path):
        pass
    other.kill()
    other.join()
    other.close()
    with only_one(tmp_path):
        pass
