"""The unit of work: its key, its points, and what becomes of it where the grader itself fails."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from labkit.errors import LabError
from labkit.grading import judge
from labkit.grading.exercise import Result, grade, share, steady, unit
from labkit.grading.judge import Outcome
from labkit.grading.plan import Check, Problem
from labkit.grading.workers import Zygotes
from tests.labkit.grading import kit

HUNDREDTHS = st.integers(1, 100_00)


@given(HUNDREDTHS, st.integers(1, 400), st.data())
def test_points_are_exact_to_a_hundredth(worth: int, whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    found = share(worth / 100, part, whole)
    assert abs(Fraction(str(found)) - Fraction(worth * part, 100 * whole)) <= Fraction(1, 100)
    assert (found == worth / 100) == (part == whole) or worth == 1
    assert share(worth / 100, max(0, part - 1), whole) <= found


def test_a_set_has_one_text_in_every_process() -> None:
    value = "[{'b', 'a', 'cc', 'd'}, {'x': frozenset('pqrs')}, 1.5, None]"
    program = f"from labkit.grading.exercise import steady; print(steady({value}), end='')"
    environment = {"PYTHONHASHSEED": "1", "PYTHONPATH": str(kit.ROOT)}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == steady(eval(value)) == "list(set('a','b','cc','d'),dict('x':frozenset('p','q','r','s')),1.5,None)"


def test_values_of_other_types_have_other_texts() -> None:
    values = [1, 1.0, True, "1", (1,), [1], {1}, frozenset({1}), {1: 1}, None, b"1", [[1], 1], [1, [1]]]
    assert len({steady(value) for value in values}) == len(values)


def test_a_key_changes_with_all_that_decides_and_with_nothing_else() -> None:
    problem, written = kit.problems(6)["6b"], kit.solutions(6)
    key = unit(problem, written).key
    check = replace(problem.checks[0], why="another reason")
    worth = replace(problem.exercise, points=problem.exercise.points + 1)
    step = replace(problem.steps[0], source=problem.steps[0].source + "\nx = 1")
    others = [
        unit(problem, written | {"6b": written["6b"] + "\n"}),
        unit(replace(problem, checks=(check, *problem.checks[1:])), written),
        unit(replace(problem, exercise=worth), written),
        unit(replace(problem, steps=(step, *problem.steps[1:])), written),
    ]
    assert len({key, *(each.key for each in others)}) == 5
    hints = replace(problem.exercise, title="Another title", hints=("other",) * 3)
    again = replace(problem, exercise=hints)
    assert unit(again, written).key == key
    assert unit(problem, written | {"9z": "no exercise that it needs"}).key == key


class Broken(Zygotes):
    """The grader's own process ends in the middle of the second check."""

    def together(self, problem: Problem, solutions: dict[str, str]) -> dict[int, Outcome]:
        return {}

    def check(self, problem: Problem, solutions: dict[str, str], check: Check) -> Outcome:
        if check is problem.checks[0]:
            return Outcome(judge.PASSED)
        raise LabError("the grader's own process ended twice in the middle of one check")


def test_where_the_grader_itself_fails_a_person_decides() -> None:
    problem = kit.problems(6)["6b"]
    result = grade(unit(problem, kit.solutions(6)), Broken())
    assert result.state == judge.REVIEW
    assert result.points < result.earns == result.out_of
    assert "ended twice" in result.evidence[0]
    assert any(check.reason == judge.BROKE for check in result.checks)
    assert Result.unpacked(result.packed()) == result
