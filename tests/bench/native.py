"""What threads in C cost: our own, switched by hand and by swapcontext, beside the operating system's."""

from __future__ import annotations

import os
import statistics
import subprocess
from collections.abc import Callable
from pathlib import Path

from labkit.native import Limits, build, find_compiler, run
from tests.bench.measure import console, interleaved, table

FOLDER = Path(__file__).parents[1] / "native"
YIELDS = """
#include "uthread.h"
static void *work(void *arg) { for (int i = 0; i < COUNT; i++) uthread_yield(); return arg; }
int main(void) { uthread_t a = uthread_create(0, work, 0), b = uthread_create(0, work, 0); uthread_join(a); uthread_join(b); }
"""
ROUNDS = 5
FREE = Limits(seconds=60, memory_mb=None)


def alone(name: str, machine: str = "uthread", stdin: str = "", switch: str = "asm") -> list[float]:
    """The numbers that a program prints, without labkit beside it: nothing is recorded."""
    program = build.build(FOLDER / "bench" / name, machine, flags=("-O2",))
    environment = os.environ | {"UTHREAD_SWITCH": switch}
    done = subprocess.run([program.path], input=stdin, env=environment, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr or done.returncode}")
    return [float(word) for word in done.stdout.split()]


def switching() -> None:
    """ns for each switch. The first four come out of one process, side by side."""
    names = ("bare: 2 pushes, 2 pops, ret", "bare: 2 pushes, 2 pops, jmp", "assembly switch", "uthread_yield, assembly")
    seen = [alone("switch.c") for _ in range(ROUNDS)]
    values = {name: min(row[i] for row in seen) for i, name in enumerate(names)}
    values["uthread_yield, swapcontext"] = min(alone("switch.c", switch="swapcontext")[3] for _ in range(ROUNDS))
    cpus = sorted(os.sched_getaffinity(0))
    rows: dict[str, Callable[[], float]] = {
        "pthread hand-off, one core": lambda: alone("handoff.c", "pthread", f"{cpus[0]} {cpus[0]}")[0]
    }
    if len(cpus) > 1:
        rows["pthread hand-off, two cores"] = lambda: alone("handoff.c", "pthread", f"{cpus[0]} {cpus[1]}")[0]
    values |= interleaved(rows, ROUNDS)
    table("C threads: a switch", "ns", values, names[0], {"assembly switch": "≤ 1.5 x bare"})


def many() -> None:
    """10,000 threads that live at once, 64 KiB of stack each."""
    for machine in ("uthread", "pthread"):
        try:
            seen = [alone("many.c", machine) for _ in range(ROUNDS)]
        except RuntimeError as error:
            console.print(f"10,000 threads on {machine}: {error}")
            continue
        create, join, memory = (statistics.median(column) for column in zip(*seen, strict=True))
        both = f"{create:,.0f} ns to create + {join:,.0f} ns to end and join"
        console.print(f"  10,000 threads on {machine}: {both}, {memory:,.0f} resident bytes each (without the kernel's own)")


def calls(count: int, switch: str) -> tuple[str, float]:
    """System calls of a run with so many yields, and how they were counted."""
    done = run(YIELDS.replace("COUNT", str(count)), switch=switch, count_syscalls=True, limits=FREE)
    return done.syscalls.how, done.syscalls.total


def entries() -> None:
    """System calls for each switch: counted, not guessed."""
    for switch in ("asm", "swapcontext"):
        how, few = calls(500, switch)
        _, more = calls(1500, switch)
        console.print(f"  uthread_yield, {switch}: {(more - few) / 2000:.3f} system calls a switch ({how})")
    for switch in ("asm", "swapcontext"):
        done = run(
            FOLDER / "registers.c", "uthread-preemptive", switch=switch, stdin="1000 8 0", count_syscalls=True, limits=FREE
        )
        taken = sum(s.cause == "preempt" for s in done.switches)
        names = {name: done.syscalls.by_name[name] for name in ("rt_sigreturn", "rt_sigprocmask")}
        told = ", ".join(f"{count / taken:.2f} {name}" for name, count in names.items())
        signals = len(done.trace.of("timer"))
        console.print(f"  SIGALRM, {switch}: {told} a switch, and {signals / taken:.2f} signals delivered ({done.syscalls.how})")
    done = run(FOLDER / "bench" / "handoff.c", "pthread", stdin="0 0", count_syscalls=True, limits=FREE)
    console.print(
        f"  pthread hand-off, one core: {done.syscalls.by_name['futex'] / 40000:.2f} futex a hand-off ({done.syscalls.how})"
    )


def main() -> None:
    """All tables of this room."""
    console.print(find_compiler().version)
    for part in (switching, many, entries):
        part()


if __name__ == "__main__":
    main()
