"""What the real kernel costs: boot, resume, from an edit to its dmesg, exact runs, and modules that panic."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from labkit import qemu
from labkit.qemu.snapshot import take_snapshot
from tests.bench import hunt
from tests.bench.measure import console, interleaved, seconds, table
from tests.qemu import modules

ROUNDS = 5
WAIT_S = 0.35
PANICS = 10
BURST = 12
TARGETS = {
    "resume a fresh kernel": "≤ 0.30",
    "edit to dmesg, exact": "≤ 1.00",
    "edit to dmesg, 2 CPUs, less the module's 0.35 s": "≤ 1.00",
    "ten panicking modules in a row": "≤ 15",
}


def cold_boot(kernel: qemu.Kernel) -> float:
    """From QEMU's start to the saved snapshot."""
    with TemporaryDirectory() as folder:
        return seconds(lambda: take_snapshot(kernel.image, kernel.config, lambda text: None, folder=Path(folder)))


def resume(kernel: qemu.Kernel) -> float:
    """From QEMU's start to the end of a guest that has nothing to do but to find its orders and to say so."""

    def body() -> None:
        with kernel.snapshot.resume(b"echo resumed > /report") as vm:
            assert vm.wait(30), "the guest did not come back"

    return seconds(body)


def edit_to_dmesg(kernel: qemu.Kernel, own_s: float) -> float:
    """A source never built before, to its dmesg, less the module's own time by the clock on the wall."""
    source = modules.STOPPED + f"// edit {time.time_ns()}\n"
    return seconds(lambda: kernel.run_module(source, wait_s=WAIT_S)) - own_s


def build(kernel: qemu.Kernel) -> float:
    """The part of it that is the compiler's."""
    return seconds(lambda: kernel.build(modules.STOPPED + f"// edit {time.time_ns()}\n"))


def panics(kernel: qemu.Kernel) -> float:
    """Ten modules that panic, one after the other."""
    module = kernel.build(modules.PANIC_IN_INIT)

    def body() -> None:
        for _ in range(PANICS):
            assert kernel.run_module(module).panicked

    return seconds(body)


def exact_rate(kernel: qemu.Kernel, workers: int, trace: bool) -> float:
    """Exact runs each second, with so many VMs at a time."""
    module = kernel.build(modules.LOST_UPDATE)

    def work() -> None:
        for seed in range(BURST):
            kernel.run_module(module, seed=seed, trace=trace)

    threads = [threading.Thread(target=work) for _ in range(workers)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return workers * BURST / (time.perf_counter() - start)


def main() -> None:
    """Print the tables."""
    kernel = qemu.boot()
    free = qemu.boot(cpus=2, exact=False)
    kernel.run_module(modules.STOPPED)
    rows = {
        "cold boot and snapshot, exact": lambda: cold_boot(kernel),
        "resume a fresh kernel": lambda: resume(kernel),
        "build a module, no cache": lambda: build(kernel),
        "edit to dmesg, exact": lambda: edit_to_dmesg(kernel, 0.0),
        "edit to dmesg, 2 CPUs, less the module's 0.35 s": lambda: edit_to_dmesg(free, WAIT_S),
        "ten panicking modules in a row": lambda: panics(kernel),
    }
    table("Real kernel, seconds", "s", interleaved(rows, ROUNDS), "resume a fresh kernel", TARGETS)
    cores = len(os.sched_getaffinity(0))
    rates = {f"{workers} at a time{', traced' if trace else ''}": exact_rate(kernel, workers, trace)
             for workers in sorted({1, cores}) for trace in (False, True)}  # fmt: skip
    table("Exact runs of two kthreads", "runs/s", rates, "1 at a time", {"1 at a time": "≥ 3 a core"})
    console.print("each run in a kernel of its own; nothing is shared but the snapshot")
    hunt.main()


if __name__ == "__main__":
    main()
