"""The stack gauge: bytes add up, and the depth at which the guard page is hit is exact."""

from __future__ import annotations

import json

import pytest

from labkit.errors import LabError
from labkit.views import StackGauge


@pytest.mark.parametrize(("size", "limit"), [(528, 30), (544, 29)])
def test_a_recursion_fits_as_often_as_linux_showed(size: int, limit: int) -> None:
    gauge = StackGauge([("rec", size)])
    assert gauge.limit == limit
    assert gauge.used(limit) <= gauge.total < gauge.used(limit + 1)


@pytest.mark.parametrize(("size", "limit"), [(16_160, 1), (16_161, 0), (8_080, 2)])
def test_the_last_byte_may_be_used_and_the_next_may_not(size: int, limit: int) -> None:
    assert StackGauge([("f", size)]).limit == limit


def test_frames_around_the_last_take_their_part() -> None:
    gauge = StackGauge([("outer", 1000), ("rec", 500)], depth=3, entry_bytes=0, total=3000)
    assert (gauge.used(3), gauge.limit) == (2500, 4)
    assert "2,500 of 3,000 bytes used, 500 left" in gauge.text()


def test_a_chain_that_does_not_fit_at_all_says_so() -> None:
    gauge = StackGauge([("array", 17_000), ("rec", 8)])
    assert gauge.limit == -1
    assert "the guard page is hit" in gauge.text()


def test_overflow_is_drawn_in_the_guard_page() -> None:
    assert StackGauge([("rec", 528)], depth=31).text().splitlines()[1].partition("|")[2].startswith("X▒")
    assert "X" not in StackGauge([("rec", 528)], depth=30).text()


def test_a_frame_takes_at_least_one_byte() -> None:
    with pytest.raises(LabError, match="every call takes some"):
        StackGauge([("free", 0)])


def test_the_javascript_gets_the_same_limit() -> None:
    data = json.loads(StackGauge([("rec", 528)]).data())
    assert (data["limit"], data["entry"] + 30 * data["frames"][-1][1] <= data["total"]) == (30, True)
