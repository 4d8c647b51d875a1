"""run(): what it takes, what it refuses, what comes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from labkit import Run, now, run, sched_yield, sleep, spawn
from labkit.errors import LabError
from labkit.machines import ALL, Cooperative, Machine, Preemptive, Pthread
from labkit.policies import RoundRobin


def needs_one(x: object) -> None: ...


@pytest.mark.parametrize(
    ("main", "says"),
    [
        (None, r"run\(None\).*run\(main\), not run\(main\(\)\)"),
        (42, r"run\(42\)"),
        (needs_one, r"needs_one\(\) is called without arguments.*run\(lambda: needs_one\(\.\.\.\)\)"),
    ],
)
def test_a_program_that_cannot_be_called_is_refused_with_a_remedy(main: Any, says: str) -> None:
    with pytest.raises(LabError, match=says):
        run(main)


@pytest.mark.parametrize("ms", [0, -1, 0.05, "5", True, float("nan")])
def test_a_timeslice_that_makes_no_sense_is_shown(ms: Any) -> None:
    with pytest.raises(LabError, match=r"timeslice_ms="):
        run(lambda: 1, "preemptive", timeslice_ms=ms)


@pytest.mark.parametrize("points", [0, -1, 1.5, "2"])
def test_a_number_of_points_that_makes_no_sense_is_shown(points: Any) -> None:
    with pytest.raises(LabError, match=rf"timeslice_points={points!r}"):
        run(lambda: 1, "preemptive", timeslice_points=points)


REFUSED: dict[str, Callable[[], Any]] = {
    "machine='warp'": lambda: run(lambda: 1, "warp"),
    "clock='sun'": lambda: run(lambda: 1, clock="sun"),
    "clock='virtual'": lambda: run(lambda: 1, "preemptive", clock="virtual"),
    "clock='real' beside a machine object": lambda: run(lambda: 1, Cooperative(), clock="real"),
    "timer='sun'": lambda: run(lambda: 1, Preemptive("sun")),
    "mode='fast'": lambda: Pthread("fast"),
    "policy=7": lambda: run(lambda: 1, policy=7),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("says", REFUSED)
def test_what_run_does_not_know_is_shown(says: str) -> None:
    with pytest.raises(LabError) as caught:
        REFUSED[says]()
    assert says in str(caught.value)


@pytest.mark.parametrize("kind", ALL, ids=lambda k: k.name)
def test_a_machine_is_given_by_its_name_its_class_or_itself(kind: type[Machine]) -> None:
    assert [run(lambda: 1, m).machine for m in (kind.name, kind, kind())] == [kind.name] * 3


def test_defaults_are_what_the_docstring_says() -> None:
    assert run(lambda: 1).policy == "fifo"
    assert run(lambda: 1).trace.clock == "virtual"
    assert run(lambda: 1, "preemptive").policy == run(lambda: 1, "pthread").policy == "round_robin"
    assert run(lambda: 1, "preemptive").trace.clock == "real"
    assert run(lambda: 1, "preemptive", timeslice_points=1).trace.clock == "virtual"
    assert run(lambda: 1, "pthread").trace.clock == "real"
    assert run(lambda: 1, "pthread", RoundRobin).trace.clock == "virtual"
    assert run(lambda: 1, clock="real").trace.clock == "real"


def test_a_run_says_what_it_was() -> None:
    def main() -> int:
        spawn(sched_yield).join()
        return 7

    made = run(main)
    assert repr(made) == f"<Run on cooperative, fifo: result 7, 2 threads, {len(made.trace)} events>"
    assert [t.name for t in made.threads] == ["main", "A"]


def test_two_runs_share_nothing() -> None:
    def main() -> float:
        sleep(5)
        return now()

    first = run(main)
    kept = list(first.trace.raw), str(first.schedule), list(first.threads)
    second = run(main)
    assert second.result == first.result
    assert (first.trace.raw, str(first.schedule), first.threads) == kept


@pytest.mark.parametrize("view", ["timeline", "runqueue"])
def test_a_run_draws_itself(view: str) -> None:
    made: Run = run(sched_yield)
    assert getattr(made, view)() is not None
