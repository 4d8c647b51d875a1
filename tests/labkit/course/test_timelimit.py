from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType

import pytest

from labkit.course import timelimit
from labkit.course.timelimit import TimeUp, call_within


def somewhere(frame: FrameType | None) -> str:
    assert frame is not None
    return frame.f_code.co_name


def spin() -> None:
    while True:
        pass


def swallow_once() -> None:
    with contextlib.suppress(KeyboardInterrupt):
        spin()
    spin()


def test_what_ends_in_time_gives_its_result() -> None:
    assert call_within(30, lambda: 7, somewhere) == 7


@pytest.mark.parametrize("code", [spin, swallow_once])
def test_what_never_ends_is_interrupted_where_it_was_first(code: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timelimit, "PATIENCE_S", 0.05)
    with pytest.raises(TimeUp) as caught:
        call_within(0.05, code, somewhere)
    assert caught.value.where == "spin"


def swallow_in_a_loop() -> None:
    while True:
        try:  # noqa: SIM105
            time.monotonic()
        except:  # noqa: E722  what a beginner writes
            pass


def test_a_loop_that_swallows_interrupts_is_ended_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timelimit, "PATIENCE_S", 0.01)
    monkeypatch.setattr(timelimit, "REPEAT_S", 0.001)
    with pytest.raises(TimeUp):
        call_within(0.01, swallow_in_a_loop, somewhere)


def test_nothing_is_left_behind() -> None:
    before, threads = signal.getsignal(signal.SIGINT), threading.active_count()
    with pytest.raises(TimeUp):
        call_within(0.01, spin, somewhere)
    call_within(30, int, somewhere)
    assert signal.getsignal(signal.SIGINT) is before
    assert threading.active_count() == threads


def test_an_interrupt_never_arrives_after_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """The race between the end of the call and the end of the time, at many offsets and with quick repeats."""
    monkeypatch.setattr(timelimit, "PATIENCE_S", 0.001)
    kept = []
    for step in range(200):
        try:
            call_within(0.002, lambda step=step: time.sleep(0.0015 + step * 0.000005), somewhere)  # type: ignore[misc]
        except TimeUp as up:
            kept.append(up)
    assert all(type(up) is TimeUp for up in kept)


def test_an_exception_of_the_call_comes_through() -> None:
    with pytest.raises(ZeroDivisionError):
        call_within(30, lambda: 1 / 0, somewhere)


def test_a_real_ctrl_c_stays_what_it_is() -> None:
    with pytest.raises(KeyboardInterrupt) as caught:
        call_within(30, lambda: os.kill(os.getpid(), signal.SIGINT) or spin(), somewhere)
    assert type(caught.value) is KeyboardInterrupt
