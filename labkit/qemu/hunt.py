"""kernel.hunt(): one module under many seeds, in parallel VMs, to find the seeds under which it fails.

What a seed does stands in perturb.py; that a seed always does the same is what makes a race that was found a race that can
be looked at. Ctrl-C ends a hunt early and keeps what is done.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sized
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Final

from labkit.errors import LabError
from labkit.qemu.build import Built
from labkit.qemu.lean import Orders, run_lean
from labkit.qemu.modulerun import ModuleRun
from labkit.qemu.perturb import Places, plan
from labkit.qemu.snapshot import Snapshot

Check = Callable[[ModuleRun], bool]
SEEDS: Final = 100_000
SHOWN: Final = 8
"""Seeds and reasons that str() names; the rest is in the lists."""
WARNING: Final = re.compile(r"WARNING: |BUG: |kernel BUG at|INFO: task |INFO: rcu|list_(add|del) corruption|refcount_t: |Oops: ")
_CUT = re.compile(r"0x[0-9a-f]+|\b[0-9a-f]{16}\b|\b\d+\b")


@dataclass
class Hunt:
    """What a hunt has found so far; made by kernel.hunt().

    Attributes:
        module: the module that was hunted in.
        why: seed → what went wrong, empty where nothing did.
        enough: the hunt ends when so many seeds have failed; 0 for never.
        complete: every seed was tried; False after Ctrl-C, or when there was enough.
        seconds: how long it took.
    """

    module: Built
    snapshot: Snapshot = field(repr=False)
    places: Places = field(repr=False)
    orders: Orders
    kinds: tuple[str, ...]
    timeout_s: float
    why: dict[int, str] = field(default_factory=dict)
    digests: dict[int, str] = field(default_factory=dict, repr=False)
    enough: int = 0
    complete: bool = False
    seconds: float = 0.0

    @property
    def failing(self) -> list[int]:
        """The seeds under which the module failed, in order."""
        return sorted(seed for seed, why in self.why.items() if why)

    @property
    def passing(self) -> list[int]:
        """The seeds under which nothing was seen to be wrong, in order."""
        return sorted(seed for seed, why in self.why.items() if not why)

    @property
    def share(self) -> float:
        """The part of the seeds that failed, 0 to 1."""
        return len(self.failing) / len(self.why) if self.why else 0.0

    def replay(self, seed: int) -> ModuleRun:
        """The run of a seed once more, byte for byte as it was seen, now with its trace.

        Raises:
            LabError: on a kernel that is not exact the run may turn out differently; then that is told.
        """
        run = self.run(seed, report_trace=True)
        if self.digests.get(seed, digest(run)) != digest(run):
            raise LabError(
                f"seed {seed} gave another run this time: only boot(exact=True) repeats itself; try again, or read .why"
            )
        return run

    def explain(self, seed: int) -> str:
        """What the seed does to the run, in words."""
        return plan(seed, self.kinds, self.places, self.orders)[1] or "nothing"

    def run(self, seed: int, stop: threading.Event | None = None, report_trace: bool = False) -> ModuleRun:
        """One run in a VM of its own."""
        orders, _ = plan(seed, self.kinds, self.places, self.orders)
        run = run_lean(self.snapshot, self.module, replace(orders, report_trace=report_trace), self.timeout_s, stop)
        run.seed = seed
        return run

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What Jupyter shows for it."""
        printer.text(str(self))

    def __str__(self) -> str:
        tried, failing = len(self.why), self.failing
        lines = [f"{tried} seed{'s' * (tried != 1)} tried" + ("." if self.complete else ", then stopped: not complete.")]
        if not failing:
            lines.append("None fails. That is no proof: a seed that was not tried may fail.")
            return " ".join(lines)
        lines[0] += f" {len(failing)} fail{'s' * (len(failing) == 1)} ({self.share:.1%}), {tried - len(failing)} pass."
        lines.append(f"failing: {', '.join(map(str, failing[:SHOWN]))}" + (" ..." if len(failing) > SHOWN else ""))
        alike = Counter(_CUT.sub("#", self.why[seed]) for seed in failing)
        for text, count in alike.most_common(SHOWN):
            first = next(seed for seed in failing if _CUT.sub("#", self.why[seed]) == text)
            lines.append(f"  {count} x {self.why[first]} (first: seed {first})")
        lines.append(f"hunt.replay({failing[0]}) gives that run again. What the seed does: {self.explain(failing[0])}.")
        return "\n".join(lines)


def wrong(run: ModuleRun) -> str:
    """What is wrong with a run for any module, in a sentence; empty where nothing is.

    Wrong are a panic, an oops or a warning of the kernel's, insmod or rmmod that does not come back or fails, and a kthread
    left behind.
    """
    if record := next((record for record in run.dmesg if WARNING.match(record.text)), None):
        return record.text
    return run.verdict()


def hunt(hunted: Hunt, check: Check | None, seeds: int | Iterable[int], workers: int | None, progress: bool | None) -> Hunt:
    """Try the seeds; Kernel.hunt() has the arguments explained.

    Raises:
        LabError: a seed that is none, or check() raised; nothing is left running.
    """
    total, each = _seeds(seeds)
    stop = threading.Event()
    start = time.monotonic()
    workers = workers or len(os.sched_getaffinity(0))
    with _bar(total, progress) as step, ThreadPoolExecutor(workers, thread_name_prefix="labkit-hunt") as pool:
        running: dict[Future[ModuleRun], int] = {}
        try:
            while (running or not hunted.complete) and not 0 < hunted.enough <= len(hunted.failing):
                for seed in islice(each, workers - len(running)):
                    running[pool.submit(hunted.run, seed, stop)] = seed
                hunted.complete = not running
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    _judge(hunted, running.pop(future), future.result(), check)
                    step(len(hunted.failing))
        except KeyboardInterrupt:
            pass  # what is done is kept
        finally:
            stop.set()
            hunted.seconds = time.monotonic() - start
    return hunted


def digest(run: ModuleRun) -> str:
    """Tells two runs apart that differ in one byte of what they said."""
    return hashlib.sha256(f"{run}\n{run.insmod_rc} {run.rmmod_rc}".encode("utf-8", "surrogateescape")).hexdigest()


def _judge(hunted: Hunt, seed: int, run: ModuleRun, check: Check | None) -> None:
    hunted.digests[seed] = digest(run)
    if check is None:
        hunted.why[seed] = wrong(run)
        return
    try:
        fine = check(run)
    except Exception as error:
        raise LabError(f"check() itself failed, on the run with seed {seed}: {type(error).__name__}: {error}") from error
    hunted.why[seed] = "" if fine else wrong(run) or "check() says no: " + (run.dmesg[-1].text if run.dmesg else "no message")


def _seeds(seeds: int | Iterable[int]) -> tuple[int | None, Iterator[int]]:
    """How many, if that is known, and one after the other."""
    if isinstance(seeds, int):
        if not 1 <= seeds <= SEEDS:
            raise LabError(f"seeds={seeds}: from 1 to {SEEDS:,}, or the seeds themselves, [3, 7]")
        return seeds, iter(range(seeds))
    total = len(seeds) if isinstance(seeds, Sized) else None
    return total, map(_seed, seeds)


def _seed(seed: object) -> int:
    if not isinstance(seed, int) or seed < 0:
        raise LabError(f"seed {seed!r}: a seed is a whole number, 0 or more")
    return seed


@contextmanager
def _bar(total: int | None, wanted: bool | None) -> Iterator[Callable[[int], None]]:
    """A progress bar on stderr, where somebody looks: a terminal or a notebook."""
    if not (wanted if wanted is not None else sys.stderr.isatty() or _in_notebook()):
        yield lambda failing: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("hunting"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[failing]} fail"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total, failing=0)
        yield lambda failing: bar.update(task, advance=1, failing=failing)


def _in_notebook() -> bool:
    return "ipykernel" in sys.modules and type(sys.stderr).__module__.startswith("ipykernel")
