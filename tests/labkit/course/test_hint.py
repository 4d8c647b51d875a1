from __future__ import annotations

from pathlib import Path

import pytest

from labkit.course import hint, progress
from labkit.course.syllabus import Course

Text = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def student(in_course: Course, progress_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_in_memory", None)


def test_hints_come_one_at_a_time_and_end(capsys: Text) -> None:
    for _ in range(3):
        hint("3a")
    assert capsys.readouterr().out.splitlines() == [
        "Hint 1 of 3 for 3a (a nudge): What is a sum?",
        "Hint 2 of 3 for 3a (a pointer): There is an operator.",
        "Hint 3 of 3 for 3a (nearly the answer): return a + b",
    ]
    hint("3a")
    assert "no more hints for 3a" in capsys.readouterr().out
    assert progress.read_progress()["hints"] == {"3a": 3}


@pytest.mark.parametrize(("id", "says"), [("3z", "Lesson 3 has: 3a"), ("x", "The course has: 3a"), ("9a", "The course has: 3a")])
def test_an_unknown_exercise_is_answered_with_the_known_ones(id: str, says: str, capsys: Text) -> None:
    hint(id)
    assert says in capsys.readouterr().out


def test_without_a_course_hint_says_so(tmp_path: Path, capsys: Text, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABKIT_COURSE_DIR", str(tmp_path / "nowhere"))
    hint("3a")
    assert "No hints here: no course.toml found" in capsys.readouterr().out
