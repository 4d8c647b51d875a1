"""Exploring: runs a second, total time and memory beside frontrun, on the same programs in the same rounds.

Each program is written twice: in labkit's words, and as frontrun wants it (a state, workers on it). frontrun is told to go on
after the first failure, without a bound on preemptions, without watching for input and output, and not to reproduce anything:
all that would only cost it time. It compiles its search in Rust and runs real threads; labkit is plain Python on greenlets.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from rich.table import Table

from labkit import Mutex, explore, spawn
from tests.bench.measure import console, in_subprocess

ROOT = Path(__file__).parents[2]
ROUNDS = 3
PATIENCE_S = 90.0
"""frontrun is stopped then; its rate still counts, its total time is more than that."""


class Program(NamedTuple):
    """A program for both: main() for labkit; a state and what its threads do to it for frontrun."""

    main: Callable[[], Any]
    setup: Callable[[], Any]
    workers: list[Callable[[Any], None]]


class State:
    """What the threads of a frontrun program share."""

    def __init__(self, size: int) -> None:
        self.x = 0
        self.cells = [100] * size
        self.locks = [threading.Lock() for _ in range(size)]


def _main(size: int, work: Callable[[Any, int], None], made: Callable[[int], Any]) -> Callable[[], Any]:
    def main() -> None:
        state = made(size)
        threads = [spawn(work, state, i) for i in range(size)]
        for thread in threads:
            thread.join()

    return main


class Ours(State):
    """The same state with labkit's locks."""

    def __init__(self, size: int) -> None:
        self.x = 0
        self.cells = [100] * size
        self.locks = [Mutex(name=f"lock {i}") for i in range(size)]  # type: ignore[misc]


def count(state: Any, me: int) -> None:
    """Read, then write, without a lock."""
    state.x += 1


def count_locked(state: Any, me: int) -> None:
    """The same under one lock."""
    with state.locks[0]:
        state.x += 1


def transfer(state: Any, me: int) -> None:
    """From my account to my neighbour's, no lock."""
    cells = state.cells
    if cells[me] >= 10:
        cells[me] -= 10
        cells[(me + 1) % len(cells)] += 10


def dine(state: Any, me: int) -> None:
    """Left fork, right fork: may deadlock."""
    locks = state.locks
    with locks[me], locks[(me + 1) % len(locks)]:
        pass


def program(work: Callable[[Any, int], None], size: int) -> Program:
    """A program of so many threads that all do the same."""
    workers = [lambda state, me=i: work(state, me) for i in range(size)]
    return Program(_main(size, work, Ours), lambda: State(size), workers)


PROGRAMS = {
    "counter(2)": program(count, 2),
    "counter(3)": program(count, 3),
    "locked counter(3)": program(count_locked, 3),
    "philosophers(3)": program(dine, 3),
    "bank, 3 transfers": program(transfer, 3),
}


def with_frontrun(name: str) -> tuple[int, float]:
    """Runs that frontrun makes, and seconds, in a Python of its own: it puts its own locks into threading."""
    env = os.environ | {"FRONTRUN_ACTIVE": "1"}
    call = [sys.executable, "-m", "tests.bench.explore", name]
    done = subprocess.run(call, cwd=ROOT, env=env, capture_output=True, text=True, check=True, timeout=10 * PATIENCE_S)
    runs, took = done.stdout.split()[-2:]
    return int(runs), float(took)


def frontrun_alone(name: str) -> None:
    """Explore one program with frontrun, after a small one to warm up, and print runs and seconds."""
    import frontrun

    def explored(asked: Program) -> int:
        result = frontrun.explore(
            asked.setup, asked.workers, lambda state: True, preemption_bound=None, stop_on_first=False, detect_io=False,
            reproduce_on_failure=0, error_on_any_race=False, total_timeout=PATIENCE_S,
        )  # fmt: skip
        return int(result.num_explored)

    explored(PROGRAMS["counter(2)"])
    start = time.perf_counter()
    runs = explored(PROGRAMS[name])
    print(runs, time.perf_counter() - start)


def with_labkit(name: str) -> tuple[int, float]:
    """Runs that labkit makes, and seconds."""
    start = time.perf_counter()
    verdict = explore(PROGRAMS[name].main)
    took = time.perf_counter() - start
    if not verdict.exhausted:
        raise RuntimeError(f"{name}: {verdict}")
    return verdict.runs, took


def side_by_side() -> None:
    """Runs, total time and runs a second, each program by both."""
    out = Table(title="explore, every different schedule", title_justify="left")
    for column in ("program", "labkit runs", "s", "runs/s", "frontrun runs", "s", "runs/s", "rate", "total time"):
        out.add_column(column, justify="left" if column == "program" else "right")
    for name in PROGRAMS:
        with_labkit(name)  # the first time rewrites the source
        seen: dict[str, list[tuple[int, float]]] = {"labkit": [], "frontrun": []}
        for _ in range(1 if name.startswith("bank") else ROUNDS):
            seen["labkit"].append(with_labkit(name))
            seen["frontrun"].append(with_frontrun(name))
        cells, rates, took = [], {}, {}
        for who, measured in seen.items():
            runs, took[who] = measured[0][0], statistics.median(each[1] for each in measured)
            rates[who] = runs / took[who]
            cells += [f"{runs:,}", f"{took[who]:.3g}", f"{rates[who]:,.0f}"]
        more = "> " if took["frontrun"] >= PATIENCE_S else ""
        ratios = [f"{rates['labkit'] / rates['frontrun']:.0f} x", f"{more}{took['frontrun'] / took['labkit']:,.0f} x"]
        out.add_row(name, *cells, *ratios)
    console.print(out)
    console.print("  targets: counter(3) ≥ 10,000 runs/s; rate ≥ 30 x; bank in under 0.1 s")


MEMORY = """
import resource
from labkit import explore
from tests.bench.explore import program, count
main = program(count, 4).main
explore(main, runs={few})
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
explore(main, runs={many})
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""


def memory() -> None:
    """MB that 10,000 runs take beyond 1,000: the search keeps one path, so it should be nothing."""
    grown = in_subprocess(MEMORY.format(few=1000, many=10_000))
    console.print(f"memory: 10,000 runs of counter(4) took {grown:.1f} MB more than 1,000 (target: none)")


def main() -> None:
    """All tables."""
    side_by_side()
    memory()


if __name__ == "__main__":
    frontrun_alone(sys.argv[1])
