"""Switches, memory and timer cost of the machines beside bare greenlet, gevent, asyncio and threading."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable
from typing import Any

from greenlet import greenlet

from labkit import run, sched_yield, spawn
from labkit.alarm import Alarm
from labkit.machines import Cooperative
from tests.bench.measure import console, in_subprocess, interleaved, seconds, table

SWITCHES = 100_000


def bare_greenlet() -> float:
    """Two greenlets that switch to each other and know it: the limit."""

    def one() -> None:
        switch = two_.switch
        for _ in range(SWITCHES // 2):
            switch()

    def two() -> None:
        switch = one_.switch
        while True:
            switch()

    one_, two_ = greenlet(one), greenlet(two)
    return seconds(one_.switch) / SWITCHES * 1e9


def labkit_yield(count: int = SWITCHES, **how: Any) -> float:
    """Two threads that call sched_yield() in turn."""
    took: list[float] = []

    def work() -> None:
        for _ in range(count // 2):
            sched_yield()

    def main() -> None:
        threads = [spawn(work), spawn(work)]
        took.append(seconds(lambda: [t.join() for t in threads]))

    run(main, **how)
    return took[0] / count * 1e9


def gevent_sleep() -> float:
    """Two gevent greenlets that call gevent.sleep(0)."""
    import gevent

    def work() -> None:
        for _ in range(SWITCHES // 4):
            gevent.sleep(0)

    jobs = [gevent.spawn(work), gevent.spawn(work)]
    return seconds(lambda: gevent.joinall(jobs)) / (SWITCHES // 2) * 1e9


def asyncio_sleep() -> float:
    """Two asyncio tasks that await sleep(0)."""

    async def work() -> None:
        for _ in range(SWITCHES // 4):
            await asyncio.sleep(0)

    async def both() -> None:
        await asyncio.gather(work(), work())

    return seconds(lambda: asyncio.run(both())) / (SWITCHES // 2) * 1e9


def lock_handoff() -> float:
    """Two threading threads that pass a lock back and forth."""
    count = SWITCHES // 25
    ping, pong = threading.Semaphore(0), threading.Semaphore(0)

    def work() -> None:
        for _ in range(count // 2):
            ping.acquire()
            pong.release()

    def main() -> None:
        other = threading.Thread(target=work)
        other.start()
        for _ in range(count // 2):
            ping.release()
            pong.acquire()
        other.join()

    return seconds(main) / count * 1e9


def switching() -> None:
    """ns per context switch."""
    rows: dict[str, Callable[[], float]] = {
        "bare greenlet": bare_greenlet,
        "cooperative, untraced": lambda: labkit_yield(trace=False),
        "cooperative, traced": labkit_yield,
        "preemptive, timeslice_points=1": lambda: labkit_yield(machine="preemptive", timeslice_points=1),
        "pthread, baton": lambda: labkit_yield(SWITCHES // 25, machine="pthread", policy="fifo"),
        "gevent.sleep(0)": gevent_sleep,
        "asyncio.sleep(0)": asyncio_sleep,
        "threading semaphore hand-off": lock_handoff,
    }
    values = interleaved(rows)
    targets = {"cooperative, untraced": "≤ 2.00", "cooperative, traced": "≤ 5.00"}
    table("context switch", "ns", values, "bare greenlet", targets)
    if "cooperative, untraced" in values:
        ours = values["cooperative, untraced"]
        for peer in ("gevent.sleep(0)", "asyncio.sleep(0)"):
            if peer in values:
                console.print(f"  {peer} / cooperative untraced: {values[peer] / ours:.2f} (target ≥ 4)")


RSS = """
def rss():
    with open("/proc/self/statm") as f:
        return int(f.read().split()[1]) * 4096
n = {n}
"""
COOPERATIVE = """
import labkit.machines, labkit.sync
from labkit import run, spawn, sched_yield
run(lambda: spawn(sched_yield).join())
before = rss()
def main():
    threads = [spawn(sched_yield) for _ in range(n)]
    sched_yield()
    after = rss()
    for t in threads: t.join()
    return (after - before) / n
print(run(main, trace={trace}).result)
"""
GEVENT = """
import gevent
from gevent.event import Event
gevent.sleep(0)
before, go = rss(), Event()
jobs = [gevent.spawn(go.wait) for _ in range(n)]
gevent.sleep(0)
print((rss() - before) / n)
go.set()
gevent.joinall(jobs)
"""
THREADING = """
import threading
threading.stack_size(256 * 1024)
before, go, here = rss(), threading.Event(), threading.Semaphore(0)
jobs = [threading.Thread(target=lambda: (here.release(), go.wait())) for _ in range(n)]
for t in jobs: t.start()
for t in jobs: here.acquire()
print((rss() - before) / n)
go.set()
for t in jobs: t.join()
"""


def memory() -> None:
    """Resident bytes per live thread, 10,000 of them, each measurement in a fresh process."""
    n = 10_000
    rows = {
        "cooperative, untraced": lambda: in_subprocess(RSS.format(n=n) + COOPERATIVE.format(trace=False)),
        "cooperative, traced": lambda: in_subprocess(RSS.format(n=n) + COOPERATIVE.format(trace=True)),
        "gevent": lambda: in_subprocess(RSS.format(n=n) + GEVENT),
        "threading, 256 KiB stacks": lambda: in_subprocess(RSS.format(n=n) + THREADING),
    }
    table("memory per live thread, 10,000 threads", "bytes", interleaved(rows, rounds=3), "cooperative, untraced")


def many() -> None:
    """100,000 live threads in one run."""
    n = 100_000
    alive: list[int] = []

    def main() -> None:
        threads = [spawn(sched_yield) for _ in range(n)]
        sched_yield()
        alive.append(sum(t.state != "EXITED" for t in threads))
        for t in threads:
            t.join()

    took = seconds(lambda: run(main, trace=False))
    console.print(f"{alive[0]:,} cooperative threads alive at once, run to their end in {took:.2f} s")


def timer_cost() -> None:
    """What SIGALRM costs two computing threads: the same program with and without the timer, in turn."""

    def work() -> int:
        total = 0
        for i in range(3_000_000):
            total += i
        return total

    def main() -> None:
        for t in [spawn(work), spawn(work)]:
            t.join()

    def with_empty_handler() -> float:
        with Alarm("real", 0.5e-3, lambda signum, frame: None):
            return seconds(lambda: run(main, Cooperative(watchdog_s=None), trace=False)) * 1e3

    rows: dict[str, Callable[[], float]] = {
        "no timer (cooperative)": lambda: seconds(lambda: run(main, trace=False)) * 1e3,
        "a handler that does nothing, every 0.5 ms": with_empty_handler,
        "SIGALRM every 0.5 ms": lambda: seconds(lambda: run(main, machine="preemptive", timeslice_ms=0.5, trace=False)) * 1e3,
        "SIGALRM every 0.5 ms, traced": lambda: seconds(lambda: run(main, machine="preemptive", timeslice_ms=0.5)) * 1e3,
    }
    targets = {"SIGALRM every 0.5 ms": "≤ 1.03"}
    table("two threads that compute", "ms", interleaved(rows, rounds=15), "no timer (cooperative)", targets)


def main() -> None:
    """All tables of this room."""
    console.print(f"Python {sys.version.split()[0]}, medians of interleaved rounds in one process")
    for part in (switching, memory, many, timer_cost):
        part()
