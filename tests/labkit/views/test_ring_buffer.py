"""The ring buffer: bytes are accounted for, the oldest goes first, and neither console nor clear erases anything."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.errors import LabError
from labkit.kmsg import Record
from labkit.simkernel.ringbuffer import LogBuffer
from labkit.views import RingBuffer
from labkit.views.ring_buffer import lay_out


def records(*texts: str, level: int = 6) -> list[Record]:
    return [Record(level, 0, i, 1000 * i, "-", text) for i, text in enumerate(texts)]


def test_a_record_takes_its_head_and_its_text_rounded_up_to_eight() -> None:
    assert [b.bytes for b in lay_out(records("", "12345678", "123456789"), 1024)] == [8, 16, 24]


def test_the_oldest_is_overwritten_when_its_place_is_needed() -> None:
    blocks = lay_out(records(*["x" * 24] * 6), 128)
    assert [b.place for b in blocks] == [0, 32, 64, 96, 0, 32]
    assert [b.oldest for b in blocks] == [0, 0, 0, 0, 1, 2]


def test_a_record_goes_on_at_the_beginning_when_the_ring_ends() -> None:
    assert lay_out(records("x" * 40, "y" * 40), 64)[1] == (48, 48, 1)
    assert "48-32" in RingBuffer(records("x" * 40, "y" * 40), 64).text()


def test_many_tiny_records_make_room_before_the_bytes_run_out() -> None:
    assert lay_out(records(*["x"] * 5), 128)[-1].oldest == 1


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
            place = {at % size for at in range(block.place, block.place + block.bytes)}
            assert not taken & place
            taken |= place


@given(st.lists(st.integers(0, 40), max_size=60), st.sampled_from([64, 96, 256]))
def test_the_simkernels_log_overwrites_the_same_records(lengths: list[int], size: int) -> None:
    log, lines = LogBuffer(size), records(*("x" * n for n in lengths))
    for record in lines:
        log.append(record.level, record.text)
    assert RingBuffer(lines, size).oldest == log.overwritten


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
