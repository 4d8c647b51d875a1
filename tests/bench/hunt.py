"""How many seeds the buggy modules need: with each kind of disturbance, with all, and run again and again on two CPUs."""

from __future__ import annotations

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from rich.table import Table

from labkit import qemu
from labkit.qemu.hunt import digest
from tests.bench.collect import collected
from tests.bench.measure import console, seconds
from tests.qemu import modules
from tests.qemu.bugs import BUGS, Bug

TRIES = int(os.environ.get("LABKIT_BENCH_SEEDS", "100"))
"""Seeds that a column may use up: where it finds nothing in so many it shows a dash."""
SEEDS = 500
REPEATS = 100
WAYS = ("phase", "slices", "calls", "accesses", "all")


def needed(kernel: qemu.Kernel, bug: Bug, kinds: tuple[str, ...]) -> str:
    """How many seeds until the first that fails; a dash for none."""
    module = kernel.build(bug.source())
    found = kernel.hunt(module, bug.check, TRIES, kinds, enough=1, progress=False)
    return str(found.failing[0] + 1) if found.failing else "–"


def row(kernel: qemu.Kernel, free: qemu.Kernel, bug: Bug) -> dict[str, str]:
    """One bug: way → seeds until found."""
    more = tuple(kind for kind in bug.kinds if kind == "waits")
    kinds = {way: ("phase",) if way == "phase" else ("phase", way, *more) for way in WAYS[:-1]} | {"all": bug.kinds}
    found = {way: needed(kernel, bug, kinds[way]) for way in WAYS}
    return found | {"2 CPUs": needed(free, bug, ("phase", *more))}


def bug_table() -> None:
    """Print the table of all bugs. Ctrl-C keeps the rows that are done."""
    kernel, free = qemu.boot(), qemu.boot(cpus=2, exact=False)
    out = Table(title=f"Seeds until the bug is found, of {TRIES}", title_justify="left")
    for head in ("bug", *WAYS, "2 CPUs, free"):
        out.add_column(head, justify="left" if head == "bug" else "right")
    try:
        with console.status("hunting ...") as status:
            for bug in BUGS:
                status.update(bug.name)
                out.add_row(bug.name, *row(kernel, free, bug).values())
    except KeyboardInterrupt:
        console.print("stopped: the rows that are done")
    console.print(out)


def right_versions() -> None:
    """The right version of each module must pass under as many seeds."""
    kernel = qemu.boot()
    for bug in BUGS:
        found = kernel.hunt(bug.source(right=True), bug.check, bug.within or TRIES, bug.kinds, progress=False)
        if found.failing:
            console.print(f"FALSE ALARM: {bug.name}: {found}")
    console.print(f"{len(BUGS)} right versions hunted in as long as their bugs")


def speed() -> None:
    """A hunt as students run it."""
    kernel = qemu.boot()
    module = kernel.build(modules.LOST_UPDATE)
    kernel.hunt(module, seeds=1, progress=False)
    cores = len(os.sched_getaffinity(0))
    took = seconds(lambda: kernel.hunt(module, lambda run: "400000" in run.dmesg[-1].text, SEEDS, progress=False))
    console.print(
        f"{SEEDS} seeds: {took:.1f} s on {cores} cores, {SEEDS / took / cores:.1f} runs/s a core (target: ≤ 120 s, ≥ 3)"
    )


def same_bytes(repeats: int = REPEATS) -> None:
    """Each exact run of lessons 9 to 12 again and again: not one byte may differ. Ctrl-C keeps what is done."""
    out = Table(title="Exact runs of the lessons' modules", title_justify="left")
    for head in ("lesson", "module", "runs", "different"):
        out.add_column(head, justify="right" if head in ("runs", "different") else "left")
    try:
        with console.status("running the lessons ...") as status, ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
            for lesson, kernel, call in collected():
                status.update(f"{lesson}: {call['source'].name}")
                seen = Counter(pool.map(lambda _, k=kernel, c=call: told(k, c), range(repeats)))  # type: ignore[misc]
                out.add_row(lesson, call["source"].name, str(seen.total()), str(seen.total() - seen.most_common(1)[0][1]))
    except KeyboardInterrupt:
        console.print("stopped: the rows that are done")
    console.print(out)


def told(kernel: qemu.Kernel, call: dict[str, Any]) -> str:
    """All that one run says: log with stamps, tasks with stacks, trace."""
    run = kernel.run_module(**call)
    return digest(run) + str(run.tasks) + str(run.trace.raw)


def main() -> None:
    """Print all of it."""
    speed()
    bug_table()
    right_versions()
    same_bytes()


if __name__ == "__main__":
    main()
