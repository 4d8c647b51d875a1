from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from labkit.cli import main

COURSE = '[course]\ntitle = "T"\n\n[[lesson]]\nnumber = 3\nslug = "tiny"\ntitle = "Tiny"\nminutes = 5\n'


@pytest.fixture(autouse=True)
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "course.toml").write_text(COURSE, encoding="utf-8")
    monkeypatch.setenv("LABKIT_COURSE_DIR", str(tmp_path))
    return tmp_path


def labkit(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def test_the_menu_lists_every_command_with_a_sentence() -> None:
    shown = labkit("--help").output
    for command in main.commands.values():
        assert command.help
        assert f"  {command.name}  " in shown


def test_help_loads_nothing_heavy() -> None:
    code = "import sys, labkit.cli; print(sorted({'rich', 'jupytext', 'nbformat', 'ipywidgets', 'IPython'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_without_a_written_lesson_build_says_so_and_succeeds() -> None:
    for words in (["build"], ["build", "3"], ["build", "--check"]):
        result = labkit(*words)
        assert "No lesson is written yet" in result.output
        assert result.exit_code == 0


def test_build_makes_notebooks_and_check_tells_when_they_are_stale(course: Path) -> None:
    lesson = course / "lessons" / "03_tiny" / "lesson.py"
    lesson.parent.mkdir(parents=True)
    lesson.write_text('# %% [markdown] id="title"\n# # Tiny\n', encoding="utf-8")
    assert "Built 1 notebook" in labkit("build", "3").output
    assert "fresh" in labkit("build", "--check").output
    lesson.write_text('# %% [markdown] id="title"\n# # Other\n', encoding="utf-8")
    stale = labkit("build", "--check")
    assert "notebooks/03_tiny.ipynb: differs first in cell 'title'" in stale.output
    assert stale.exit_code == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["build", "7"], "there is no lesson 7 in course.toml; it has 3"),
        (["build", "x"], "'x' is not a valid integer"),
        (["new-lesson", "races"], "'races' is not the name of a lesson"),
        (["new-exercise", "04_none", "4a"], "there is no lesson '04_none'"),
        (["lab", "--port", "0"], "0 is not in the range"),
        (["dance"], "No such command 'dance'"),
    ],
)
def test_a_mistake_is_answered_with_a_sentence(words: list[str], says: str) -> None:
    result = labkit(*words)
    assert says in result.output
    assert "Traceback" not in result.output
    assert result.exit_code in (1, 2)


def test_a_lesson_and_an_exercise_are_begun(course: Path) -> None:
    assert labkit("new-lesson", "06_races").exit_code == 0
    assert labkit("new-exercise", "06_races", "6a", "Find it").exit_code == 0
    assert (course / "tests" / "exercises" / "mutants" / "06" / "6a.py").is_file()


def test_the_doctor_looks_at_every_lesson() -> None:
    result = labkit("doctor")
    assert "3. Tiny: ready" in result.output
    assert result.exit_code == 0
