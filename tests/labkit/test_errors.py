"""Errors: who waits for whom, and what a student reads."""

from __future__ import annotations

import pytest

from labkit import errors
from labkit.errors import Deadlock, LabError, Waiting, wait_cycle


@pytest.mark.parametrize("name", [n for n, e in vars(errors).items() if isinstance(e, type) and issubclass(e, Exception)])
def test_whatever_labkit_raises_is_a_lab_error(name: str) -> None:
    assert issubclass(getattr(errors, name), LabError)


@pytest.mark.parametrize(
    ("holders", "cycle"),
    [
        ({}, []),
        ({"A": ()}, []),
        ({"A": ("A",)}, ["A", "A"]),
        ({"A": ("B",), "B": ("A",)}, ["A", "B", "A"]),
        ({"main": ("A",), "A": ("B",), "B": ("C",), "C": ("A",)}, ["A", "B", "C", "A"]),
        ({"A": ("B", "C"), "B": (), "C": ("A",)}, ["A", "C", "A"]),
        ({"A": ("gone",)}, []),
        ({"A": ("B",), "B": ("C",), "C": ()}, []),
    ],
)
def test_the_cycle_is_found_if_there_is_one(holders: dict[str, tuple[str, ...]], cycle: list[str]) -> None:
    assert wait_cycle([Waiting(name, "something", held) for name, held in holders.items()]) == cycle


def test_a_deadlock_reads_as_sentences() -> None:
    deadlock = Deadlock([Waiting("A", "Mutex 'm'", ("B",)), Waiting("B", "the end of thread 'A'", ("A",))])
    assert str(deadlock) == (
        "no thread can run.\n  'A' waits for Mutex 'm', held by 'B'\n  'B' waits for the end of thread 'A'\n  cycle: A → B → A"
    )


def test_several_holders_are_joined_by_and() -> None:
    assert str(Waiting("A", "RWLock 'l'", ("B", "C"))) == "'A' waits for RWLock 'l', held by 'B' and 'C'"


def test_jupyter_shows_the_message_and_no_frames() -> None:
    error = LabError("cause and cure")
    error.add_note("a note")
    assert error._render_traceback_() == ["LabError: cause and cure", "a note"]
