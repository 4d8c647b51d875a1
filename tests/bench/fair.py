"""Eight threads that never give the processor up, and a timer that takes it away: is anything lost, and is it shared fairly?

`LABKIT_LONG=100 make bench ARGS=native` runs it 100 times, 10 s each. Fairness has three measures: time slices got, work done,
and wall time between switches. A busy machine takes the processor from the whole program for a while, and the clock goes on:
that time is counted for whoever happened to run. So the law is about slices and work, and the time is told beside them.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from labkit.native import Limits, NativeRun, run
from tests.bench.measure import console

PROGRAM = Path(__file__).parents[1] / "native" / "registers.c"
THREADS = 8
SECONDS = 10
FAIR = 0.10
ROUNDS_VARIABLE = "LABKIT_LONG"


@dataclass(frozen=True)
class Shares:
    """How far the thread that is farthest from the mean is from it: 0.01 is one in a hundred."""

    slices: float
    time: float
    work: float

    def __str__(self) -> str:
        return f"slices {self.slices:.2%}, time {self.time:.2%}, work {self.work:.2%}"


def unfair(values: list[float]) -> float:
    """The largest distance from the mean, in parts of the mean."""
    mean = sum(values) / len(values)
    return max(abs(value - mean) for value in values) / mean


def once(seconds: float) -> tuple[NativeRun, str]:
    """One run, and what is wrong with it: a thread that is missing, a register that changed."""
    room = 1 << max(12, int(seconds * 4000).bit_length())
    limits = Limits(seconds=seconds * 4 + 20)
    stdin = f"{int(seconds * 1000)} {THREADS} 0"
    done = run(PROGRAM, "uthread-preemptive", timer_us=1000, stdin=stdin, limits=limits, events=room)
    rows = [line.split() for line in done.stdout.splitlines()]
    if done.verdict() or [row[0] for row in rows] != [str(i) for i in range(THREADS)]:
        return done, f"{done.verdict()} {len(rows)} of {THREADS} threads came back"
    wrong = [f"thread {row[0]}: {row[3]} {row[2]} times" for row in rows if row[2:] != ["0", "-"]]
    return done, "; ".join(wrong) or ("events were lost" if done.trace.lost else "")


def shares(done: NativeRun) -> Shares:
    """Fairness of a run that is whole."""
    slices: Counter[int] = Counter()
    times: Counter[int] = Counter()
    since, running = 0, 0
    for event in done.trace.of("sched_switch"):
        times[running] += event.t_ns - since
        since, running = event.t_ns, event.next_tid
        slices[running] += 1
    tids = range(2, THREADS + 2)
    work = [float(line.split()[1]) for line in done.stdout.splitlines()]
    return Shares(unfair([slices[t] for t in tids]), unfair([times[t] for t in tids]), unfair(work))


def main() -> int:
    """Every run in a line, and what was the worst."""
    rounds, bad = int(os.environ.get(ROUNDS_VARIABLE, "1")), 0
    seen: list[Shares] = []
    for i in range(rounds):
        done, wrong = once(SECONDS)
        ticks = sum(switch.cause == "preempt" for switch in done.switches)
        if wrong:
            bad += 1
            console.print(f"  run {i + 1}: {wrong}")
            continue
        seen.append(shares(done))
        load = os.getloadavg()[0]
        console.print(f"  run {i + 1}: {ticks} preemptions, no register lost; unfair by: {seen[-1]} (load {load:.1f})")
    if seen:
        worst = Shares(*(max(getattr(s, name) for s in seen) for name in ("slices", "time", "work")))
        late = sum(max(s.slices, s.work) > FAIR for s in seen)
        console.print(f"  {THREADS} threads, 1 ms, {SECONDS} s, {rounds} runs: {bad} failed; worst: {worst}")
        console.print(f"  {late} of {rounds} runs were unfair by more than {FAIR:.0%} in slices or in work")
    return bad


if __name__ == "__main__":
    sys.exit(main())
