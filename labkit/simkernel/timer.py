# ruff: noqa: N801 — Linux's own names
"""Timers: a function that is called at a tick, by the timer interrupt, in nobody's context.

The interrupt comes while some task runs, here always the idle task, swapper/0. Its function must not sleep.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from labkit import here
from labkit.simkernel.explored import look
from labkit.simkernel.oops import timer_fault
from labkit.simkernel.sched import INITIAL_JIFFIES, TICK_NS, jiffies
from labkit.simkernel.task import Kernel, PowerOff, current, enter, start, task_struct, the_kernel
from labkit.taskinfo import PF_IDLE, PF_KTHREAD, TASK_RUNNING

SOFTIRQ: Final = 0x100
"""What preempt_count holds while a timer's function runs."""


class timer_list:
    """One timer."""

    def __init__(self, function: Callable[[timer_list], Any]) -> None:
        self.function = function
        self.expires = 0
        self.pending = False
        self.module: Any = None

    def describe(self) -> str:
        """What it is, in words."""
        return "a timer"


def swapper(kernel: Kernel) -> task_struct:
    """The idle task, pid 0, the first of all: parent of init and of kthreadd, and its own. It is on no list of tasks."""
    if "swapper" not in kernel.rooms:
        task = task_struct(kernel, "swapper/0", None, PF_KTHREAD | PF_IDLE, 0)
        del kernel.tasks[0]
        task.state, task.real_parent = TASK_RUNNING, task
        kernel.rooms["swapper"] = task
    found: task_struct = kernel.rooms["swapper"]
    return found


class Interrupts:
    """The timers that are set, and the idle task in whose time they go off."""

    def __init__(self, kernel: Kernel) -> None:
        self.timers: list[timer_list] = []
        self.swapper = swapper(kernel)

    def set(self, timer: timer_list, expires: int) -> None:
        """Let the timer go off at this tick. Called inside no_preempt."""
        timer.expires = expires
        timer.pending = True
        timer.module = current().module or timer.module
        if timer not in self.timers:
            self.timers.append(timer)
        if self.swapper.thread is None:
            start(self.swapper, self.serve)
        else:
            here.machine.wake(self.swapper.thread)

    def serve(self) -> None:
        """Sleep until the next timer is due, and call it."""
        machine, swapper = here.machine, self.swapper
        while True:
            look("timer", self, swapper.kernel)
            with machine.no_preempt:
                if swapper.kernel.off:
                    raise PowerOff
                due = [t for t in self.timers if t.expires <= jiffies()]
                if due:
                    timer = min(due, key=lambda t: t.expires)
                    self.timers.remove(timer)
                    timer.pending = False
                else:
                    self._idle()
                    continue
            if timer.module is not None and timer.module.gone:
                timer_fault()
            swapper.preempt_count = SOFTIRQ
            timer.function(timer)
            swapper.preempt_count = 0

    def _idle(self) -> None:
        if not self.timers:
            here.machine.block(self)
            return
        next_ns = (min(t.expires for t in self.timers) - INITIAL_JIFFIES) * TICK_NS
        here.machine.block(self, max(next_ns - int(here.machine.now_ns()), 1), "sleep")

    def describe(self) -> str:
        """What swapper waits for."""
        return "a timer to go off"

    def holders(self) -> tuple[str, ...]:
        """Nobody."""
        return ()


def interrupts() -> Interrupts:
    """The timers of the running kernel."""
    kernel = the_kernel()
    if "timers" not in kernel.rooms:
        kernel.rooms["timers"] = Interrupts(kernel)
    found: Interrupts = kernel.rooms["timers"]
    return found


def timer_setup(timer: timer_list, function: Callable[[timer_list], Any], flags: int = 0) -> None:
    """Prepare a timer."""
    timer.function = function


def add_timer(timer: timer_list) -> None:
    """Set a timer to its `expires`."""
    mod_timer(timer, timer.expires)


def mod_timer(timer: timer_list, expires: int) -> int:
    """Let the timer go off at this value of jiffies; 1 if it was set already."""
    machine = enter("mod_timer", timer)
    with machine.no_preempt:
        was = int(timer.pending)
        interrupts().set(timer, expires)
    return was


def del_timer(timer: timer_list) -> int:
    """Take a timer back; 1 if it was set."""
    machine = enter("del_timer", timer)
    with machine.no_preempt:
        was = int(timer.pending)
        timer.pending = False
        if was:
            interrupts().timers.remove(timer)
    return was


def timer_pending(timer: timer_list) -> bool:
    """Whether it is set."""
    enter("timer_pending", timer)
    return timer.pending
