"""The guest that kernel.hunt() runs modules in: no shell, one small program of its own, and a helper module that delays.

Most of what a run costs is QEMU's translation of code that the guest has not run before, so the less code a run needs, the
faster it is. runner.c loads the module, waits, unloads it, and leaves a report in memory; perturb.c is the helper.
"""

from __future__ import annotations

import gzip
import hashlib
import struct
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from labkit.errors import LabError
from labkit.qemu.build import Built, build
from labkit.qemu.config import Config
from labkit.qemu.image import Image
from labkit.qemu.initramfs import lean_initramfs
from labkit.qemu.modulerun import ModuleRun, read_run
from labkit.qemu.qmp import QmpError
from labkit.qemu.snapshot import Snapshot, take_snapshot
from labkit.qemu.vm import REPORT

RUNNER: Final = Path(__file__).with_name("runner.c")
HELPER: Final = Path(__file__).with_name("perturb.c")
FLAGS: Final = (
    "-O2", "-static", "-nostdlib", "-ffreestanding", "-fno-stack-protector", "-fno-pie", "-no-pie", "-fcf-protection=none",
    "-fno-asynchronous-unwind-tables", "-fno-tree-loop-distribute-patterns", "-Wl,--build-id=none",
    f"-Wl,-Tbss={REPORT:#x}", "-s",
)  # fmt: skip
MAX_CYCLES: Final = 64
LOOK_S: Final = 0.2
"""How long a run goes on at most that is not wanted any more."""
STOPPED: Final = "GUEST_PANICKED"
"""QEMU's word for a write to its pvpanic device, which is how the runner says that it is done."""


class LeanConfig(Config):
    """The same processors and parameters, with another first program; its kernel log is short."""

    @property
    def name(self) -> str:
        """What its snapshot's folder is called, before the checksum."""
        return "lean-" + super().name


@dataclass(frozen=True)
class Orders:
    """What the runner is to do; all that a run depends on beside the module.

    Attributes:
        waits_s: how long the module stays loaded, once for each cycle of load and unload.
        phase_us: for how long the guest counts before it begins, which shifts the phase of its timer.
        points: what the helper is to do, see perturb.c.
        params: module parameters.
        settle_s: how long the guest goes on after the last unload, so that what was left behind shows.
        limit_s: how long insmod or rmmod may take.
        trace: record scheduling events.
        report_trace: and give them at the end, which changes nothing before the end.
    """

    waits_s: tuple[float, ...] = (0.35,)
    phase_us: int = 0
    points: str = ""
    params: str = ""
    settle_s: float = 0.2
    limit_s: float = 3.0
    trace: bool = True
    report_trace: bool = False

    def pack(self, module: Built) -> bytes:
        """As struct orders of runner.c."""
        if not 1 <= len(self.waits_s) <= MAX_CYCLES:
            raise LabError(f"{len(self.waits_s)} cycles of load and unload; 1 to {MAX_CYCLES} are possible")
        texts = [text.encode() + b"\0" for text in (self.params, module.name, self.points)]
        times = [self.phase_us, round(self.limit_s * 1000), round(self.settle_s * 1000)]
        head = [*times, self.trace, self.report_trace, len(self.waits_s), len(module.ko), *map(len, texts)]
        waits = [round(wait * 1_000_000) for wait in self.waits_s] + [0] * (MAX_CYCLES - len(self.waits_s))
        all_of_it = struct.pack(f"<{len(head) + MAX_CYCLES}I", *head, *waits) + module.ko + b"".join(texts)
        return struct.pack("<I", len(all_of_it)) + all_of_it


def lean_snapshot(image: Image, config: Config, tell: Any = None, folder: Path | None = None) -> Snapshot:
    """The booted guest, from the cache or made now, which takes some seconds; tell is called with a sentence then."""
    tell = tell or (lambda text: None)
    own = lean_initramfs((image.root / "bin/busybox").read_bytes(), _runner(image), build(image, HELPER).ko)
    return take_snapshot(image, LeanConfig(config.cpus, config.preempt, config.exact), tell, folder, own)


class Stopped(LabError):
    """The run was not wanted any more."""


def run_lean(
    snapshot: Snapshot, module: Built, orders: Orders, timeout_s: float, stop: threading.Event | None = None
) -> ModuleRun:
    """One run in a fresh copy of the guest.

    Args:
        snapshot: of lean_snapshot().
        module: what is run.
        orders: what is done with it.
        timeout_s: after so much real time the VM is ended.
        stop: when set, the VM is ended at once, and Stopped raised.
    """
    start = time.monotonic()
    with snapshot.resume_with(orders.pack(module)) as vm:
        stopped = timed_out = False
        try:
            while not stopped and not timed_out:
                if stop is not None and stop.is_set():
                    raise Stopped("the hunt is over")
                stopped = vm.wait_event(STOPPED, LOOK_S)
                timed_out = not stopped and time.monotonic() - start > timeout_s
        except QmpError:  # QEMU has ended: the kernel died, and the helper has told its last words
            pass
        report = gzip.compress(vm.read_memory(snapshot.config.cpus), 1) if stopped else b""
        screen = vm.read("control") or vm.read("console")
        run = read_run(screen, report, snapshot.tasks, stopped, timed_out, snapshot.config.exact)
    run.warnings, run.seconds = module.warnings, time.monotonic() - start
    return run


def _runner(image: Image) -> bytes:
    """The first program, compiled by the compiler that modules are compiled with; kept in the cache."""
    source = RUNNER.read_bytes()
    key = hashlib.sha256(repr((image.manifest, FLAGS)).encode() + source).hexdigest()
    kept = image.folder / "modules" / f"runner-{key[:24]}"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(prefix="labkit-build-", dir=kept.parent) as folder:
            fresh = Path(folder) / "runner"
            call = [image.compiler, *FLAGS, "-o", str(fresh), str(RUNNER)]
            done = subprocess.run(call, env=image.environment, capture_output=True, text=True, check=False)
            if done.returncode:
                raise LabError(f"{image.compiler} cannot build the guest's first program:\n{done.stderr[-2000:]}")
            fresh.replace(kept)
    return kept.read_bytes()
