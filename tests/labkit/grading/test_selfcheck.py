"""selfcheck tells what is judged wrongly: with a grader that judges as the test says, and once with the real one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

import pytest
from click.testing import CliRunner

from labkit.cli import main
from labkit.grading import judge
from labkit.grading.exercise import CheckResult, Result, Unit
from labkit.grading.selfcheck import MUTANT_LIMIT_S, Score, hurried, selfcheck, trials
from tests.labkit.grading import kit

LESSON = kit.course().lesson(6)
TRIALS = trials(kit.course(), LESSON)
KIND = {(trial.exercise, trial.source): trial.kind for trial in TRIALS}
NAME = {(trial.exercise, trial.source): trial.name for trial in TRIALS}
Judge = Callable[[str, str, str], str]
"""Exercise, kind and name of a trial → the state that the grader gives it."""


def fair(exercise: str, kind: str, name: str) -> str:
    return {"mutant": judge.FAILED, "stub": judge.NOT_ATTEMPTED}.get(kind, judge.PASSED)


def judged_by(states: Judge) -> Callable[[list[Unit]], Iterable[tuple[Unit, Result]]]:
    """A grader that gives these states."""

    def execute(work: list[Unit]) -> Iterable[tuple[Unit, Result]]:
        for one in work:
            id = one.problem.exercise.id
            state = states(id, KIND[id, one.solutions[id]], NAME[id, one.solutions[id]])
            checks = (CheckResult(state, False, "because", "f()", "7"),)
            yield one, Result(id, state, 2.0 * (state == judge.PASSED), 2.0, checks)

    return execute


def scores(states: Judge = fair, only: Iterable[str] = ()) -> dict[str, Score]:
    return {score.exercise: score for score in selfcheck(kit.course(), LESSON, judged_by(states), only)}


def test_a_fair_grader_has_nothing_wrong() -> None:
    found = scores()
    assert {id: score.wrong for id, score in found.items()} == {id: [] for id in kit.problems(6)}
    assert all(score.rejected == score.mutants > 0 and score.accepted == score.variants >= 2 for score in found.values())
    assert sum(score.mutants for score in found.values()) == sum(trial.kind == "mutant" for trial in TRIALS)


def test_a_mutant_with_full_points_is_told_by_name_with_its_author_s_belief() -> None:
    found = scores(lambda id, kind, name: judge.PASSED if name == "only-whole-threads" else fair(id, kind, name))
    assert found["6a"].wrong == ["mutant only-whole-threads gets full points (a thread runs to its end once it has begun)"]
    assert found["6a"].rejected == found["6a"].mutants - 1


@pytest.mark.parametrize(("state", "timeouts", "crashes"), [(judge.TIMEOUT, 1, 0), (judge.CRASHED, 0, 1), (judge.MEMORY, 0, 1)])
def test_a_mutant_that_never_ends_or_crashes_is_rejected_and_told_apart(state: str, timeouts: int, crashes: int) -> None:
    found = scores(lambda id, kind, name: state if name == "only-whole-threads" else fair(id, kind, name))["6a"]
    assert (found.rejected, found.timeouts, found.crashes, found.wrong) == (found.mutants, timeouts, crashes, [])


@pytest.mark.parametrize("kind", ["variant", "stub"])
def test_what_is_right_and_rejected_and_a_stub_that_is_attempted_are_told(kind: str) -> None:
    found = scores(lambda id, of, name: judge.BLOCKED if (id, of) == ("6b", kind) else fair(id, of, name))
    words = {"variant": "is rejected: blocked by the sandbox, check 1 (f()): 7", "stub": "its stub ends as blocked"}[kind]
    assert all(words in line for line in found["6b"].wrong)
    assert found["6b"].wrong
    assert not found["6a"].wrong


def test_where_only_the_notebook_accepts_the_solution_the_order_of_its_checks_matters() -> None:
    found = scores(lambda id, of, name: judge.FAILED if (id, of) == ("6a", "solution") else fair(id, of, name), ["6a"])
    assert list(found) == ["6a"]
    assert "own solution is rejected" in found["6a"].wrong[0]
    assert "their order matters" in found["6a"].wrong[1]


def test_what_needs_a_tool_is_skipped_with_its_reason() -> None:
    found = selfcheck(kit.course(), LESSON, judged_by(fair), ["6a"], lacks=lambda problem: "needs a tool")
    assert [(score.skipped, score.mutants, score.wrong) for score in found] == [("needs a tool", 0, [])]


def test_only_the_checks_without_a_limit_of_their_own_are_hurried() -> None:
    limits = {check.limit_s for problem in kit.problems(10).values() for check in hurried(problem).checks}
    assert limits == {MUTANT_LIMIT_S, 60}


def test_the_command_judges_with_the_real_grader() -> None:
    done = CliRunner().invoke(main, ["selfcheck", "5b", "--json", "-j", "1"])
    assert done.exit_code == 0, done.output
    [score] = json.loads(done.stdout)
    assert (score["exercise"], score["wrong"]) == ("5b", [])
    assert score["rejected"] == score["mutants"] > 5


def test_the_command_s_last_line_is_the_score_and_a_breach_is_its_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    unfair = judged_by(lambda id, kind, name: judge.PASSED if name == "only-whole-threads" else fair(id, kind, name))
    monkeypatch.setattr("labkit.grading.session.local", lambda processes: unfair)
    done = CliRunner().invoke(main, ["selfcheck", "6a", "06"])
    assert done.exit_code == 1
    lines = done.stdout.strip().splitlines()
    assert "6a: mutant only-whole-threads gets full points" in done.stdout
    assert lines[-1].startswith("mutation score 60 of 61 (98.4%)")


@pytest.mark.parametrize("word", ["6z", "nonsense", "99"])
def test_what_is_no_exercise_is_told(word: str) -> None:
    done = CliRunner().invoke(main, ["selfcheck", word])
    assert done.exit_code == 1
    assert "there is no" in done.output
