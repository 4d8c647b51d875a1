"""One module in a fresh simulated kernel: loaded, left to work, unloaded, and told about, as on the real one.

boot() and run_module() have the same face as labkit.qemu's, so that a lesson can run the same steps on both.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from labkit import here, modulerun
from labkit.kmsg import Records
from labkit.machines import Machine
from labkit.policies.round_robin import RoundRobin
from labkit.program import run
from labkit.simkernel.boot import check_boot, power_off, power_on, process
from labkit.simkernel.module import Module, insmod, rmmod
from labkit.simkernel.proc import task_list
from labkit.simkernel.task import DEFAULT_PRIO, Kernel, start
from labkit.thread import Thread

KILLED: Final = 137
"""Exit code of a process that died of an oops: 128 + SIGKILL."""
MAX_RT_PRIO: Final = 100
"""A prio below this is real time (include/linux/sched/prio.h)."""
RT_SLICES: Final = 19
LOOK_S: Final = 0.006
"""How long a shell takes from the end of rmmod to what it sees in /proc: one program's start, as in the guest of the course."""
SETTLE_S: Final = 0.2
"""How long the kernel runs on afterwards, so that what is left behind shows."""


@dataclass
class ModuleRun(modulerun.ModuleRun):
    """What one module did in one fresh simkernel.

    Attributes:
        unseen: faults of which a real kernel would say nothing, in words.
    """

    unseen: list[str] = field(default_factory=list)


class RealTimeFirst(RoundRobin):
    """Round robin, as long as nobody is real time; who is (sched_set_fifo) runs at once and until it sleeps, the highest first.

    Of twenty timeslices one is left to the others, as in Linux (sched_rt_runtime_us), or a busy loop would end everything.
    """

    takes_head = False

    def start(self, rng: random.Random, timeslice_ns: int) -> None:
        self.slices = 0

    def pick_next(self, runnable: Sequence[Thread], current: Thread) -> Thread:
        usual = [thread for thread in runnable if not _urgency(thread)]
        if self.slices >= RT_SLICES and usual:
            self.slices = 0
            return usual[0]
        first = max(runnable, key=_urgency)
        return first if _urgency(first) else runnable[0]

    def should_preempt(self, current: Thread, woken: Thread) -> bool:
        return _urgency(woken) > _urgency(current)

    def tick(self, current: Thread) -> bool:
        if not _urgency(current):
            return True
        self.slices += 1
        return self.slices >= RT_SLICES


def _urgency(thread: Thread) -> int:
    """A real-time priority, or 0 of a thread of the usual class, however nice it is."""
    priority = int(thread.attributes["priority"])
    return priority if priority > DEFAULT_PRIO - MAX_RT_PRIO else 0


class SimKernel:
    """A simulated kernel to load modules into. Made by boot()."""

    def __init__(self, cpus: int, preempt: str, version: str, usual_kthreads: bool, hung_task_timeout_secs: int) -> None:
        check_boot(cpus, preempt, version)
        self.settings = (cpus, preempt, version, usual_kthreads, hung_task_timeout_secs)

    def run_module(
        self, source: str | Module | Callable[[], Any], wait_s: float = 0.35, seed: int = 1, name: str = "lab",
        limit_s: float = 10.0, machine: str | Machine = "preemptive",
    ) -> ModuleRun:  # fmt: skip
        """Load a module into a fresh kernel, let it work, unload it, and tell what happened.

        Args:
            source: a module's text (Python, with module_init and the rest), a Module, or just an init function.
            wait_s: how long it stays loaded, by the kernel's clock.
            seed: how long a timeslice is, and where the first begins; the same seed gives the same run.
            name: the module's name.
            limit_s: insmod or rmmod that does not come back in this time is reported as stuck.
            machine: "preemptive", or another that runs exactly.
        """
        module = Module.compile(source, name) if isinstance(source, str) else source
        module = module if isinstance(module, Module) else Module(name, init=module, exit=lambda: None)
        told = ModuleRun(Records(), seed=seed)

        def main() -> None:
            kernel = power_on(*self.settings)
            for _ in range(seed * 7 % 31):
                here.machine.point("boot", None)
            try:
                _load_and_unload(kernel, module, told, wait_s, limit_s)
            finally:
                log: Any = kernel.log
                told.dmesg = Records(log.records())
                told.panicked, told.unseen = bool(kernel.panicked), kernel.unseen
                if told.panicked:  # as on a real one: nobody is left who could tell more than the console
                    told.insmod_rc, told.rmmod_rc, told.tasks, told.left_behind = None, None, [], []
                power_off(kernel)

        # Why: a timeslice of 3 to 43 steps; longer ones are over before most modules get into each other's way.
        policy = RealTimeFirst() if machine == "preemptive" else None
        told.trace = run(main, machine, policy, timeslice_points=3 + seed * 5 % 41).trace
        return told

    def __repr__(self) -> str:
        return f"<simkernel {self.settings[2]}, preempt={self.settings[1]}, {self.settings[0]} CPUs>"


def boot(
    cpus: int = 1, preempt: str = "full", version: str = "6.1", usual_kthreads: bool = True, hung_task_timeout_secs: int = 0
) -> SimKernel:
    """A simulated kernel to load modules into; each run begins with a fresh one. See program() for the settings.

    >>> boot().run_module(lambda: -16).insmod_rc
    16
    """
    return SimKernel(cpus, preempt, version, usual_kthreads, hung_task_timeout_secs)


class Command:
    """insmod or rmmod, as a process that somebody waits for."""

    def __init__(self, kernel: Kernel, comm: str, fn: Callable[[], int]) -> None:
        self.fn = fn
        self.rc: int | None = KILLED
        self.over = False
        self.shell = here.machine.current
        self.task = process(kernel, comm)
        start(self.task, self.body)

    def body(self) -> None:
        """What the process does."""
        try:
            self.rc = self.fn()
        finally:
            self.over = True
            here.machine.wake(self.shell)

    def wait(self, limit_s: float) -> bool:
        """Wait for its end; False if it does not come back."""
        machine = here.machine
        end_ns = int(machine.now_ns() + limit_s * 1e9)
        with machine.no_preempt:
            while not self.over and (left_ns := end_ns - int(machine.now_ns())) > 0:
                machine.block(self, left_ns)
        if not self.over:
            self.rc = None
        return self.over

    def describe(self) -> str:
        """What the shell waits for."""
        return f"the end of {self.task.comm}"

    def holders(self) -> tuple[str, ...]:
        """The process."""
        return self.task.holders()


def _load_and_unload(kernel: Kernel, module: Module, told: ModuleRun, wait_s: float, limit_s: float) -> None:
    """What the shell does: insmod, look, rmmod, look."""
    before = set(kernel.tasks)
    loading = Command(kernel, "insmod", lambda: -insmod(module))
    if not loading.wait(limit_s):
        told.stuck = "" if kernel.off else "insmod"
    told.insmod_rc = loading.rc
    here.sleep(wait_s)
    if kernel.off:
        return
    told.tasks = task_list()
    if told.stuck:
        return
    if module.name in kernel.modules:  # so it is too when insmod died in its init
        unloading = Command(kernel, "rmmod", lambda: 1 if rmmod(module.name) else 0)
        if not unloading.wait(limit_s):
            told.stuck = "" if kernel.off else "rmmod"
        told.rmmod_rc = unloading.rc
    if told.stuck:
        told.tasks = task_list()
    if kernel.off or told.stuck:
        return
    here.sleep(LOOK_S)
    told.left_behind = [t for t in task_list() if t.pid not in before and t.kthread and not t.name.startswith("kworker/")]
    here.sleep(SETTLE_S)
