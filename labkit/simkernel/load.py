"""The load average: how many tasks run or sleep uninterruptibly, as a decaying mean of 1, 5 and 15 minutes.

Linux samples every 5 s and one tick (kernel/sched/loadavg.c). Here a sample is taken late, before the next change of any
task's state, which gives the same number: between two changes nothing changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from labkit.taskinfo import TASK_NOLOAD, TASK_RUNNING, TASK_UNINTERRUPTIBLE
from labkit.thread import BLOCKED

if TYPE_CHECKING:
    from labkit.simkernel.task import Kernel

HZ: Final = 250
"""Ticks a second: CONFIG_HZ of Debian's kernel."""
LOAD_TICKS: Final = 5 * HZ + 1
FIXED_1: Final = 1 << 11
EXP: Final = (1884, 2014, 2037)
"""1/exp(5 s/1 min), 5 min and 15 min, in 11 bits."""


class LoadAverage:
    """The three averages, in fixed point.

    >>> LoadAverage.step(0, 1884, 1) / 2048 > 0.079
    True
    """

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.averages = [0, 0, 0]
        self.samples = 0

    def active(self) -> int:
        """How many tasks count: those that can run, and those in uninterruptible sleep, except the idle ones."""
        count = 0
        for task in self.kernel.tasks.values():
            asleep = task.thread is not None and task.thread.state == BLOCKED and task.state != TASK_RUNNING
            loads = bool(task.state & TASK_UNINTERRUPTIBLE) and not task.state & TASK_NOLOAD
            count += loads if asleep else task.thread is not None
        return count

    def account(self) -> None:
        """Take the samples that are due."""
        due = self.kernel.now_us() * HZ // (1_000_000 * LOAD_TICKS)
        if due <= self.samples:
            return
        active = self.active()
        while self.samples < due:
            self.samples += 1
            self.averages = [self.step(load, exp, active) for load, exp in zip(self.averages, EXP, strict=True)]

    @staticmethod
    def step(load: int, exp: int, active: int) -> int:
        """One sample into one average (calc_load)."""
        wanted = active * FIXED_1
        new = load * exp + wanted * (FIXED_1 - exp)
        if wanted >= load:
            new += FIXED_1 - 1
        return new // FIXED_1

    def text(self) -> str:
        """The averages as /proc/loadavg prints them: "0.39 0.09 0.03"."""
        self.account()
        rounded = [load + FIXED_1 // 200 for load in self.averages]
        return " ".join(f"{load >> 11}.{((load & (FIXED_1 - 1)) * 100) >> 11:02d}" for load in rounded)
