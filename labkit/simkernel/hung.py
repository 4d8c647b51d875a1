"""khungtaskd: looks from time to time for tasks that have slept uninterruptibly for too long, and reports them.

Follows kernel/hung_task.c of 6.1: the first look remembers how often a task has left the processor, a later look that
finds the same number, and `timeout` seconds gone, reports it. At most ten reports are made.
"""

from __future__ import annotations

from typing import Final

from labkit import here
from labkit.simkernel.delay import schedule_timeout_interruptible
from labkit.simkernel.kthreadd import early_kthread
from labkit.simkernel.load import HZ
from labkit.simkernel.report import ERR, INFO, asleep, release, show_stack, tainted
from labkit.simkernel.sched import INITIAL_JIFFIES, MAX_SCHEDULE_TIMEOUT, jiffies, leave, try_to_wake_up
from labkit.simkernel.task import Kernel, current, start, task_struct
from labkit.taskinfo import TASK_INTERRUPTIBLE, TASK_NOLOAD, TASK_UNINTERRUPTIBLE, TASK_WAKEKILL
from labkit.thread import BLOCKED

WARNINGS: Final = 10
"""sysctl hung_task_warnings: so many reports, then silence."""


class Watch:
    """What khungtaskd remembers of a task."""

    def __init__(self, switches: int, since: int) -> None:
        self.switches = switches
        self.since = since


class HungTasks:
    """The state of khungtaskd."""

    def __init__(self, kernel: Kernel, timeout_s: int) -> None:
        self.kernel = kernel
        self.timeout_s = timeout_s
        self.left = WARNINGS
        self.seen: dict[int, Watch] = {}
        self.task = early_kthread(kernel, "khungtaskd", TASK_INTERRUPTIBLE, self.watchdog)

    def begin(self) -> None:
        """Let it run, if it is to look at all."""
        if self.timeout_s and self.task.body is not None:
            self.task.state = 0
            start(self.task, self.task.body)

    def set_timeout(self, timeout_s: int) -> None:
        """Somebody writes to hung_task_timeout_secs: khungtaskd wakes up and reckons anew."""
        with here.machine.no_preempt:
            self.timeout_s = self.kernel.hung_task_timeout_secs = timeout_s
            try_to_wake_up(self.task, TASK_INTERRUPTIBLE)

    def watchdog(self, data: object) -> int:
        """Khungtaskd's loop."""
        last = INITIAL_JIFFIES
        while True:
            left = last + self.timeout_s * HZ - jiffies() if self.timeout_s else MAX_SCHEDULE_TIMEOUT
            if left > 0:
                schedule_timeout_interruptible(left)
                continue
            if not self.look() and self.nothing_moves():
                self.give_up()
            last = jiffies()

    def look(self) -> bool:
        """Look at every task; True if there may be something to report later."""
        with here.machine.no_preempt:
            watched = [task for task in self.kernel.tasks.values() if _hangs(task)]
            for task in watched:
                self.check(task)
            return bool(watched) and self.left > 0

    def check(self, task: task_struct) -> None:
        """Report the task if nothing has happened to it since long enough."""
        watch = self.seen.get(task.pid)
        if task.switches == 0:
            return
        if watch is None or watch.switches != task.switches:
            self.seen[task.pid] = Watch(task.switches, jiffies())
            return
        waited = jiffies() - watch.since
        if waited < self.timeout_s * HZ or self.left <= 0:
            return
        self.left -= 1
        self.report(task, waited // HZ)

    def report(self, task: task_struct, seconds: int) -> None:
        """The kernel's own words."""
        kernel = self.kernel
        kernel.say(ERR, f"INFO: task {task.comm}:{task.pid} blocked for more than {seconds} seconds.")
        kernel.say(ERR, f"      {tainted(kernel)} {release(kernel)} #1")
        kernel.say(ERR, '"echo 0 > /proc/sys/kernel/hung_task_timeout_secs" disables this message.')
        head = f"task:{task.comm:<15.15s} state:{'D'} stack:0     pid:{task.pid:<5d} ppid:{task.ppid:<6d} flags:0x00004000"
        kernel.say(INFO, head)
        show_stack(asleep(task.stack), INFO)
        if self.left == 0 and kernel.number > (6, 1):  # 6.1 falls silent without a word
            kernel.say(INFO, "Future hung task reports are suppressed, see sysctl kernel.hung_task_warnings")

    def nothing_moves(self) -> bool:
        """Every other task sleeps without a timeout: nothing will ever happen again, except this look."""
        machine = here.machine
        others = [t for t in self.kernel.by_thread if t is not machine.current and t.state != "EXITED"]
        return not machine.timers and all(thread.state == BLOCKED for thread in others)

    def give_up(self) -> None:
        """Look no more, so that the machine can say that this is a deadlock; Linux would look for ever."""
        with here.machine.no_preempt:
            current().state = TASK_INTERRUPTIBLE
            leave(self.kernel, current(), self)

    def describe(self) -> str:
        """What khungtaskd waits for."""
        return "the next look for hung tasks"


def _hangs(task: task_struct) -> bool:
    """Uninterruptible, and neither killable nor idle."""
    return bool(task.state & TASK_UNINTERRUPTIBLE) and not task.state & (TASK_WAKEKILL | TASK_NOLOAD)
