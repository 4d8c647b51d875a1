"""The number of different schedules of each program in interleavings.toml, by labkit and by brute force."""

from __future__ import annotations

import os
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from labkit.explore import explore
from tests.explore import locking, meeting_models, meetings, programs, signalling
from tests.explore.compare import said_by, told_by
from tests.explore.models import MODELS
from tests.explore.operations import Error, Program, add, read, write
from tests.explore.oracle import Oracle, ask

ROWS: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("interleavings.toml").read_text(encoding="utf-8"))["row"]
ASKED = os.environ.get("LABKIT_ORACLE") == "all"
assert meeting_models.model  # imported for the models it registers


def name_of(row: dict[str, Any]) -> str:
    return f"{row['program']}({', '.join(map(str, row['sizes']))})"


def subject(row: dict[str, Any]) -> programs.Main:
    """The program in ordinary Python."""
    room = next(room for room in (programs, locking, meetings, signalling) if hasattr(room, row["program"]))
    main: programs.Main = getattr(room, row["program"])(*row["sizes"])
    return main


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_labkit_runs_each_different_schedule_once(row: dict[str, Any]) -> None:
    verdict = explore(subject(row), runs=2 * row["traces"] + 10)
    said = said_by(verdict)
    assert (said.traces, len(said.values), said.stuck, said.raised) == (row["traces"], row["outcomes"], row["deadlocks"], 0)
    assert (verdict.exhausted, verdict.redundant, verdict.unseen) == (True, 0, [])
    if "outcome" in row:
        assert {str(value): n for value, n in said.values.items()}[row["outcome"]] == row["schedules"]


@pytest.mark.parametrize("row", [row for row in ROWS if "interleavings" in row and row["traces"] <= 150], ids=name_of)
def test_labkit_counts_all_interleavings(row: dict[str, Any]) -> None:
    number = explore(subject(row)).interleavings
    assert number == row["interleavings"] if number.exact else number <= row["interleavings"]


@pytest.mark.parametrize("row", [row for row in ROWS if row["oracle"] == "always"], ids=name_of)
def test_brute_force_finds_the_same_numbers(row: dict[str, Any]) -> None:
    brute_force(row)


@pytest.mark.skipif(not ASKED, reason="minutes of brute force: set LABKIT_ORACLE=all")
@pytest.mark.parametrize("row", [row for row in ROWS if row["oracle"] == "asked"], ids=name_of)
def test_brute_force_finds_the_same_numbers_of_larger_programs(row: dict[str, Any]) -> None:
    brute_force(row)


def brute_force(row: dict[str, Any]) -> None:
    """Compute a row again, without labkit."""
    program = MODELS[row["program"]](*row["sizes"])
    told = told_by(ask(program))
    assert (told.traces, len(told.values), told.stuck, told.raised) == (row["traces"], row["outcomes"], row["deadlocks"], 0)
    if row["oracle"] == "always":
        assert Oracle(program).interleavings() == row["interleavings"]


@pytest.mark.parametrize("row", [row for row in ROWS if row.get("interleavings", 10**9) < 200], ids=name_of)
def test_labkit_and_brute_force_find_the_same_ends(row: dict[str, Any]) -> None:
    """What main returns, and in how many schedules."""
    assert said_by(explore(subject(row))).values == told_by(ask(MODELS[row["program"]](*row["sizes"]))).values


@pytest.mark.parametrize("row", [row for row in ROWS if row.get("interleavings", 10**9) < 3000], ids=name_of)
def test_one_trace_has_one_end_whatever_its_interleaving(row: dict[str, Any]) -> None:
    """The oracle visits each prefix of a trace once; without that shortcut it finds the same."""
    program = MODELS[row["program"]](*row["sizes"])
    ends = set(Oracle(program).every_interleaving())
    assert len({trace for trace, _ in ends}) == len(ends)
    assert Counter(end for _, end in ends) == ask(program).outcomes


def test_there_are_at_least_sixty_programs_of_which_most_are_computed_again() -> None:
    assert len({name_of(row) for row in ROWS}) == len(ROWS) >= 60
    assert {row["program"] for row in ROWS} == set(MODELS)
    assert sum(row["oracle"] == "always" for row in ROWS) >= 0.8 * len(ROWS)


def test_the_oracle_counts_operations_that_look_as_independent_of_each_other() -> None:
    def looks() -> Any:
        yield read("x")

    def main() -> Any:
        a, b = (yield ("spawn", looks, ())), (yield ("spawn", looks, ()))
        yield ("join", a)
        yield ("join", b)

    assert ask(Program(main, {"x": 0})).traces == 1


def test_the_oracle_passes_an_error_on_to_who_joins() -> None:
    def fails() -> Any:
        yield write("x", 1)
        assert (yield read("x")) == 2

    def main() -> Any:
        t = yield ("spawn", fails, ())
        yield from add("x", 1)
        yield ("join", t)

    ends = ask(Program(main, {"x": 0})).outcomes
    assert set(ends) == {("error", Error("AssertionError")), ("value", None)}
