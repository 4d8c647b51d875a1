"""A value crosses with its exact type, or arrives as a stranger that is equal to nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.course.check import same
from labkit.grading.wire import BYTES_MOST, CannotCross, Foreign, Frames, from_data, lesser, packed, to_data, unpacked

ATOMS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5) | st.binary(max_size=5)
VALUES = st.recursive(
    ATOMS | st.complex_numbers(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.lists(inner, max_size=3).map(tuple) | st.dictionaries(ATOMS, inner, max_size=3)
    | st.frozensets(ATOMS, max_size=3),
    max_leaves=8,
)  # fmt: skip


def crossed(value: Any) -> Any:
    """What arrives, through the very bytes."""
    (data,) = Frames(1 << 20).feed(packed(to_data(value)))
    return from_data(data)


@settings(max_examples=100, deadline=None)
@given(VALUES)
def test_plain_values_arrive_equal_and_of_the_same_type(value: Any) -> None:
    assert same(crossed(value), value)


@settings(max_examples=50, deadline=None)
@given(VALUES)
def test_packing_says_what_json_says(value: Any) -> None:
    data = to_data(value)
    assert packed(data)[4:] == json.dumps(data, separators=(",", ":")).encode()
    assert unpacked(packed(data)[4:]) == data


def test_what_is_equal_to_everything_arrives_as_a_stranger() -> None:
    class Kind(type):
        def __eq__(cls, other: object) -> bool:
            return True

        __hash__ = type.__hash__

    class All(metaclass=Kind):
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = None  # type: ignore[assignment]

    class Text(str):
        pass

    for value in (All(), Text("fine"), True.__class__, json):
        assert isinstance(crossed(value), Foreign)
        assert crossed(value) != crossed(value)


def test_a_repr_that_raises_is_told_of() -> None:
    class Bad:
        def __repr__(self) -> str:
            raise ValueError

    assert "repr raises ValueError" in str(crossed(Bad()))


def test_values_too_deep_or_too_large_do_not_cross() -> None:
    deep: list[Any] = []
    deep.append(deep)
    for value in (deep, "x" * (BYTES_MOST + 1), b"x" * (BYTES_MOST + 1), 1 << (8 * BYTES_MOST + 8)):
        with pytest.raises(CannotCross):
            to_data(value)


def test_messages_come_out_of_pieces_whole_and_in_order() -> None:
    frames, stream = Frames(1000), packed(["a", 1]) + packed({"b": None})
    assert [each for byte in stream for each in frames.feed(bytes([byte]))] == [["a", 1], {"b": None}]
    with pytest.raises(ValueError, match="a message of"):
        frames.feed((1001).to_bytes(4, "little"))


def test_the_lesser_mark_is_another() -> None:
    assert lesser("a") != "a"
    assert lesser("a") == lesser("a") != lesser("b")
