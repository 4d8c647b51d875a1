from __future__ import annotations

import time
from typing import Any

import pytest

from labkit import Mutex, explore, spawn  # noqa: F401  explore: used in the checked expressions
from labkit.course import CheckFailed, check


def deposits(lock: bool) -> Any:
    def main() -> int:
        balance = 0
        mutex = Mutex(name="mutex")

        def deposit() -> None:
            nonlocal balance
            if lock:
                mutex.acquire()
            balance += 10
            if lock:
                mutex.release()

        threads = [spawn(deposit, name="A"), spawn(deposit, name="B")]
        for thread in threads:
            thread.join()
        assert balance == 20, "a deposit is lost"
        return balance

    return main


def observes_time() -> None:
    threads = [spawn(time.time), spawn(time.time)]
    for thread in threads:
        thread.join()


def not_begun() -> None:
    def enter() -> None:
        raise NotImplementedError("exercise 6b: write this part")

    spawn(enter).join()


def failure(expression: str) -> str:
    with pytest.raises(CheckFailed) as caught:
        check(expression, why="a deposit must not be lost")
    return str(caught.value)


def test_a_proven_program_passes_the_check(capsys: pytest.CaptureFixture[str]) -> None:
    check("explore(deposits(True))", why="the lock covers both")
    assert capsys.readouterr().out == "✓ explore(deposits(True)) → passes in all 2 different schedules\n"


def test_a_failing_schedule_is_told_step_by_step() -> None:
    told = failure("explore(deposits(False))")
    assert "AssertionError: a deposit is lost" in told
    assert "The failing schedule:" in told
    assert "A reads balance" in told
    assert told.endswith("why: a deposit must not be lost")


def test_what_is_not_proven_does_not_pass() -> None:
    assert "Not proven" in failure("explore(deposits(True), runs=1)")
    assert "time" in failure("explore(observes_time)")


def test_a_student_cannot_pass_by_a_class_of_the_same_name() -> None:
    assert "came back" in failure("type('Verdict', (), {'passed': True})()")


def test_an_unwritten_part_is_no_failing_schedule() -> None:
    told = failure("explore(not_begun)")
    assert told == "exercise 6b is not written yet: fill in the cell 6b-solution above; hint('6b') helps"
