from __future__ import annotations

import signal
import threading
from collections import namedtuple
from typing import Any

import pytest

from labkit import Mutex, run, spawn  # noqa: F401  run: used in the checked expressions
from labkit.course import CheckFailed, check
from labkit.course.check import same, show
from labkit.errors import Deadlock, Waiting

Text = pytest.CaptureFixture[str]
Pair = namedtuple("Pair", "a b")


def add(a: Any, b: Any) -> Any:
    return a + b


def unwritten() -> None:
    raise NotImplementedError("exercise 3a: write this part")


def released() -> None:
    raise NotImplementedError


def nothing() -> None:
    pass


def divide(a: int) -> float:
    return 1 / a


def stuck() -> None:
    raise Deadlock([Waiting("A", "Mutex 'b'", ("B",)), Waiting("B", "Mutex 'a'", ("A",))])


def spin() -> None:
    while True:
        pass


def wait_for_ever() -> None:
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()


def lock_twice() -> None:
    first = Mutex("m")
    spawn(first.acquire).join()
    first.acquire()


def failure(*args: Any, **kwargs: Any) -> str:
    # Why: check() evaluates in its caller's globals, which are this module's.
    with pytest.raises(CheckFailed) as caught:
        check(*args, **kwargs)
    return str(caught.value)


def test_a_check_that_passes_prints_one_line(capsys: Text) -> None:
    check("add([1], [2])", [1, 2], why="lists join")
    check("add(1, 2) == 3", why="it is so")
    check("divide(0)", raises=ZeroDivisionError, why="nothing divides by zero")
    wanted = "✓ add([1], [2]) → [1, 2]\n✓ add(1, 2) == 3 → True\n✓ divide(0) → raises ZeroDivisionError\n"
    assert capsys.readouterr().out == wanted


def test_a_failure_says_the_call_what_came_back_what_was_expected_and_why() -> None:
    assert failure("add(1, 2)", 4, why="the sum") == "add(1, 2)\n  came back: 3\n  expected:  4\n  why: the sum"
    assert "came back: 3.0  (float)\n  expected:  3  (int)" in failure("add(1, 2.0)", 3, why="whole numbers")
    assert "expected:  raises ValueError" in failure("add(1, 2)", raises=ValueError, why="w")
    assert "ends without `return`" in failure("nothing()", 1, why="w")


def test_jupyter_shows_the_message_and_no_frames() -> None:
    assert CheckFailed("add(1, 2)")._render_traceback_() == ["✗ add(1, 2)"]


def test_an_unwritten_exercise_is_told_kindly() -> None:
    wanted = "exercise 3a is not written yet: fill in the cell 3a-solution above; hint('3a') helps"
    assert failure("unwritten()", 1, why="w") == wanted
    # What stock nbgrader puts into the assignments that it releases.
    assert "not written yet" in failure("released()", 1, why="w")


def test_an_exception_is_told_with_the_students_own_line() -> None:
    told = failure("divide(0)", 1.0, why="w")
    assert "raised ZeroDivisionError in divide, line " in told
    assert "`return 1 / a`:\n    division by zero\n  expected:  1.0" in told


def test_a_missing_name_is_told_as_such() -> None:
    assert "There is no 'multiply' here: run the cell that defines it" in failure("multiply(1, 2)", 2, why="w")


def test_a_deadlock_says_who_waits_for_whom() -> None:
    told = failure("stuck()", 1, why="w")
    assert "'A' waits for Mutex 'b', held by 'B'" in told
    assert "cycle: A → B → A" in told


@pytest.mark.parametrize("call", ["spin()", "wait_for_ever()"])
def test_what_never_ends_is_interrupted_and_its_line_named(call: str) -> None:
    before = signal.getsignal(signal.SIGINT)
    told = failure(call, 1, why="it returns", limit_s=0.2)
    assert told.startswith(f"{call}\n  did not end within 0.2 s in {call[:-2]}, line ")
    assert told.endswith("why it must: it returns")
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize("machine", ["cooperative", "preemptive", "pthread"])
def test_a_program_that_never_ends_is_interrupted_on_every_machine(machine: str) -> None:
    told = failure(f"run(spin, machine={machine!r})", why="it returns", limit_s=0.3)
    assert "did not end within 0.3 s in spin, line " in told
    assert "✓" not in told


def test_a_deadlock_in_a_run_is_told_before_the_limit() -> None:
    told = failure("run(lock_twice)", why="it returns")
    assert "Deadlock" in told
    assert "'main' waits for Mutex 'm'" in told


def test_a_real_interrupt_is_the_students_own(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(KeyboardInterrupt) as caught:
        check("signal.raise_signal(signal.SIGINT)", why="w", limit_s=30)
    assert type(caught.value) is KeyboardInterrupt


def test_off_the_main_thread_a_check_works_without_a_limit(capsys: Text) -> None:
    thread = threading.Thread(target=lambda: check("add(1, 2)", 3, why="w", limit_s=0.001))
    thread.start()
    thread.join()
    assert "✓" in capsys.readouterr().out


class Equal:
    """Claims to equal everything."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


@pytest.mark.parametrize(
    ("a", "b"),
    [(1, True), (1, 1.0), ([1], (1,)), ([1], [True]), ({1: 2}, {1.0: 2}), ({1}, {True}), (Equal(), 1), ([Equal()], [1]),
     (Pair(1, 2), (1, 2)), ({"a": Equal()}, {"a": 1}), (0.1 + 0.2, 0.3), ([1], [1, 2])],
)  # fmt: skip
def test_values_of_other_types_or_values_are_not_the_same(a: object, b: object) -> None:
    assert not same(a, b)


@pytest.mark.parametrize("value", [1, [1, [2]], {"a": {1, 2}}, (None, True), Pair(1, 2), "x", frozenset({1})])
def test_equal_values_are_the_same(value: object) -> None:
    assert same(value, value)


def test_numbers_may_differ_only_as_far_as_said() -> None:
    assert same([0.1 + 0.2], [0.3], within=1e-9)
    assert same(3, 3.0, within=0)
    assert not same(True, 1, within=1)
    assert "give or take 0.1" in failure("add(1, 2)", 3.5, why="w", within=0.1)


def test_long_values_are_cut_and_compared_where_they_differ() -> None:
    assert show("x" * 1000).endswith("… (1002 characters)")
    told = failure("list(range(100))", [*range(99), 0], why="w")
    assert "they differ first at [99]: 99, expected 0" in told


def test_a_broken_repr_is_told() -> None:
    class Broken:
        def __repr__(self) -> str:
            raise ValueError

    assert show(Broken()) == "<a Broken whose repr raises ValueError>"
