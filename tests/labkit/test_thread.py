"""What a thread says of itself, and which attributes it takes."""

from __future__ import annotations

from typing import Any

import pytest

from labkit import current_thread, run, spawn
from labkit.errors import LabError
from labkit.thread import ATTRIBUTES, STATES, check_attributes


def test_attributes_that_are_not_given_have_their_defaults() -> None:
    assert check_attributes({"priority": 3}) == {**ATTRIBUTES, "priority": 3}
    assert check_attributes({}) is not ATTRIBUTES


@pytest.mark.parametrize("wish", [{"weight": 0}, {"weight": 1.5}, {"tickets": -1}, {"tickets": "2"}, {"priority": 0.5}])
def test_a_number_that_makes_no_sense_is_shown(wish: dict[str, Any]) -> None:
    [(name, value)] = wish.items()
    with pytest.raises(LabError, match=rf"{name}={value!r}"):
        check_attributes(wish)


def test_an_unknown_attribute_is_told_the_known_ones() -> None:
    with pytest.raises(LabError, match="does not know nice=; it takes name, priority, weight"):
        check_attributes({"nice": 1})


def test_a_run_never_changes_the_defaults() -> None:
    before = dict(ATTRIBUTES)
    run(lambda: spawn(lambda: None, stack_bytes=1 << 20).join(), machine="pthread")
    assert before == ATTRIBUTES


def test_a_thread_names_itself() -> None:
    me = run(current_thread).result
    assert repr(me) == "<Thread 1 'main' EXITED>"
    assert (me.describe(), me.holders()) == ("the end of thread 'main'", ("main",))
    assert me.state in STATES
