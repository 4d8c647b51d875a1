"""The interval timer: it ticks inside its block, and everything is put back after it."""

from __future__ import annotations

import signal
import threading

import pytest

from labkit.alarm import TIMERS, Alarm, is_free
from labkit.errors import LabError


@pytest.mark.parametrize("timer", TIMERS)
def test_it_ticks_until_the_block_ends(timer: str) -> None:
    ticks: list[int] = []
    with Alarm(timer, 0.001, lambda signum, frame: ticks.append(signum)):
        while len(ticks) < 3:
            sum(range(100))
    assert set(ticks) == {TIMERS[timer][1]}
    n = len(ticks)
    sum(range(10**5))
    assert len(ticks) == n
    assert signal.getitimer(TIMERS[timer][0]) == (0.0, 0.0)


def test_an_exception_in_the_handler_leaves_the_block_and_puts_all_back() -> None:
    def handler(signum: int, frame: object) -> None:
        raise LookupError

    before = signal.getsignal(signal.SIGALRM), signal.pthread_sigmask(signal.SIG_BLOCK, [])

    def wait_for_it() -> None:
        with Alarm("real", 0.001, handler):
            while True:
                sum(range(100))

    with pytest.raises(LookupError):
        wait_for_it()
    assert (signal.getsignal(signal.SIGALRM), signal.pthread_sigmask(signal.SIG_BLOCK, [])) == before


def test_an_unknown_timer_is_told_the_known_ones() -> None:
    with pytest.raises(LabError, match="'real' or 'virtual'"):
        Alarm("sundial", 1, lambda signum, frame: None)


def test_a_timer_in_use_is_not_free() -> None:
    assert is_free("real")
    with Alarm("real", 100, lambda signum, frame: None):
        assert not is_free("real")
        assert is_free("virtual")
    assert is_free("real")


def test_off_the_main_thread_no_timer_is_free() -> None:
    told: list[bool] = []
    t = threading.Thread(target=lambda: told.append(is_free("real")))
    t.start()
    t.join()
    assert told == [False]
