"""Wrong ideas: each is reached, each mistake has one, and no check is said to catch an idea that it is not there for."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

from labkit.grading import judge
from labkit.grading.abstractions import ALL, BY_CHECK, BY_MISTAKE, behind
from tests.labkit.grading import graded, kit

patterns = importlib.import_module("labkit.explore.patterns")  # Why: labkit.explore is the function
EXPLORE = Path(str(patterns.__file__)).parent


def named_by_the_explorer() -> set[str]:
    """Every name that an explanation can have."""
    found = {patterns.LOST_UPDATE, patterns.CHECK_THEN_ACT, patterns.STALE_READ, patterns.ATOMICITY, patterns.WRONG_ORDER}
    for node in ast.walk(ast.parse((EXPLORE / "explain.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Explanation" and node.args:
            found |= {node.args[0].value} if isinstance(node.args[0], ast.Constant) else set()
    return (found | {"lost wake-up", "livelock"}) - {""}


def test_every_mistake_that_the_explorer_names_has_an_idea_behind_it() -> None:
    assert len(named_by_the_explorer()) >= 10
    assert named_by_the_explorer() <= set(BY_MISTAKE)


def test_every_idea_is_reached_by_a_mistake_or_a_check() -> None:
    reached = {each.name for each in BY_MISTAKE.values()} | {each.behind.name for each in BY_CHECK}
    assert set(ALL) == reached


@pytest.mark.parametrize("telling", BY_CHECK, ids=lambda each: f"{each.exercise}: {each.why}")
def test_a_check_that_catches_an_idea_is_in_the_course_with_this_reason(telling: object) -> None:
    each = next(known for known in BY_CHECK if known is telling)
    problem = kit.problems(int(each.exercise[:-1]))[each.exercise]
    reasons = {check.why for check in problem.checks if check.why.startswith(each.why)}
    assert len(reasons) == 1, "none, or it is not clear which"
    assert behind("", each.exercise, reasons.pop()) == each.behind


def test_the_three_lock_mistakes_of_the_research_are_told_apart() -> None:
    assert {"one lock for all", "any lock will do", "a lock without data"} <= set(ALL)
    instances = graded.mutants()["6e"]
    names = {idea.name for check in instances.checks if check.state != judge.PASSED
             if (idea := behind(check.mistake, "6e", check.why))}  # fmt: skip
    assert names == {"one lock for all"}


def test_what_the_explorer_saw_goes_before_what_the_check_is_for() -> None:
    assert behind("deadlock", "6e", "one lock for all accounts").name == "a lock comes free by itself"  # type: ignore[union-attr]


def test_nothing_is_guessed() -> None:
    assert behind("", "6b", "some other reason") is None
    assert behind("assertion", "9e", "") is None


def test_an_idea_reads_as_a_sentence() -> None:
    for each in ALL.values():
        for text in (each.idea, each.instead):
            assert text[0].islower() or text.startswith("I ")
            assert not text.endswith(".")
            assert len(text) < 170
