"""A schedule tree grows run by run, and counts what went through."""

from __future__ import annotations

from labkit.scheduletree import Node, Step


def test_runs_with_the_same_beginning_share_it() -> None:
    root = Node()
    root.add([("A", "x", 1), ("A", "y", 2)], outcome="1")
    root.add([("A", "x", 1), ("B", "y", 2)], outcome="2")
    (first,) = root.children
    assert (root.runs, first.runs, [child.thread for child in first.children]) == (2, 2, ["A", "B"])
    assert [leaf.outcome for leaf in root.leaves()] == ["1", "2"]


def test_steps_that_differ_only_in_words_are_different_steps() -> None:
    root = Node()
    root.add([("A", "reads x", 1)])
    root.add([("A", "writes x", 1)])
    assert len(root.children) == 2


def test_a_leaf_knows_its_schedule_and_how_many_runs_it_stands_for() -> None:
    root = Node()
    leaf = root.add([("A", "x", 1)] * 4 + [("B", "y", 2)], outcome="1", runs=6)
    assert leaf.schedule == "A*4 B"
    assert (leaf.runs, root.runs) == (6, 6)
    assert root.add([("B", "y", 2)], schedule="main B").schedule == "main B"


def test_a_step_is_said_with_its_line_if_it_has_one() -> None:
    assert str(Step("A", "reads x", 7)) == "A reads x, line 7"
    assert str(Step("A", "ends")) == "A ends"


def test_a_run_may_be_longer_than_the_stack_is_deep() -> None:
    root = Node()
    root.add([("A", f"step {i}", i) for i in range(20_000)], outcome="0")
    assert len(list(root.leaves())) == 1
    assert repr(root) == "Node(thread='', what='', line=0, runs=1, outcome='', failure='', schedule='')"
