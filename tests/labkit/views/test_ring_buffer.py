"""The ring buffer: bytes are accounted for, the oldest goes first, and neither console nor clear erases anything."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.errors import LabError
from labkit.kmsg import Record
from labkit.views import RingBuffer
from labkit.views.ring_buffer import lay_out


def records(*texts: str, level: int = 6) -> list[Record]:
    return [Record(level, 0, i, 1000 * i, "-", text) for i, text in enumerate(texts)]


def test_a_record_takes_its_id_its_text_and_a_nul_rounded_up_to_eight() -> None:
    assert [b.bytes for b in lay_out(records("", "1234567", "12345678"), 1024)] == [16, 16, 24]


def test_the_oldest_is_overwritten_when_its_place_is_needed() -> None:
    blocks = lay_out(records(*["1234567"] * 6), 64)
    assert [b.place for b in blocks] == [0, 16, 32, 48, 0, 16]
    assert [b.oldest for b in blocks] == [0, 0, 0, 0, 1, 2]


def test_a_record_that_would_run_over_the_end_starts_again_at_the_beginning() -> None:
    blocks = lay_out(records("1234567", "x" * 24, "1234567890"), 64)
    assert (blocks[2].place, blocks[2].gap, blocks[2].oldest) == (0, 8, 2)


def test_a_record_longer_than_the_ring_is_dropped_and_overwrites_nothing() -> None:
    view = RingBuffer(records("first", "x" * 100), 64)
    assert (view.blocks[1].bytes, view.oldest) == (0, 0)
    assert "too long" in view.text()


@given(st.lists(st.integers(0, 90), max_size=60), st.sampled_from([64, 96, 256]))
def test_no_two_records_of_the_buffer_share_a_byte(lengths: list[int], size: int) -> None:
    blocks = lay_out(records(*("x" * n for n in lengths)), size)
    for i, newest in enumerate(blocks):
        taken: set[int] = set()
        for block in blocks[newest.oldest : i + 1]:
            place = set(range(block.place, block.place + block.bytes))
            assert not taken & place
            assert all(byte < size for byte in place)
            taken |= place


def test_the_console_gets_what_is_below_its_level_and_not_the_level_itself() -> None:
    view = RingBuffer([Record(level, 0, level, 0, "-", "x") for level in range(8)], console_level=4)
    assert [view.on_console(r) for r in view.records] == [True] * 4 + [False] * 4


def test_clear_hides_from_dmesg_and_erases_nothing() -> None:
    lines = RingBuffer(records("a", "b"), 64, cleared_after=1).text().splitlines()
    assert [line.split()[-2] for line in lines[2:4]] == ["-", "yes"]


@pytest.mark.parametrize("wrong", [{"size_bytes": 0}, {"size_bytes": 100}, {"console_level": 0}, {"console_level": 9}])
def test_sizes_and_levels_that_no_kernel_has_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(LabError):
        RingBuffer([], **wrong)  # type: ignore[arg-type]
