"""verdict.tree(): all runs as a tree, bounded in size, made by running them once more."""

from __future__ import annotations

from typing import Any

import pytest

from labkit import explore, replay, spawn
from labkit.errors import LabError
from labkit.explore.tree import grow
from tests.labkit.explore.wrong import PROGRAMS


def counter(n: int) -> Any:
    def main() -> int:
        x = [0]

        def add() -> None:
            x[0] += 1

        for thread in [spawn(add) for _ in range(n)]:
            thread.join()
        return x[0]

    return main


def test_every_run_is_a_leaf() -> None:
    verdict = explore(counter(2))
    root = grow(verdict)
    leaves = list(root.leaves())
    assert root.runs == len(leaves) == verdict.runs == 4
    assert sorted(leaf.outcome for leaf in leaves) == ["1", "1", "2", "2"]
    assert not any(leaf.failure for leaf in leaves)


def test_runs_add_up_at_every_node() -> None:
    root = grow(explore(counter(3)), leaves=7)
    stack = [root]
    while stack:
        node = stack.pop()
        if node.children:
            assert node.runs == sum(child.runs for child in node.children)
        stack += node.children
    assert root.runs == 36


def test_a_step_says_who_does_what_where() -> None:
    first = grow(explore(counter(2))).children[0]
    assert (first.thread, first.what) == ("A", "reads x[0]")
    assert first.line > 0


def test_a_leaf_can_be_replayed() -> None:
    main = PROGRAMS["lost_update"]
    leaves = list(grow(explore(main)).leaves())
    assert [bool(leaf.failure) for leaf in leaves] == [replay(main, leaf.schedule).failure is not None for leaf in leaves]
    assert sum(bool(leaf.failure) for leaf in leaves) == 2


def test_a_large_tree_keeps_some_leaves_and_counts_the_rest() -> None:
    root = grow(explore(counter(3)), leaves=5)
    leaves = list(root.leaves())
    whole = [leaf for leaf in leaves if leaf.thread]
    rest = [leaf for leaf in leaves if not leaf.thread]
    assert len(whole) == 5
    assert sum(leaf.runs for leaf in rest) == 31
    assert all("more run" in leaf.what for leaf in rest)


def test_what_is_not_kept_is_counted_by_its_end() -> None:
    verdict = explore(PROGRAMS["reorder_3_bad"])
    leaves = list(grow(verdict, leaves=3).leaves())
    assert sum(leaf.runs for leaf in leaves if leaf.failure) == verdict.failing
    assert sum(leaf.runs for leaf in leaves) == verdict.runs
    for leaf in leaves:
        assert (replay(PROGRAMS["reorder_3_bad"], leaf.schedule).failure is not None) == bool(leaf.failure)


def test_a_failing_run_is_kept_even_if_it_comes_late() -> None:
    verdict = explore(PROGRAMS["stack_bad"])
    assert verdict.failing == 1
    failing = [leaf for leaf in grow(verdict, leaves=1).leaves() if leaf.failure]
    assert [leaf.thread for leaf in failing] == ["A"]  # a step of a thread, not a number of runs


def test_deadlocks_and_data_races_are_leaves_that_fail() -> None:
    stuck = [leaf for leaf in grow(explore(PROGRAMS["opposite_locks"])).leaves() if leaf.failure]
    assert len(stuck) == 1
    assert "'A' waits for Mutex 'b'" in stuck[0].failure
    racing = list(grow(explore(counter(2), races=True)).leaves())
    assert all("nothing orders them" in leaf.failure for leaf in racing)


def test_the_tree_of_a_part_is_the_same_part() -> None:
    for options in ({"bound": 1}, {"walk": "random", "runs": 9, "seed": 3}, {"runs": 5}):
        verdict: Any = explore(counter(3), **options)
        assert grow(verdict).runs == verdict.runs


def test_the_tree_is_drawn_or_told() -> None:
    text = explore(counter(2)).tree().text()
    assert text.startswith("schedule tree: 4 runs")
    assert "A reads x[0]" in text


@pytest.mark.parametrize("leaves", [0, -1, "many", True])
def test_a_senseless_number_of_leaves_is_refused(leaves: Any) -> None:
    with pytest.raises(LabError, match="at least 1"):
        explore(counter(2)).tree(leaves=leaves)
