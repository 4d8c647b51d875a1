"""verdict.play(): where each thread stands after any schedule, what places hold, and what is said at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from labkit import Atomic, Channel, Condition, Event, Mutex, Semaphore, explore, replay, sched_yield, spawn
from labkit.errors import BadSchedule, LabError
from labkit.explore.hints import mend
from labkit.explore.listing import listing
from labkit.explore.shown import shown
from labkit.explore.stepping import Stepping
from labkit.thread import BLOCKED, EXITED, RUNNABLE
from tests.labkit.explore.wrong import PROGRAMS


class Account:
    def __init__(self, balance: int) -> None:
        self.balance = balance

    def __repr__(self) -> str:
        raise RuntimeError("a picture of a program must not run the program's code")


def deposits() -> None:
    account = Account(100)

    def deposit(amount: int) -> None:
        seen = account.balance
        account.balance = seen + amount

    for thread in [spawn(deposit, 50), spawn(deposit, 10)]:
        thread.join()
    assert account.balance == 160, f"balance is {account.balance}"


def philosophers() -> None:
    forks = [Mutex(), Mutex()]

    def eat(first: int, second: int) -> None:
        with forks[first], forks[second]:
            pass

    for thread in [spawn(eat, 0, 1), spawn(eat, 1, 0)]:
        thread.join()


def rows(state: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {thread["name"]: (thread["status"], thread["step"]) for thread in state["threads"]}


def all_states(step: Stepping) -> Iterator[tuple[list[str], dict[str, Any]]]:
    """Every state that clicks can lead to."""
    stack: list[list[str]] = [[]]
    while stack:
        schedule = stack.pop()
        state = step(schedule)
        yield schedule, state
        if state["outcome"] is None and state["failure"] is None:
            stack += [[*schedule, t["name"]] for t in state["threads"] if t["status"] == RUNNABLE]


def test_each_thread_stands_before_its_next_step() -> None:
    step = Stepping(explore(deposits))
    assert rows(step([])) == {
        "A": (RUNNABLE, "reads account.balance"), "B": (RUNNABLE, "reads account.balance"), "main": (BLOCKED, "the end of A"),
    }  # fmt: skip
    state = step(["A", "B", "B"])
    assert rows(state) == {
        "A": (RUNNABLE, "writes account.balance 150"), "B": (EXITED, ""), "main": (BLOCKED, "the end of A"),
    }  # fmt: skip
    assert state["values"] == {"account.balance": "110", "account.balance, as A read it": "100"}


def test_lines_are_those_of_the_program() -> None:
    verdict = explore(deposits)
    step = Stepping(verdict)
    source, first = listing(deposits, step.known.lines)
    lines = {t["name"]: source.splitlines()[t["line"] - first].strip() for t in step(["A"])["threads"] if t["line"]}
    assert lines["A"] == "account.balance = seen + amount"
    assert lines["B"] == "seen = account.balance"


def test_a_played_run_that_fails_is_explained_and_says_what_to_do_next() -> None:
    state = Stepping(explore(deposits))(["B", "A", "A", "B"])
    assert state["failure"].startswith("AssertionError: balance is 110")
    notes = "\n".join(state["notes"])
    assert "B and A both change account.balance" in notes or "A and B both change account.balance" in notes
    assert "B writes account.balance 110" in notes
    assert "explore(deposits) again" in state["notes"][-1]


def test_a_played_run_that_passes_says_how_many_would_have_failed() -> None:
    state = Stepping(explore(deposits))(["A", "A", "B", "B"])
    assert (state["outcome"], state["failure"]) == ("None", None)
    assert "2 of the 4 different schedules do" in state["notes"][0]
    assert "2 of the 4 different schedules fail" in Stepping(explore(deposits))([])["notes"][0]


def test_a_program_that_was_mended_cannot_be_broken() -> None:
    def main() -> int:
        lock, x = Mutex("lock"), [0]

        def add() -> None:
            with lock:
                x[0] += 1

        for thread in [spawn(add), spawn(add)]:
            thread.join()
        return x[0]

    step = Stepping(explore(main))
    ends = {(state["outcome"], state["failure"]) for _, state in all_states(step) if state["outcome"] or state["failure"]}
    assert ends == {("2", None)}
    assert "you cannot break it" in step([])["notes"][0]


@pytest.mark.parametrize("name", ["lost_update", "opposite_locks", "stack_bad"])
def test_clicking_every_way_through_breaks_what_explore_breaks(name: str) -> None:
    verdict = explore(PROGRAMS[name])
    step = Stepping(verdict)
    ends = [(schedule, state) for schedule, state in all_states(step) if state["failure"] or state["outcome"]]
    assert {bool(state["failure"]) for _, state in ends} == {True, False}
    for schedule, state in ends:
        assert bool(state["failure"]) == (replay(PROGRAMS[name], schedule).failure is not None)


def test_a_thread_that_would_wait_for_a_lock_is_blocked_and_names_the_holder() -> None:
    step = Stepping(explore(philosophers))
    state = step(["A"])
    assert rows(state)["B"] == (RUNNABLE, "acquires forks[1]")
    assert state["values"] == {"forks[0]": "held by A", "forks[1]": "free"}
    stuck = step(["A", "B"])
    assert rows(stuck)["A"] == (BLOCKED, "forks[1], held by B")
    assert stuck["failure"].startswith("Deadlock: A waits for B and B waits for A")


def test_every_kind_of_waiting_has_words() -> None:
    def main() -> Any:
        event, permits, channel, condition, flag = Event(), Semaphore(0), Channel(), Condition(), Atomic(0)

        def one() -> None:
            event.wait()
            permits.acquire()
            with condition:
                condition.wait_for(flag.load)
            return channel.receive()

        def other() -> None:
            event.set()
            permits.release()
            with condition:
                flag.store(1)
                condition.notify()
            channel.send(3)

        return [t.join() for t in (spawn(one), spawn(other))]

    step = Stepping(explore(main))
    waits = {row[1] for _, state in all_states(step) for name, row in rows(state).items() if row[0] == BLOCKED and name == "A"}
    assert {"event to be set", "a release of permits", "a notify of condition"} <= waits
    assert any("the lock of condition, held by B" in wait for wait in waits)
    assert step([])["values"] == {
        "channel": "empty", "condition": "nobody waits", "event": "not set", "flag": "0", "permits": "0",
        "the lock of condition": "free",
    }  # fmt: skip


def test_a_spinning_thread_waits_for_a_change() -> None:
    def main() -> None:
        flag = [False]

        def spin() -> None:
            while not flag[0]:
                sched_yield()

        def go() -> None:
            flag[0] = True

        for thread in [spawn(spin), spawn(go)]:
            thread.join()

    step = Stepping(explore(main))
    assert (BLOCKED, "a change of what its loop reads") in {rows(state)["A"] for _, state in all_states(step)}


def test_a_data_race_is_found_where_explore_looks_for_it() -> None:
    def main() -> None:
        x = [0]

        def put() -> None:
            x[0] = 1

        for thread in [spawn(put), spawn(put)]:
            thread.join()

    assert Stepping(explore(main))(["A", "B"])["failure"] is None
    assert Stepping(explore(main, races=True))(["A", "B"])["failure"].startswith("Data race on x[0]")


def test_main_that_fails_ends_the_game_though_others_could_go_on() -> None:
    def main() -> None:
        jobs = ["x"]

        def take() -> None:
            if jobs:
                jobs.pop()
                jobs.append("y")
                jobs.pop()

        for thread in [spawn(take), spawn(take)]:
            thread.join()

    verdict = explore(main)
    assert verdict.failures
    states = list(all_states(Stepping(verdict)))
    early = [s for _, s in states if s["failure"] and any(t["status"] == RUNNABLE for t in s["threads"])]
    assert early
    assert all(state["failure"].startswith("IndexError") for state in early)


def test_a_thread_that_dies_ends_the_game_unless_somebody_expects_it() -> None:
    def program(expected: bool) -> Callable[[], None]:
        def main() -> None:
            x = [0]

            def fail() -> None:
                x[0] += 1
                assert x[0] != 1, "x is 1"

            def work() -> None:
                x[0] += 1
                x[0] += 1

            threads = [spawn(fail), spawn(work)]
            for thread in threads:
                try:
                    thread.join()
                except AssertionError:
                    if not expected:
                        raise

        return main

    assert Stepping(explore(program(expected=False)))(["A", "A", "A"])["failure"].startswith("AssertionError: x is 1")
    state = Stepping(explore(program(expected=True)))(["A", "A", "A"])
    assert state["failure"] is None
    assert rows(state)["A"] == (EXITED, "ended with AssertionError")


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_schedule_that_explore_tells_breaks_the_program_here_too(name: str) -> None:
    verdict = explore(PROGRAMS[name])
    view = verdict.play(verdict.failures[0].schedule)
    assert view.verdict()[0] == "fail"
    assert view.state["notes"]


def test_a_step_that_cannot_be_taken_is_refused() -> None:
    step = Stepping(explore(philosophers))
    with pytest.raises(BadSchedule, match="step 2"):
        step(["A", "main"])


def test_looking_changes_nothing() -> None:
    verdict = explore(deposits)
    step = Stepping(verdict)
    first = [step(schedule) for schedule in (["A"], ["A", "B"], ["A"])]
    assert first[0] == first[2] == step(["A"])
    again = explore(deposits)
    assert (again.runs, again.failing) == (verdict.runs, verdict.failing)


def test_the_picture_is_one_call_and_its_text_is_the_same_each_time() -> None:
    view = explore(deposits).play("A B B")
    assert view.name == "scheduler"
    assert view.text() == explore(deposits).play("A B B").text()
    assert "seen = account.balance" in "\n".join(view.source)
    view.play("A")
    assert view.over


def test_a_program_that_cannot_run_cannot_be_played() -> None:
    def main() -> None:
        import threading

        threading.Lock().acquire()

    with pytest.raises(LabError, match="nothing to step through"):
        explore(main).play()


@pytest.mark.parametrize(
    ("value", "text"),
    [(Account(1), "a Account"), ((1,), "(1,)"), ({2, 1}, "{1, 2}"), ({"a": [1]}, "{'a': [1]}"), (spawn, "spawn"), (None, "None")],
)
def test_values_are_told_without_running_the_programs_code(value: Any, text: str) -> None:
    assert shown(value) == text


def test_a_cell_that_is_the_program_is_run_again_as_a_whole() -> None:
    main: Callable[[], None] = deposits
    verdict = explore(main)
    assert "explore(deposits)" in mend(verdict)
    try:
        main.is_cell = True  # type: ignore[attr-defined]
        assert "in its cell and run it again" in mend(verdict)
    finally:
        del main.is_cell  # type: ignore[attr-defined]
