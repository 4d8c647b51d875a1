"""What threads in C cost: our own, switched by hand and by swapcontext, beside the operating system's."""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
from collections.abc import Callable
from pathlib import Path

from labkit.native import Limits, build, find_compiler, run
from tests.bench import fair
from tests.bench.measure import console, interleaved, table

FOLDER = Path(__file__).parents[1] / "native"
YIELDS = """
#include "uthread.h"
static void *work(void *arg) { for (int i = 0; i < COUNT; i++) uthread_yield(); return arg; }
int main(void) { uthread_t a = uthread_create(0, work, 0), b = uthread_create(0, work, 0); uthread_join(a); uthread_join(b); }
"""
ROUNDS = 5
SWITCHES = ("asm", "swapcontext")
HANDOFFS = 40_000
"""Of one run of handoff.c."""
BARE = "bare: 2 pushes, 2 pops, ret"
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
    names = (BARE, "the same, but jmp for ret", "assembly switch", "uthread_yield, assembly")
    seen: list[list[float]] = []

    def beside(column: int) -> Callable[[], float]:
        return lambda: seen[-1][column]

    def first() -> float:
        seen.append(alone("switch.c"))
        return seen[-1][0]

    cpus = sorted(os.sched_getaffinity(0))
    rows: dict[str, Callable[[], float]] = {names[0]: first}
    rows |= {name: beside(column) for column, name in enumerate(names) if column}
    rows["uthread_yield, swapcontext"] = lambda: alone("switch.c", switch="swapcontext")[3]
    rows["pthread hand-off, one core"] = lambda: alone("handoff.c", "pthread", f"{cpus[0]} {cpus[0]}")[0]
    if len(cpus) > 1:
        rows["pthread hand-off, two cores"] = lambda: alone("handoff.c", "pthread", f"{cpus[0]} {cpus[1]}")[0]
    table("C threads: a switch", "ns", interleaved(rows, ROUNDS), names[0], {"assembly switch": "≤ 1.5 x bare"})
    console.print("  ret costs more than jmp: the processor guesses that it goes back to the last call. Our switch has a jmp.")


def many() -> None:
    """10,000 threads that live at once, 64 KiB of stack each."""
    parts = ("create", "end and join", "bytes of its own", "bytes of the kernel's")
    seen: dict[str, list[list[float]]] = {machine: [] for machine in ("uthread", "pthread")}
    for _ in range(ROUNDS):
        for machine, rows in seen.items():
            try:
                rows.append(alone("many.c", machine))
            except RuntimeError as error:
                console.print(f"10,000 threads on {machine}: {error}")
                return
    for i, part in enumerate(parts):
        values = {machine: statistics.median(row[i] for row in rows) for machine, rows in seen.items()}
        table(f"10,000 C threads at once: {part}", "ns" if i < 2 else "bytes", values, "pthread")


def by_perf(program: Path, stdin: str, **environment: str) -> int | None:
    """System calls of a run without labkit beside it, counted by perf; None where it is missing or not allowed."""
    if shutil.which("perf") is None:
        return None
    call = ["perf", "stat", "-x,", "-e", "raw_syscalls:sys_enter", str(program)]
    env = os.environ | environment
    done = subprocess.run(call, input=stdin, env=env, capture_output=True, text=True, timeout=300, check=False)
    found = re.search(r"^(\d+),.*raw_syscalls", done.stderr, re.MULTILINE)
    return int(found[1]) if found else None


def by_choice() -> None:
    """System calls for each switch that a thread asks for: by strace, by the machine's own count, and by perf."""
    for switch in SWITCHES:
        sources = [YIELDS.replace("COUNT", str(count)) for count in (500, 1500)]
        seen = [run(source, switch=switch, count_syscalls=True, limits=FREE).syscalls for source in sources]
        known = [run(source, switch=switch, limits=FREE).syscalls for source in sources]
        perf = [by_perf(build.build(source).path, "", UTHREAD_SWITCH=switch) for source in sources]
        told = {seen[0].how: seen[1].total - seen[0].total, "known calls": known[1].total - known[0].total}
        if perf[0] is not None and perf[1] is not None:
            told["perf"] = perf[1] - perf[0]
        each = ", ".join(f"{more / 2000:.3f} ({how})" for how, more in told.items())
        console.print(f"  uthread_yield, {switch}: {each} system calls a switch")


def by_force() -> None:
    """System calls for each switch that the timer forces."""
    for switch in SWITCHES:
        program = FOLDER / "registers.c"
        done = run(program, "uthread-preemptive", switch=switch, stdin="1000 8 0", count_syscalls=True, limits=FREE)
        taken = sum(s.cause == "preempt" for s in done.switches)
        counts = {name: done.syscalls.by_name[name] for name in ("rt_sigreturn", "rt_sigprocmask")}
        counts["signals delivered"] = len(done.trace.of("timer"))
        told = ", ".join(f"{count / taken:.2f} {name}" for name, count in counts.items())
        console.print(f"  SIGALRM, {switch}: {told} a switch ({done.syscalls.how})")


def by_waiting() -> None:
    """System calls for each hand-off between two pthreads."""
    done = run(FOLDER / "bench" / "handoff.c", "pthread", stdin="0 0", count_syscalls=True, limits=FREE)
    perf = by_perf(done.program.path, "0 0")
    told = f"{done.syscalls.by_name['futex'] / HANDOFFS:.2f} futex ({done.syscalls.how})"
    told += "" if perf is None else f", {perf / HANDOFFS:.2f} of any kind (perf)"
    console.print(f"  pthread hand-off, one core: {told} a hand-off")


def main() -> None:
    """All tables of this room."""
    console.print(find_compiler().version)
    for part in (switching, many, by_choice, by_force, by_waiting, fair.main):
        part()


if __name__ == "__main__":
    main()
