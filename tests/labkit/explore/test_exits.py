"""Whatever goes wrong inside an exploration, nothing is left of it: no machine that runs, no class rewritten."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from labkit import here, spawn
from labkit.errors import Aborted, NeverYields
from labkit.explore import explore, session
from labkit.explore.machine import ExploreMachine
from labkit.explore.search import Search


class Till:
    """Something of the student's, rewritten while it is explored."""

    def __init__(self) -> None:
        self.money = 0

    def earn(self) -> None:
        self.money += 1


earn = Till.earn


def shop() -> int:
    """Two threads and a till."""
    till = Till()
    for thread in [spawn(till.earn), spawn(till.earn)]:
        thread.join()
    return till.money


@pytest.fixture(autouse=True)
def nothing_is_left() -> Any:
    explore(shop)  # so that the explorer has tried itself
    yield
    assert isinstance(here.machine, here.Nobody)
    assert Till.earn is earn
    assert explore(shop).runs == 4


def fails_at(nth: int, error: BaseException, real: Callable[..., Any]) -> Callable[..., Any]:
    """A function like the real one, except for its nth call."""
    calls = 0

    def called(*args: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == nth:
            raise error
        return real(*args)

    return called


@pytest.mark.parametrize("nth", [1, 2, 4])
def test_error_while_counting_comes_out(monkeypatch: pytest.MonkeyPatch, nth: int) -> None:
    verdict = explore(shop)
    with monkeypatch.context() as patch:
        patch.setattr(session, "orders", fails_at(nth, MemoryError(), session.orders))
        with pytest.raises(MemoryError):
            assert verdict.interleavings
    assert verdict.interleavings == 6


@pytest.mark.parametrize("nth", range(1, 12))
def test_error_of_the_search_comes_out_and_is_no_failure_of_the_program(monkeypatch: pytest.MonkeyPatch, nth: int) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Search, "choose", fails_at(nth, MemoryError(), Search.choose))
        with pytest.raises(MemoryError):
            explore(shop)


@pytest.mark.parametrize("nth", range(1, 6))
def test_interrupt_while_a_run_is_cleared_away(monkeypatch: pytest.MonkeyPatch, nth: int) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(ExploreMachine, "_abort", fails_at(nth, KeyboardInterrupt(), ExploreMachine._abort))
        assert "interrupted" in explore(shop).stopped


@pytest.mark.parametrize("nth", range(1, 12))
def test_watchdog_that_barks_while_a_decision_is_made(monkeypatch: pytest.MonkeyPatch, nth: int) -> None:
    """Its handler may run anywhere, on the stack of any thread or of none."""

    def choose(search: Search, machine: ExploreMachine) -> Any:
        try:
            return real(search, machine)
        except Aborted:
            machine.failure = NeverYields("A", None, 5)
            raise

    with monkeypatch.context() as patch:
        real = fails_at(nth, Aborted(), Search.choose)
        patch.setattr(Search, "choose", choose)
        assert "did not end" in explore(shop).stopped
