"""The schedule tree: chains folded, failing runs never hidden behind passing ones, a chosen run handed to Python."""

from __future__ import annotations

import json
from typing import Any

import pytest

from labkit import Trace
from labkit.scheduletree import Node
from labkit.views import ScheduleTree, Timeline
from labkit.views.branches import Branch, Survey, branches
from labkit.views.deposits import two_deposits

USUAL = """\
schedule tree: 6 runs, 4 fail, 1 outcome
start
├─ A reads balance
│  ├─ A writes balance; B reads balance, writes balance → ✓ 160   schedule: A A B B
│  └─ B reads balance
│     ├─ A writes balance; B writes balance → ✗ balance is 110, not 160   schedule: A B A B
│     └─ B writes balance; A writes balance → ✗ balance is 150, not 160   schedule: A B B A
└─ B reads balance
   ├─ A reads balance
   │  ├─ A writes balance; B writes balance → ✗ balance is 110, not 160   schedule: B A A B
   │  └─ B writes balance; A writes balance → ✗ balance is 150, not 160   schedule: B A B A
   └─ B writes balance; A reads balance, writes balance → ✓ 160   schedule: B B A A"""


def wide(runs: int, failing: set[int]) -> Node:
    """A tree whose runs all branch off at the start."""
    root = Node()
    for i in range(runs):
        root.add([(f"t{i}", "runs", 1)], outcome="" if i in failing else "0", failure="lost" if i in failing else "")
    return root


def boxes(root: Node, most: int) -> list[Branch]:
    return branches(Survey(root), most)


def kinds(root: Node, most: int) -> dict[str, int]:
    made: dict[str, int] = {}
    for box in boxes(root, most):
        made[box.kind] = made.get(box.kind, 0) + 1
    return made


def test_text_twin_draws_every_run_with_its_result_and_schedule() -> None:
    assert ScheduleTree(two_deposits()).text() == USUAL


def test_a_chain_without_a_choice_is_one_box() -> None:
    root = Node()
    root.add([("main", "spawns A", 1), ("A", "reads x", 2), ("A", "writes x", 3)], outcome="1")
    (box,) = boxes(root, 10)
    assert box.words == "main spawns A; A reads x, writes x"
    assert (box.kind, box.result, box.schedule) == ("pass", "1", "main A A")


def test_a_long_chain_is_said_by_its_ends() -> None:
    root = Node()
    root.add([("A", f"does {i}", i) for i in range(9)])
    assert boxes(root, 10)[0].words == "A ×9: does 0 … does 8"


def test_few_leaves_are_all_drawn() -> None:
    assert kinds(wide(10, {3}), most=10) == {"": 1, "pass": 9, "fail": 1}


def test_failing_leaves_are_drawn_before_passing_ones() -> None:
    root = wide(300, {250, 299})
    assert kinds(root, most=10) == {"": 1, "pass": 8, "fail": 2, "more": 1}
    (more,) = [box for box in boxes(root, 10) if box.kind == "more"]
    assert (more.words, more.runs, more.fails) == ("… 290 more runs", 290, 0)


def test_failing_runs_that_are_not_drawn_are_counted_as_such() -> None:
    (more,) = [box for box in boxes(wide(300, set(range(100))), 9) if box.kind == "more"]
    assert more.words == "… 291 more runs, 94 fail"


def test_among_failing_runs_some_that_pass_are_drawn_too() -> None:
    assert kinds(wide(300, set(range(298))), most=9) == {"": 1, "fail": 7, "pass": 2, "more": 1}


def test_runs_below_a_box_and_how_many_fail_are_counted() -> None:
    drawn = boxes(two_deposits(), 10)
    assert [(b.runs, b.fails) for b in drawn if not b.kind] == [(6, 4), (3, 2), (3, 2), (2, 2), (2, 2)]


def test_merged_runs_count_as_often_as_they_stand_for() -> None:
    root = Node()
    root.add([("A", "x", 1)], outcome="0", runs=5)
    root.add([("B", "y", 2)], failure="lost", runs=7)
    view = ScheduleTree(root)
    assert view.describe() == "12 runs, 7 fail, 1 outcome"
    assert view.outcomes() == [[True, "lost", 7], [False, "0", 5]]
    assert "(×7)" in view.text()


def test_runs_that_were_only_counted_are_said_where_they_branch_off() -> None:
    root = two_deposits()
    root.runs += 212
    assert ScheduleTree(root).describe() == "218 runs, 4 fail, 1 outcome"
    assert "└─ … 212 more runs" in ScheduleTree(root).text()


def test_a_tree_made_by_hand_counts_its_leaves() -> None:
    root = Node(children=[Node("A", "x", 1, outcome="0"), Node("B", "y", 2, failure="lost")])
    assert ScheduleTree(root).describe() == "2 runs, 1 fails, 1 outcome"
    assert len(boxes(root, 10)) == 3


def test_boxes_after_which_the_same_can_happen_carry_one_number() -> None:
    same = [box.same for box in boxes(two_deposits(), 10) if not box.kind]
    assert same == [0, 0, 0, 1, 1]


def test_a_run_that_was_not_followed_to_its_end_is_neither_right_nor_wrong() -> None:
    root = Node()
    root.add([("A", "x", 1)])
    assert "→ ? not followed to its end" in ScheduleTree(root).text()
    assert ScheduleTree(root).describe() == "1 run, none fails, 0 outcomes"


def test_a_very_long_run_and_a_very_deep_tree_are_drawn() -> None:
    root = Node()
    for i in range(0, 3_000, 30):
        root.add([("A", "x", 1)] * i + [("B", "y", 2)], failure="lost" if i % 2 else "", outcome="0")
    view = ScheduleTree(root)
    assert len(view.text().splitlines()) <= 102
    assert len(view.svg()) < 40_000


def ask(view: ScheduleTree, kind: str) -> dict[str, Any]:
    """What the picture is answered when a leaf of that kind is chosen."""
    leaf = next(i for i, box in enumerate(view.boxes) if box.kind == kind)
    answer: dict[str, Any] = json.loads(view.reply(f"1 {leaf}"))
    return answer


def test_a_chosen_run_is_handed_over_as_its_schedule() -> None:
    chosen: list[str] = []
    view = ScheduleTree(two_deposits(), on_select=chosen.append)
    assert view.selected == ""
    assert ask(view, "fail") == {"words": ""}
    assert view.selected == "A B A B"
    assert chosen == ["A B A B"]
    quiet = ScheduleTree(two_deposits())
    assert ask(quiet, "pass") == {}
    assert quiet.selected == "A A B B"


def test_a_view_that_on_select_returns_is_shown_as_a_page() -> None:
    made = Timeline(Trace([(0, "spawn", 1, 0, 0)], {1: "main"}))
    answer = ask(ScheduleTree(two_deposits(), on_select=lambda schedule: made), "fail")
    assert answer == {"page": made.page(), "height": made.height + 20, "words": made.words}


def test_a_replay_that_fails_is_told_in_words() -> None:
    def broken(schedule: str) -> None:
        raise ValueError(f"cannot replay {schedule}")

    assert ask(ScheduleTree(two_deposits(), on_select=broken), "fail") == {
        "words": "this run could not be shown again: ValueError: cannot replay A B A B"
    }


def test_no_leaves_is_refused() -> None:
    with pytest.raises(ValueError, match="draw at least 1 run"):
        ScheduleTree(Node(), leaves=0)


def test_the_first_run_that_fails_is_shown_from_the_beginning_and_has_its_place() -> None:
    asked: list[str] = []

    def replayed(schedule: str) -> Timeline:
        asked.append(schedule)
        return Timeline(Trace(), title=f"run {schedule}")

    view = ScheduleTree(two_deposits(), on_select=replayed)
    first = json.loads(view.data())["first"]
    assert view.boxes[first["box"]].schedule == "A B A B"
    assert "run A B A B" in first["page"]
    assert view.height == ScheduleTree(two_deposits()).height + first["height"]
    assert json.loads(view.reply(f"1 {first['box']}"))["words"] == first["words"]
    assert asked == ["A B A B"], "what is there is not asked for again"
    assert view.fits_a_page


def test_where_no_run_fails_the_first_one_is_shown() -> None:
    root = Node()
    root.add([("A", "works", 1)], outcome="1")
    view = ScheduleTree(root, on_select=lambda schedule: schedule)
    assert json.loads(view.data())["first"]["words"] == "A"
    assert json.loads(ScheduleTree(Node(), on_select=lambda schedule: schedule).data())["first"] is None


def test_a_first_run_too_large_to_be_carried_comes_with_the_click() -> None:
    long = Trace([(i, "spawn", 1, 0, 0) for i in range(20_000)], {1: "main"})
    view = ScheduleTree(two_deposits(), on_select=lambda schedule: Timeline(long))
    assert view.first is None
    assert view.fits_a_page
    assert "page" in json.loads(view.reply("1 3"))
