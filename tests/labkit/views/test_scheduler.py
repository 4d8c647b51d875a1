"""You are the scheduler: who may step, what came of it, and what a switch and a preemption are."""

from __future__ import annotations

import json
from typing import Any

import pytest

from labkit.errors import LabError
from labkit.views import Scheduler
from labkit.views.deposits import DEPOSITS, deposits
from labkit.views.turns import FINISH_STEPS, State

USUAL = """\
you are the scheduler: 3 steps, 1 switch, 1 preemption
B took step 3: writes balance, line 5.

thread  state    next step
A       can run  writes balance, line 5
B       ended
balance = 110
seen in A = 100
seen in B = 100

schedule: A B B
step  thread
   1  A       reads balance, line 4
   2  B       reads balance, line 4  (a preemption)
   3  B       writes balance, line 5"""


def locked(schedule: list[str]) -> State:
    """A and B take one lock, work, and give it back; who finds it taken is blocked."""
    done = {"A": 0, "B": 0}
    for name in schedule:
        done[name] += 1
    holder = next((name for name, n in done.items() if n in (1, 2)), None)
    threads = []
    for name, n in done.items():
        stuck = n == 0 and holder not in (None, name)
        words = f"Mutex 'm', held by '{holder}'" if stuck else ["acquires m", "adds", "releases m", ""][n]
        threads.append(
            {"name": name, "status": "BLOCKED" if stuck else "EXITED" if n == 3 else "RUNNABLE", "step": words, "line": n}
        )
    ended = all(n == 3 for n in done.values())
    return {"threads": threads, "values": {"m": holder or "free"}, "outcome": "2" if ended else None, "failure": None}


def endless(schedule: list[str]) -> State:
    """Two threads that are polite for ever."""
    threads = [{"name": name, "status": "RUNNABLE", "step": "lets the other go first", "line": 0} for name in "AB"]
    return {"threads": threads, "values": {}, "outcome": None, "failure": None}


def packed(game: Scheduler) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(game.data())
    return data


def test_text_twin_tells_the_state_and_the_steps() -> None:
    assert Scheduler(deposits, DEPOSITS, schedule="A B B").text() == USUAL


@pytest.mark.parametrize(
    ("schedule", "kind", "says"),
    [
        ("", "", "Nothing has run yet. Choose the thread that takes the first step"),
        ("A B", "", "B, which preempted A, took step 2: reads balance, line 4."),
        ("A A B B", "pass", "It ended with 160. Nothing broke in this order"),
        ("A B B A", "fail", "You broke it after 4 steps: balance is 150, not 160"),
    ],
)
def test_the_verdict_is_said_in_words(schedule: str, kind: str, says: str) -> None:
    found, words = Scheduler(deposits, schedule=schedule).verdict()
    assert found == kind
    assert words.startswith(says)


def test_leaving_a_thread_that_could_go_on_is_a_preemption_and_leaving_another_is_not() -> None:
    came = [step[3] for step in Scheduler(deposits, schedule="A B A B").steps()]
    assert came == ["", "preempt", "preempt", "switch"], "A had ended before the last step"
    assert Scheduler(deposits, schedule="A B A B").describe() == "4 steps, 3 switches, 2 preemptions"


def test_a_blocked_thread_cannot_step_and_is_shown_with_what_it_waits_for() -> None:
    game = Scheduler(locked, schedule="A")
    assert game.runnable(1) == ["A"]
    assert "B       blocked  waits for Mutex 'm', held by 'A'" in game.text()
    with pytest.raises(LabError, match="'B' cannot take step 2; able to: A"):
        game.play("B")
    assert game.moves == ["A"]


def test_a_thread_that_does_not_exist_cannot_step() -> None:
    with pytest.raises(LabError, match="'C' cannot take step 1; able to: A, B"):
        Scheduler(deposits, schedule="C")


def test_after_the_end_nobody_can_step() -> None:
    with pytest.raises(LabError, match="able to: nobody, the run is over"):
        Scheduler(deposits, schedule="A A B B A")


def test_let_it_run_gives_each_thread_one_step_in_turn() -> None:
    game = Scheduler(deposits)
    game.finish()
    assert game.schedule == "A B A B"
    game = Scheduler(locked, schedule="B")
    game.finish()
    assert game.moves == ["B", "B", "B", "A", "A", "A"], "a blocked thread loses its turn"
    assert game.state["outcome"] == "2"


def test_let_it_run_ends_even_if_the_program_does_not() -> None:
    game = Scheduler(endless)
    game.finish()
    assert len(game.moves) == FINISH_STEPS
    assert "it may never end in this order" in game.verdict()[1]
    assert len(game.text().splitlines()) < 80


def test_undo_and_restart_go_back() -> None:
    game = Scheduler(deposits, schedule="A B B A")
    game.undo()
    assert game.text() == USUAL
    game.restart()
    assert game.schedule == ""
    game.undo()
    assert game.moves == []


def test_each_schedule_is_asked_for_once() -> None:
    asked: list[str] = []

    def state(schedule: list[str]) -> State:
        asked.append("".join(schedule))
        return deposits(schedule)

    game = Scheduler(state, schedule="A B")
    game.text()
    game.undo()
    game.play("B")
    game.data()
    assert asked == ["", "A", "AB"]


def test_nobody_able_to_run_without_a_failure_is_said_so() -> None:
    dead: State = {
        "threads": [{"name": "A", "status": "BLOCKED", "step": "Mutex 'm'", "line": 1}],
        "values": {}, "outcome": None, "failure": None,
    }  # fmt: skip
    assert Scheduler(lambda schedule: dead).verdict() == ("stuck", "No thread can take a step.")


def test_a_value_that_the_last_step_changed_is_marked() -> None:
    assert packed(Scheduler(deposits, schedule="A"))["values"] == [["balance", "100", False], ["seen in A", "100", False]]
    assert packed(Scheduler(deposits, schedule="A A"))["values"][0] == ["balance", "150", True]


def test_clicks_step_undo_restart_and_let_it_run() -> None:
    game = Scheduler(deposits)
    for ask, schedule in (("1 step A", "A"), ("2 step B", "A B"), ("3 undo", "A"), ("4 finish", "A B A B"), ("5 restart", "")):
        game.reply(ask)
        assert game.schedule == schedule


def test_a_live_picture_gets_the_new_state() -> None:
    pytest.importorskip("anywidget", reason="anywidget is not installed: pip install labkit[course]")
    game = Scheduler(deposits)
    live = game.live()
    live.ask = "1 step A"
    assert json.loads(live.data)["schedule"] == "A"
    assert json.loads(live.answer) == ["1 step A", ""]


def test_a_step_that_the_program_refuses_is_told_in_words_and_not_taken() -> None:
    def broken(schedule: list[str]) -> State:
        if len(schedule) > 1:
            raise ZeroDivisionError("division by zero")
        return deposits(schedule)

    game = Scheduler(broken, schedule="A")
    game.reply("1 step B")
    assert game.moves == ["A"]
    assert game.verdict()[1] == "this step could not be taken: ZeroDivisionError: division by zero"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"threads": []}, "a state without values and outcome and failure"),
        ({"threads": [{"name": "A"}], "values": {}, "outcome": None, "failure": None}, "has no status and no step and no line"),
        (
            {
                "threads": [{"name": "A", "status": "ready", "step": "", "line": 0}],
                "values": {},
                "outcome": None,
                "failure": None,
            },
            "thread 'A' has the status 'ready'; there are RUNNABLE, BLOCKED, EXITED",
        ),
    ],
)
def test_a_state_that_is_none_is_refused_with_what_is_wrong(wrong: State, says: str) -> None:
    with pytest.raises(LabError, match=says):
        Scheduler(lambda schedule: wrong)


def noted(schedule: list[str]) -> State:
    return {
        **deposits(schedule),
        "notes": ["Why it failed:", "    step by step", "What to do next."] if len(schedule) == 4 else [],
    }


def test_notes_have_their_place_from_the_beginning_and_stand_in_the_text_as_they_are() -> None:
    game = Scheduler(noted)
    high = game.height
    assert high > Scheduler(deposits).height
    game.play("A B B A")
    assert game.height == high
    assert game.text().endswith("\n\nWhy it failed:\n    step by step\nWhat to do next.")
    assert json.loads(game.data())["notes"][1] == "    step by step"


def test_a_thread_may_leave_the_list_after_its_step() -> None:
    def once(schedule: list[str]) -> State:
        rows = [{"name": name, "status": "RUNNABLE", "step": "works", "line": 0} for name in "AB" if name not in schedule]
        return {"threads": rows, "values": {}, "outcome": None if rows else "1", "failure": None}

    assert [step[3] for step in Scheduler(once, schedule="A B").steps()] == ["", "switch"]
