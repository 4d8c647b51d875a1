"""fence(): nothing but a scheduling point where every write is seen at once."""

from __future__ import annotations

import pytest

from labkit import now, run, spawn
from labkit.machines import Pthread
from labkit.sync import ALL, fence


@pytest.mark.parametrize("machine", ["cooperative", "preemptive", Pthread(mode="baton")])
def test_a_fence_changes_nothing_on_a_machine_without_store_buffers(machine: object) -> None:
    def main() -> list[int]:
        seen = []

        def work(n: int) -> None:
            seen.append(n)
            fence()
            seen.append(n)

        threads = [spawn(work, n) for n in (1, 2)]
        for thread in threads:
            thread.join()
        return sorted(seen)

    assert run(main, machine=machine).result == [1, 1, 2, 2]


def test_a_fence_costs_one_point() -> None:
    def main() -> tuple[float, float]:
        began = now()
        fence()
        once = now() - began
        for _ in range(3):
            fence()
        return once, now() - began

    once, four = run(main).result
    assert once == pytest.approx(1e-6)
    assert four == pytest.approx(4e-6)


def test_a_fence_is_where_another_thread_may_come() -> None:
    def main() -> str:
        seen = []

        def work(name: str) -> None:
            for _ in range(3):
                seen.append(name)
                fence()

        threads = [spawn(work, name) for name in "AB"]
        for thread in threads:
            thread.join()
        return "".join(seen)

    assert run(main, machine="preemptive", timeslice_points=1).result == "AABABB"
    assert run(main).result == "AAABBB"


def test_a_fence_outside_a_run_waits_for_nobody() -> None:
    fence()


def test_a_fence_is_no_primitive() -> None:
    assert fence not in ALL
