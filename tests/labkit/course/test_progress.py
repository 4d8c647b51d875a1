from __future__ import annotations

import json
import multiprocessing
import threading
from pathlib import Path
from typing import Any

import pytest

from labkit.course import progress
from labkit.course.progress import change_progress, progress_file, read_progress


@pytest.fixture(autouse=True)
def fresh(progress_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(progress, "_in_memory", None)
    return progress_dir


def add_hint(id: str) -> None:
    def one_more(data: dict[str, Any]) -> None:
        data["hints"][id] = data["hints"].get(id, 0) + 1

    change_progress(one_more)


def add_many(folder: str, id: str) -> None:
    """In another process: two notebooks at once."""
    import os

    os.environ["LABKIT_PROGRESS_DIR"] = folder
    for _ in range(50):
        add_hint(id)


def test_a_change_is_there_for_the_next_reader() -> None:
    assert read_progress() == {"format": 1, "predictions": {}, "hints": {}}
    add_hint("3a")
    add_hint("3a")
    assert read_progress()["hints"] == {"3a": 2}
    assert sorted(path.name for path in progress_file().parent.iterdir()) == ["progress.json", "progress.lock"]


def test_two_notebooks_and_two_threads_lose_no_change(fresh: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=add_many, args=(str(fresh), "3a")) for _ in range(2)]
    threads = [threading.Thread(target=add_many, args=(str(fresh), "3a")) for _ in range(2)]
    for each in (*processes, *threads):
        each.start()
    for each in (*processes, *threads):
        each.join()
    assert read_progress()["hints"] == {"3a": 200}


@pytest.mark.parametrize("text", ["{", "[]", '{"predictions": {}}', '{"predictions": [], "hints": {}}', "\xff"])
def test_a_file_that_cannot_be_read_is_moved_aside_and_said(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = progress_file()
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="latin-1")
    add_hint("3a")
    assert "could not be read; it is kept as" in capsys.readouterr().out
    (aside,) = path.parent.glob("progress.unreadable-*.json")
    assert aside.read_text(encoding="latin-1") == text
    assert read_progress()["hints"] == {"3a": 1}


def test_what_a_later_version_wrote_is_kept() -> None:
    path = progress_file()
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"predictions": {}, "hints": {}, "badges": [1]}), encoding="utf-8")
    add_hint("3a")
    assert json.loads(path.read_text(encoding="utf-8"))["badges"] == [1]


def test_a_folder_that_cannot_be_written_is_said_once_and_the_lesson_goes_on(
    fresh: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fresh.write_text("a file where the folder should be", encoding="utf-8")
    add_hint("3a")
    add_hint("3a")
    assert capsys.readouterr().out.count("cannot be written") == 1
    assert read_progress()["hints"] == {"3a": 2}


def test_a_failed_write_leaves_the_old_file_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    add_hint("3a")
    with pytest.raises(TypeError):
        change_progress(lambda data: data["hints"].update({"3b": object()}))
    assert read_progress()["hints"] == {"3a": 1}
    assert not list(progress_file().parent.glob("*.tmp"))


def test_all_notebooks_of_a_work_folder_share_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LABKIT_PROGRESS_DIR")
    (tmp_path / "work" / ".labkit").mkdir(parents=True)
    (tmp_path / "work" / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "work" / "notebooks")
    assert progress_file() == tmp_path / "work" / ".labkit" / "progress.json"
    (tmp_path / "alone").mkdir()
    monkeypatch.chdir(tmp_path / "alone")
    assert progress_file() == tmp_path / "alone" / ".labkit" / "progress.json"
