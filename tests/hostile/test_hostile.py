"""Hostile submissions: each ends in its right state and earns what it should, and the grader goes on."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from labkit.grading import confine, judge
from labkit.grading.exercise import CheckResult, Result, Zygotes
from tests.hostile.cases import Case, cases
from tests.labkit.grading import kit

CASES = cases()
ACCUSES = ("sends messages", "replaces", "reaches for")
"""How evidence begins that no honest work leaves."""

pytestmark = pytest.mark.skipif(bool(confine.missing()), reason="; ".join(confine.missing()) or "-")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where everything that is left behind would be found."""
    folder = tmp_path_factory.mktemp("place")
    kept, tempfile.tempdir = tempfile.tempdir, str(folder)
    yield folder
    tempfile.tempdir = kept


@pytest.fixture(scope="module")
def zygotes(place: Path) -> Iterator[Zygotes]:
    """Processes that fork a confined child for each check, shared by all submissions: what one breaks, the next would feel."""
    found = Zygotes()
    yield found
    found.close()


def marked(case: Case) -> Any:
    """A case as pytest takes it; one that is known to succeed is expected to fail here, and only until it is mended."""
    marks = [pytest.mark.xfail(reason=case.open, strict=True)] if case.open else []
    return pytest.param(case, id=case.name, marks=marks)


@pytest.mark.parametrize("case", [marked(case) for case in CASES])
def test_hostile_submission_ends_in_its_right_state(case: Case, zygotes: Zygotes) -> None:
    if case.name == "memory_of_earlier_checks":
        ada = replace(case, source=f"{kit.solutions(case.lesson)[case.exercise]}\n# THE SECRET OF ADA\n")
        assert ada.graded(zygotes).state == judge.PASSED
    with contextlib.closing(Zygotes()) if case.open else contextlib.nullcontext(zygotes) as used:
        result = case.graded(used)
    told = f"{case.tries}: {result.state}, {result.points:g} points; {result.checks}; {result.evidence}; {result.output}"
    assert result.state in case.states, told
    earned = result.earns if result.state == judge.REVIEW and "passed" in case.states else result.points
    assert case.share is None or earned == pytest.approx(case.share * result.out_of, abs=0.01), told
    assert case.evidence in "\n".join(result.evidence), told
    assert not (case.innocent and [each for each in result.evidence if each.startswith(ACCUSES)]), told
    assert all(each.reason for each in result.checks if each.state != judge.PASSED), told
    assert not case.never or case.never not in public(result), told


def public(result: Result) -> str:
    """Everything of a result that a student may come to read."""
    return "\n".join([result.output, *result.evidence, *map(texts, result.checks)])


def texts(check: CheckResult) -> str:
    """What is told of one check."""
    return "\n".join(map(str, (check.reason, check.got, check.explanation, check.schedule, check.trace)))


def test_grader_goes_on_as_before(zygotes: Zygotes) -> None:
    right = next(case for case in CASES if case.name == "threads_left_running")
    process = next(iter(zygotes.of_kind.values())).process
    assert [right.graded(zygotes).state for _ in range(3)] == ["passed"] * 3
    assert process is next(iter(zygotes.of_kind.values())).process, "a zygote that had to be replaced was ended by somebody"


def test_nothing_lives_on_and_no_file_is_left(zygotes: Zygotes, place: Path) -> None:
    zygotes.close()
    assert not list(place.iterdir())
    alive = [found for found in Path("/proc").glob("[0-9]*/cmdline") if str(place) in mentioned(found)]
    assert not alive, [mentioned(each) for each in alive]
    assert not [path for path in (Path("/tmp/labkit-was-here"), Path("/dev/shm/labkit-was-here")) if path.exists()]


def mentioned(cmdline: Path) -> str:
    """A process's arguments, which its forks share; empty if it has ended meanwhile."""
    try:
        return cmdline.read_text(errors="replace")
    except OSError:
        return ""
