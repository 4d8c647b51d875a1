"""Each exercise both ways, and against what students get wrong and what they get right in another way."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from labkit.course import rules
from labkit.course.attempt import attempt
from labkit.course.build import read_cells
from labkit.course.rules import Cell
from labkit.course.syllabus import load_course
from labkit.grading.exercise import grade, unit
from labkit.grading.judge import NOT_ATTEMPTED
from labkit.grading.plan import Problem, plan
from labkit.grading.selfcheck import MUTANT_LIMIT_S, MUTANTS_MIN, VARIANTS_MIN, hurried
from labkit.grading.workers import Zygotes

HERE = Path(__file__).parent
COURSE = load_course(HERE.parents[1])
TOOLS = {"needs-qemu": "kernel", "needs-cc": "cc"}
"""Tag of a solution cell → what the exercise cannot be judged without."""


class Trial(NamedTuple):
    """A solution to try, and the exercise it is for."""

    exercises: Path
    exercise: str
    cell: Cell


WRITTEN = [lesson for lesson in COURSE.lessons if (COURSE.folder(lesson) / "exercises.py").is_file()]
EXERCISES = [
    Trial(cell.path, cell.id.removesuffix("-solution"), cell)
    for lesson in WRITTEN
    for cell in read_cells(COURSE.folder(lesson) / "exercises.py")
    if "exercise" in cell.tags
]


def trials(kind: str) -> list[Trial]:
    """Every cell of mutants/NN/3a.py or variants/NN/3a.py."""
    found = []
    for lesson in WRITTEN:
        for path in sorted((HERE / kind / f"{lesson.number:02d}").glob("*.py")):
            found += [Trial(COURSE.folder(lesson) / "exercises.py", path.stem, cell) for cell in read_cells(path)]
    return found


MUTANTS, VARIANTS = trials("mutants"), trials("variants")
NEEDS = {trial.exercise: [tool for tag, tool in TOOLS.items() if tag in trial.cell.tags] for trial in EXERCISES}


def named(trial: Trial) -> str:
    return f"{trial.exercise}-{trial.cell.id.removeprefix(trial.exercise + '-')}"


def runnable(found: list[Trial]) -> list[Any]:
    """The trials, each with what its exercise cannot be judged without."""
    return [pytest.param(trial, marks=pytest.mark.requires(*NEEDS.get(trial.exercise, ())), id=named(trial)) for trial in found]


@pytest.mark.parametrize("trial", runnable(EXERCISES))
def test_the_solution_passes(trial: Trial) -> None:
    ended = attempt(trial.exercises, trial.exercise, trial.cell.source)
    assert ended.passed, ended.message


@pytest.mark.parametrize("trial", EXERCISES, ids=named)
def test_the_untouched_exercise_fails_with_its_own_id_and_names_the_hint(trial: Trial) -> None:
    ended = attempt(trial.exercises, trial.exercise, rules.stub(trial.cell))
    assert not ended.passed
    assert f"exercise {trial.exercise} is not written yet" in ended.message
    assert f"hint('{trial.exercise}')" in ended.message


@pytest.mark.parametrize("trial", runnable(MUTANTS))
def test_every_mutant_is_rejected(trial: Trial) -> None:
    ended = attempt(trial.exercises, trial.exercise, trial.cell.source, check_limit_s=MUTANT_LIMIT_S)
    assert not ended.passed, f"{trial.cell.path}: {trial.cell.id} ({trial.cell.extra.get('why')}) was accepted"
    assert not ended.message.startswith("the cell "), f"rejected outside of a check: {ended.message}"


@pytest.mark.parametrize("trial", runnable(VARIANTS))
def test_every_variant_is_accepted(trial: Trial) -> None:
    ended = attempt(trial.exercises, trial.exercise, trial.cell.source)
    assert ended.passed, ended.message


@pytest.fixture(scope="module")
def zygotes() -> Iterator[Zygotes]:
    """The grader's own processes: one of each kind serves all tests of a worker."""
    made = Zygotes()
    yield made
    made.close()


@functools.cache
def problems() -> dict[str, Problem]:
    """Every exercise of the course, as the grader judges it."""
    return {each.exercise.id: each for lesson in WRITTEN for each in plan(COURSE, lesson)}


def sample() -> list[Any]:
    """Of each exercise its solution, its stub and one of its mutants, each time another one in turn.

    Why not all: the grader gives each check a process of its own, and `labkit selfcheck` judges all of them in minutes.
    """
    found = []
    for place, trial in enumerate(EXERCISES):
        mutants = [each for each in MUTANTS if each.exercise == trial.exercise]
        found.append(pytest.param(trial, mutants[place % len(mutants)], marks=pytest.mark.requires(*NEEDS[trial.exercise])))
    return found


@pytest.mark.requires("linux")
@pytest.mark.parametrize(("trial", "mutant"), sample(), ids=[trial.exercise for trial in EXERCISES])
def test_the_grader_and_the_notebook_agree(trial: Trial, mutant: Trial, zygotes: Zygotes) -> None:
    problem = problems()[trial.exercise]
    others = {each.exercise: each.cell.source for each in EXERCISES if each.exercises == trial.exercises}
    right = grade(unit(problem, others), zygotes)
    assert (right.state, right.points, right.evidence) == ("passed", right.out_of, ()), right.checks
    stub = grade(unit(problem, others | {trial.exercise: rules.stub(trial.cell) + "# later\n"}), zygotes)
    assert (stub.exercise, stub.state, stub.points) == (trial.exercise, NOT_ATTEMPTED, 0)
    wrong = grade(unit(hurried(problem), others | {trial.exercise: mutant.cell.source}), zygotes)
    assert wrong.points < wrong.out_of, f"{mutant.cell.id} passes in the grader"
    assert wrong.state != NOT_ATTEMPTED


@pytest.mark.parametrize("trial", MUTANTS + VARIANTS, ids=named)
def test_a_mutant_says_what_its_author_believed(trial: Trial) -> None:
    assert set(trial.cell.extra) == {"why"}
    assert trial.cell.kind == "code"
    assert trial.exercise in {each.exercise for each in EXERCISES}


@pytest.mark.parametrize("lesson", WRITTEN, ids=lambda lesson: lesson.name)
def test_a_lesson_has_mutants_and_variants_enough(lesson: rules.Lesson) -> None:
    mutants = [trial for trial in MUTANTS if trial.exercises.parent.name == lesson.name]
    assert len(mutants) >= MUTANTS_MIN
    for exercise in lesson.exercises:
        assert any(trial.exercise == exercise.id for trial in mutants), f"{exercise.id} has no mutant"
        variants = [trial for trial in VARIANTS if trial.exercise == exercise.id]
        assert len(variants) >= VARIANTS_MIN, f"{exercise.id} has {len(variants)} variants"


@pytest.mark.parametrize("lesson", WRITTEN, ids=lambda lesson: lesson.name)
def test_every_exercise_has_three_hints_and_points(lesson: rules.Lesson) -> None:
    for exercise in lesson.exercises:
        assert len(exercise.hints) == 3, exercise.id
        assert exercise.points > 0
