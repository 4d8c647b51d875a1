"""A real Linux kernel for one module at a time: run_module() runs a module in a fresh copy of a booted kernel.

Every run resumes the same booted kernel, so what a module breaks is gone with its run. In exact mode nothing reaches the
guest at a moment that could vary: the module and its orders lie in the firmware before the resume.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from labkit.errors import LabError
from labkit.qemu.build import BadModule, Built, build, named
from labkit.qemu.config import Config
from labkit.qemu.hunt import Check, Hunt, hunt
from labkit.qemu.image import Image
from labkit.qemu.lean import MAX_CYCLES, Orders, lean_snapshot
from labkit.qemu.live import LOOK_S, Watcher
from labkit.qemu.modulerun import ModuleRun, read_run
from labkit.qemu.perturb import KINDS, find_places
from labkit.qemu.recorded import Told, build_key, record, record_run, run_key
from labkit.qemu.snapshot import Snapshot
from labkit.qemu.vm import VM

ORDERS: Final = Path(__file__).with_name("orders.sh")
NMI_S: Final = 5.0
"""How long a kernel that does not answer may take to tell its last words after a non-maskable interrupt."""


class Kernel:
    """A booted kernel that is resumed anew for every run. Made by boot()."""

    def __init__(self, image: Image, config: Config, snapshot: Snapshot) -> None:
        self.image = image
        self.config = config
        self.snapshot = snapshot

    @property
    def release(self) -> str:
        """What uname -r says."""
        return self.image.release

    def __repr__(self) -> str:
        how = "exact" if self.config.exact else f"{self.config.cpus} free-running CPUs"
        return f"<Linux {self.release}, preempt={self.config.preempt}, {how}>"

    def build(self, source: str | Path, name: str = "lab", first_line: int = 1) -> Built:
        """Build a module for this kernel; run_module() does it too.

        Raises:
            BadModule: it does not compile.
        """
        name, source = named(source, name)
        try:
            built = build(self.image, source, name, first_line)
        except BadModule as error:
            record(build_key(name, source), {"error": str(error)})
            raise
        record(build_key(name, source), {"warnings": built.warnings})
        return built

    def run_module(
        self, source: str | Path | Built, wait_s: float = 0.35, seed: int = 1, name: str = "lab", params: str = "",
        trace: bool = True, limit_s: float = 10.0, timeout_s: float = 30.0, first_line: int = 1,
        watch: Callable[[str], None] | None = None,
    ) -> ModuleRun:  # fmt: skip
        """Build a module, load it into a fresh kernel, let it work, unload it, and tell what happened.

        Args:
            source: C text, a .c file, or what build() gave.
            wait_s: how long it stays loaded, by the guest's clock.
            seed: shifts the phase of the timer before insmod; in exact mode the same seed gives the same run.
            name: the module's name.
            params: module parameters, "count=3 name=x".
            trace: record scheduling events. It costs the guest time: in exact mode always the same.
            limit_s: when insmod or rmmod have not come back so long after wait_s, the guest tells where they are stuck.
            timeout_s: when the VM has not come to an end after so much real time, it is ended.
            first_line: number of the source's first line in the compiler's messages.
            watch: is given each line of the run's log, as dmesg shows it: while the VM runs, about ten times a second, and
                the rest at the end. The guest does not notice: a run that is watched gives the same bytes.

        Raises:
            BadModule: it does not compile.
            LabError: QEMU fails.
        """
        module = source if isinstance(source, Built) else self.build(source, name, first_line)
        script = orders(module.name, wait_s, seed, params, trace, limit_s)
        start = time.monotonic()
        with self.snapshot.resume(script, module.ko) as vm:
            watcher = Watcher(vm.pid, self.snapshot.ram, watch) if watch else None
            timed_out = not _wait(vm, timeout_s, watcher)
            if timed_out:
                _last_words(vm)
            told = Told(vm.read("console"), vm.read("control"), self.snapshot.tasks, vm.said_goodbye, timed_out)
        record_run(run_key(self.config, module, wait_s, seed, params, trace, limit_s), self.release, told)
        run = read_run(*told, self.config.exact)
        run.seed, run.warnings, run.seconds = seed, module.warnings, time.monotonic() - start
        if watcher:
            watcher.finish(run.dmesg)
        return run

    def hunt(
        self, source: str | Path | Built, check: Check | None = None, seeds: int | Iterable[int] = 500,
        perturb: tuple[str, ...] | None = None, wait_s: float = 0.35, cycles: int = 1, name: str = "lab", params: str = "",
        limit_s: float = 3.0, timeout_s: float = 30.0, workers: int | None = None, progress: bool | None = None,
        enough: int = 0, first_line: int = 1,
    ) -> Hunt:  # fmt: skip
        """Run a module under many seeds, each in a fresh kernel, and tell under which it fails.

        Every seed disturbs the run in another way, and always in the same one: hunt.replay(seed) shows it again.

        Args:
            source: C text, a .c file, or what build() gave.
            check: is given each run, a ModuleRun, and says whether it is fine. None: it is, unless the kernel panicked,
                faulted or warned, insmod or rmmod failed or did not come back, or a kthread was left behind.
            seeds: so many, from 0 on; or the seeds themselves.
            perturb: kinds of disturbance, of "phase" (of the timer's tick), "slices" (short timeslices), "calls" and
                "accesses" (a task is held up at calls of the kernel, or at accesses to memory), "waits" (unloaded sooner or
                later, and loaded again). None: all where check is None; else all but "waits", because a module that is
                unloaded before it is done gives other results.
            wait_s: how long the module stays loaded, by the guest's clock.
            cycles: how often it is loaded and unloaded in each run.
            name: the module's name.
            params: module parameters.
            limit_s: how long insmod or rmmod may take, by the guest's clock.
            timeout_s: and the whole run, by the real clock.
            workers: how many VMs at a time; one for each core if None.
            progress: show a progress bar; if None, in a terminal and in a notebook.
            enough: end when so many seeds have failed; 0: try them all.
            first_line: number of the source's first line in the compiler's messages.

        Raises:
            BadModule: it does not compile.
            LabError: check() raised an exception, or an argument makes no sense.
        """
        if perturb is None:
            perturb = KINDS if check is None else tuple(kind for kind in KINDS if kind != "waits")
        if not perturb or set(perturb) - set(KINDS):
            raise LabError(f"perturb={perturb!r}: one or more of {', '.join(KINDS)}")
        if not 1 <= cycles <= MAX_CYCLES or not 0 <= wait_s <= 3600 or not 0 < limit_s <= 3600:
            raise LabError(f"cycles={cycles!r}: 1 to {MAX_CYCLES}; wait_s={wait_s!r}, limit_s={limit_s!r}: seconds, at most 3600")
        module = source if isinstance(source, Built) else build(self.image, source, name, first_line)
        base = Orders((wait_s,) * cycles, params=params, limit_s=limit_s)
        snapshot = lean_snapshot(self.image, self.config)
        hunted = Hunt(module, snapshot, find_places(module.ko, self.image), base, tuple(perturb), timeout_s, enough=enough)
        return hunt(hunted, check, seeds, workers, progress)


def orders(name: str, wait_s: float, seed: int, params: str, trace: bool, limit_s: float) -> bytes:
    """The shell script of one run: its settings, then orders.sh."""
    if not isinstance(seed, int) or not 0 <= seed < 100_000:
        raise LabError(f"seed={seed!r}: a whole number from 0 to 99,999")
    if not 0 <= wait_s <= 3600 or not 0 < limit_s <= 3600:
        raise LabError(f"wait_s={wait_s!r}, limit_s={limit_s!r}: seconds, at most 3600")
    if "'" in params or "\n" in params:
        raise LabError("params: one line without ' in it")
    settings = f"name={name} seed={seed} wait={wait_s} limit={wait_s + limit_s} trace={int(trace)} params='{params}'\n"
    return settings.encode() + ORDERS.read_bytes()


def _wait(vm: VM, seconds: float, watcher: Watcher | None) -> bool:
    """Wait until the guest has come to its end; False when the time is up first."""
    end = time.monotonic() + seconds
    while watcher and (left := end - time.monotonic()) > 0:
        if vm.wait(min(LOOK_S, left)):
            return True
        watcher.look()
    return vm.wait(max(end - time.monotonic(), 0.0))


def _last_words(vm: VM) -> None:
    """A kernel that does not answer: an NMI makes it panic and say on the console where it was."""
    try:
        vm.qmp("inject-nmi")
    except LabError:
        return
    vm.wait(NMI_S)
