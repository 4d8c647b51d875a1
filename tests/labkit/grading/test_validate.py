"""What a student is told before handing in: as the grader would, of the checks that can be seen, wherever Python runs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from labkit.cli import main
from labkit.errors import LabError
from labkit.grading import confine, judge
from labkit.grading.exercise import grade, unit
from labkit.grading.ownnotebook import read_own
from labkit.grading.ownprocess import OwnProcess
from labkit.grading.plan import Check
from labkit.grading.validate import find_notebook
from tests.labkit.grading import kit

LESSONS = [lesson.number for lesson in kit.course().lessons]
NO_COURSE = {"LABKIT_COURSE_DIR": "/nowhere"}


def saved(folder: Path, lesson: int, written: dict[str, str]) -> Path:
    """A notebook as a student has it."""
    path = folder / "exercises" / f"{kit.course().lesson(lesson).name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(kit.notebook(lesson, written, folder / "released"))
    return path


def validated(path: Path | str, *options: str, **environment: str) -> Result:
    return CliRunner().invoke(main, ["validate", str(path), *options], env={"COLUMNS": "120", **environment})


def edited(path: Path, change: Any) -> Path:
    """The notebook after a change of its cells."""
    notebook = json.loads(path.read_bytes())
    notebook["cells"] = change(notebook["cells"])
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


# ---- which checks


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_checks_are_those_of_the_grader_that_can_be_seen(lesson: int, tmp_path: Path) -> None:
    own = read_own(saved(tmp_path, lesson, kit.solutions(lesson)), kit.course())
    mine = {problem.exercise.id: problem.checks for problem in own.problems}
    assert mine == {id: tuple(check for check in each.checks if not check.hidden) for id, each in kit.problems(lesson).items()}
    assert own.remarks == {}
    for problem in own.problems:
        real = kit.problems(lesson)[problem.exercise.id]
        assert problem.stub == real.stub
        here, there = (next(s for s in each.steps if s.exercise == problem.exercise.id) for each in (problem, real))
        assert here.defines == there.defines


@pytest.mark.parametrize("lesson", LESSONS)
def test_without_the_course_the_notebook_alone_says_the_same(lesson: int, tmp_path: Path) -> None:
    path = saved(tmp_path, lesson, kit.solutions(lesson))
    alone, beside = read_own(path, None), read_own(path, kit.course())
    assert [each.exercise.id for each in alone.problems] == [each.exercise.id for each in beside.problems]
    assert [each.checks for each in alone.problems] == [each.checks for each in beside.problems]
    assert alone.solutions == beside.solutions
    assert not alone.beside


# ---- the command


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """A notebook that is right, and what is said of it."""
    path = saved(tmp_path_factory.mktemp("right"), 9, kit.solutions(9))
    return path, validated(path)


def test_a_right_notebook_passes_with_exit_code_0(right: tuple[Path, Result]) -> None:
    assert right[1].exit_code == 0, right[1].output
    assert "looks fine" in right[1].output
    for exercise in kit.course().lesson(9).exercises:
        assert exercise.title in right[1].output


def test_what_is_wrong_or_unwritten_is_named_with_its_reason_and_hint(tmp_path: Path) -> None:
    solution = kit.solutions(9)
    broken = {"9a": solution["9a"].replace("return", "return None or", 1), "9b": "def is_kthread(:\n"}
    done = validated(saved(tmp_path, 9, broken))
    assert done.exit_code == 1
    assert "9b" in done.output
    assert "SyntaxError" in done.output
    assert "hint('9b')" in done.output
    assert "Not written yet: 9c, 9d, 9e" in done.output
    assert "Traceback" not in done.output


def test_no_hidden_test_is_told_or_run(right: tuple[Path, Result]) -> None:
    own = read_own(right[0], kit.course())
    assert not any(check.hidden for problem in own.problems for check in problem.checks)
    for problem in kit.problems(9).values():
        for check in problem.checks:
            assert not check.hidden or check.expression not in right[1].output


def test_a_solution_cell_that_is_gone_is_said_to_be_missing(tmp_path: Path) -> None:
    path = edited(saved(tmp_path, 9, {}), lambda cells: [cell for cell in cells if cell["id"] != "9c-solution"])
    done = validated(path)
    assert done.exit_code == 1
    assert "These cells are missing: 9c-solution" in done.output


def test_a_check_cell_that_was_changed_changes_nothing(tmp_path: Path) -> None:
    def cheat(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [cell | {"source": 'check("1", 1, why="")'} if cell["id"] == "9b-check" else cell for cell in cells]

    own = read_own(edited(saved(tmp_path, 9, {}), cheat), kit.course())
    problem = next(each for each in own.problems if each.exercise.id == "9b")
    assert len(problem.checks) > 1
    assert "9b-check" in " ".join(own.remarks[""])
    alone = read_own(edited(saved(tmp_path, 9, {}), lambda cells: [c for c in cells if c["id"] != "9b-check"]), None)
    assert "9b" not in {each.exercise.id for each in alone.problems}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"), (b"<html>", "web page"), (b"{}", "no cells"), (b"[]", "no notebook"), (b'{"cells": [', "cut off"),
        (b'{"cells": []}', "no exercises"), (b"\xff\xfe\x00", ""),
    ],
)  # fmt: skip
def test_an_odd_file_is_told_in_a_sentence(data: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "06_odd.ipynb" if data != b'{"cells": []}' else tmp_path / "odd.ipynb"
    path.write_bytes(data)
    done = validated(path)
    assert done.exit_code == 1
    assert said in done.output
    assert "Traceback" not in done.output
    assert str(path.name) in done.output


def test_a_notebook_is_found_by_its_file_by_its_number_and_in_the_work_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path / "work", 9, {})
    monkeypatch.chdir(tmp_path)
    for named in ("9", "09", "work/exercises/09.ipynb", "work/exercises/9.ipynb", str(path)):
        assert find_notebook(named, None).resolve() == path.resolve()
    for named in ("10", "none.ipynb", "work", "work/exercises/10.ipynb"):
        with pytest.raises(LabError):
            find_notebook(named, None)


def test_what_the_course_hands_out_is_not_taken_for_a_students(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(kit.ROOT)
    monkeypatch.setattr("labkit.grading.validate.WORK", ("exercises",))
    with pytest.raises(LabError, match="lesson 9 has no notebook in"):
        find_notebook("9", kit.course())


# ---- without a sandbox


@pytest.fixture(scope="module")
def own_process() -> OwnProcess:
    return OwnProcess()


@pytest.mark.parametrize(
    ("body", "state"),
    [
        ("return 3", judge.PASSED), ("return 4", judge.FAILED),
        ("raise NotImplementedError", judge.NOT_ATTEMPTED),
        ("import os; os._exit(0)", judge.CRASHED), ("import os; os.kill(os.getpid(), 9)", judge.CRASHED),
        ("while True: pass", judge.TIMEOUT), ("print('x' * 2_000_000); return 3", judge.OUTPUT),
        ("raise MemoryError", judge.MEMORY),
    ],
)  # fmt: skip
def test_a_plain_child_process_ends_in_the_same_states(body: str, state: str, own_process: OwnProcess) -> None:
    problem = kit.problems(9)["9a"]
    step = replace(problem.steps[-1], cell="9a-solution", source="", exercise="9a", defines=frozenset({"f"}))
    small = replace(problem, steps=(step,), checks=(Check("f()", 3, "three", limit_s=0.5),))
    assert grade(unit(small, {"9a": f"def f():\n    {body}\n"}), own_process).state == state  # type: ignore[arg-type]


def test_without_sandbox_and_course_the_result_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confine, "missing", lambda: ["everything"])
    path = saved(tmp_path, 9, {id: kit.solutions(9)[id] for id in ("9b", "9e")})
    done = validated(path, **NO_COURSE)
    assert done.exit_code == 1
    assert "no sandbox" in done.output
    assert "your own copy" in done.output
    assert "Not written yet: 9a, 9c, 9d" in done.output
    assert "9b uses 9a, which is not written yet" in done.output
    assert "9e" in done.output
    assert "failed" not in done.output
