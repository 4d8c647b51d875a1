# ruff: noqa: N801 — Linux's own names
"""What the simulated kernel knows: its tasks, each a task_struct, and itself.

A task runs on a labkit thread, so any machine runs a kernel and every picture draws it. The kernel's state belongs to
one run and dies with it. Every operation on shared state begins with enter(): the scheduling point before it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Protocol

from labkit import here
from labkit.errors import LabError
from labkit.simkernel.explored import is_explored, look, touches
from labkit.simkernel.load import LoadAverage
from labkit.taskinfo import (
    PF_EXITING,
    PF_FORKNOEXEC,
    PF_KTHREAD,
    PF_NOFREEZE,
    PF_WQ_WORKER,
    TASK_DEAD,
    TASK_INTERRUPTIBLE,
    TASK_NEW,
    TASK_RUNNING,
    TASK_UNINTERRUPTIBLE,
    cut_comm,
)
from labkit.thread import Thread

THREAD_SIZE: Final = 4096 << 2
"""Bytes of a kernel stack: 16 KiB since Linux 3.15 (x86-64, without KASAN)."""
STACK_ON_ENTRY: Final = 224
"""Bytes of it that lie above threadfn's own frame: 168 for a user's registers, which a kthread never needs, and the frames of
ret_from_fork and kthread. Measured on 6.1.192 with __builtin_dwarf_cfa()."""
TASK_NORMAL: Final = TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE
"""What wake_up and wake_up_process wake."""
DEFAULT_PRIO: Final = 120
KTHREADD_PID: Final = 2


class PowerOff(BaseException):
    """Thrown into every task when the simulated machine is switched off: at the end of a program, or by a panic."""


class Exited(BaseException):
    """The task ended itself in the middle of a function: kthread_exit() or an oops."""


class Oops(LabError):
    """The kernel came upon something that must not be: the task that ran is dead, or would be."""


class Log(Protocol):
    """The part of the log buffer that messages of the kernel itself need."""

    def append(self, level: int, text: str) -> Any: ...


class mm_struct:
    """The address space of a user program. A kthread has none."""

    def __init__(self, owner: str) -> None:
        self.owner = owner

    def __repr__(self) -> str:
        return f"<mm_struct of {self.owner}>"


class Sleeping:
    """What a task that has left the processor waits for: a wake-up of its state."""

    __slots__ = ("on", "owner", "task")

    def __init__(self, task: task_struct) -> None:
        self.task = task
        self.owner = task.kernel
        self.on: Any = None

    def describe(self) -> str:
        """What is waited for, in words."""
        return self.on.describe() if hasattr(self.on, "describe") else f"a wake-up, in state {self.task.state:#x}"

    def holders(self) -> tuple[str, ...]:
        """Names of the threads that can end the wait."""
        return tuple(self.on.holders()) if hasattr(self.on, "holders") else ()

    def forget(self, thread: Thread) -> None:
        """The timer went off: that is a wake-up too."""
        the_kernel().load.account()
        self.task.state = TASK_RUNNING


class task_struct:
    """What the kernel schedules: a kthread, or a process's thread seen from the inside.

    Attributes:
        comm: its name, at most 15 characters; full_name: all of it, which /proc shows for kthreads.
        pid, tgid: its number, and the number of its group: the same for every kthread.
        real_parent: who it descends from: kthreadd, for a kthread, whoever asked for it.
        flags: PF_ bits. mm: its address space, None for a kthread; active_mm: the one it borrows.
        state: TASK_ bits, what may wake it. exit_state, exit_code: once it has ended.
        prio, cpus: how urgent (120 is usual), and where it may run.
        usage: how many hold a reference; at 0 the memory is given back and `freed` is True.
        stack: names of the functions it sleeps in, innermost first. stack_used, stack_peak: bytes
            of its 16 KiB, now and at most.
        preempt_count: how many spinlocks and preempt_disable() it is in.
    """

    def __init__(self, kernel: Kernel, name: str, parent: task_struct | None, flags: int, pid: int | None = None) -> None:
        self.kernel = kernel
        self.pid = self.tgid = kernel.new_pid() if pid is None else pid
        self.full_name = name
        self.comm = cut_comm(name)
        self.real_parent = parent
        self.flags = flags
        self.mm: mm_struct | None = None if flags & PF_KTHREAD else mm_struct(name)
        self.active_mm: mm_struct | None = self.mm or kernel.last_mm
        self.state = TASK_NEW
        self.exit_state = 0
        self.exit_code = 0
        self.policy = 0
        self.prio = DEFAULT_PRIO
        self.cpus = tuple(range(kernel.cpus))
        self.cpu = 0
        self.usage = 1
        self.freed = False
        self.signalled = False
        self.preempt_count = 0
        self.guards = 0
        self.stack: list[str] = []
        self.stack_used = self.stack_peak = STACK_ON_ENTRY
        self.switches = 0
        self.start_us = kernel.now_us()
        self.oopsed = False
        self.inside = ""
        self.reused_by: task_struct | None = None
        self.kthread: Any = None
        self.worker: Any = None
        self.module: Any = parent.module if parent else None
        self.thread: Thread | None = None
        self.body: Callable[[], object] | None = None
        self.sleeping = Sleeping(self)
        kernel.tasks[self.pid] = self
        if kernel.free_memory:
            kernel.free_memory.pop().reused_by = self

    @property
    def name(self) -> str:
        """The name as /proc prints it: a kthread's in full, a kworker's with the workqueue it served last."""
        if self.worker is not None:
            return str(self.worker.full_name(self.comm))
        return self.full_name if self.flags & PF_KTHREAD and not self.flags & PF_WQ_WORKER else self.comm

    @property
    def ppid(self) -> int:
        """Number of its parent; 0 for the first two."""
        return self.real_parent.pid if self.real_parent else 0

    def describe(self) -> str:
        """The task as something to act on."""
        return f"task '{self.comm}'"

    def holders(self) -> tuple[str, ...]:
        """The thread that runs it."""
        return (self.thread.name,) if self.thread else ()

    def __repr__(self) -> str:
        return f"<task_struct {self.pid} '{self.comm}' state {self.state:#x}>"


class Kernel:
    """The state of one simulated kernel, from power-on to power-off.

    Attributes:
        cpus, preempt, version: as booted.
        tasks: pid → task, of all that have not been reaped.
        modules: name → module, of those loaded.
        log: the ring buffer behind dmesg.
        off: the power is off: every task ends at its next operation.
        panicked: the text of a panic, or "".
        oopses: the first line of each oops.
        unseen: faults of which a real kernel says nothing, in words: what a debugger or a grader would like to know.
    """

    def __init__(self, log: Log, cpus: int, preempt: str, version: str, hung_task_timeout_secs: int = 0) -> None:
        self.run_id = here.machine.run_id
        self.log = log
        self.cpus = cpus
        self.preempt = preempt
        self.version = version
        self.number = tuple(int(part) for part in version.split(".")[:2])
        self.hung_task_timeout_secs = hung_task_timeout_secs
        self.tasks: dict[int, task_struct] = {}
        self.by_thread: dict[Thread, task_struct] = {}
        self.modules: dict[str, Any] = {}
        self.faults: dict[str, list[int]] = {}
        self.off = False
        self.panicked = ""
        self.taints: set[str] = set()
        self.last_unloaded = ""
        self.oopses: list[str] = []
        self.unseen: list[str] = []
        self.once: set[str] = set()
        self.rooms: dict[str, Any] = {}
        self.free_memory: list[task_struct] = []
        self.last_mm: mm_struct | None = mm_struct("init")
        self.load = LoadAverage(self)
        self._pids = 0
        self.all, self.nothing_else = touches(self)

    @property
    def guarded(self) -> bool:
        """Whether kernel code keeps the one processor until it gives it up: preempt=none and voluntary."""
        return self.preempt != "full" and self.cpus == 1

    @property
    def last_pid(self) -> int:
        """The pid given out last."""
        return self._pids

    def new_pid(self) -> int:
        """The next free pid."""
        self._pids += 1
        return self._pids

    def describe(self) -> str:
        """What it is, in words."""
        return "the kernel"

    def first_pid(self, pid: int) -> None:
        """Give out pids from here on."""
        self._pids = pid - 1

    def now_us(self) -> int:
        """Time since power-on, in µs: the stamp of a message."""
        return int(here.machine.now_ns()) // 1000

    def say(self, level: int, text: str) -> None:
        """A message of the kernel itself."""
        self.log.append(level, text)

    def fail(self, what: str, error: int, times: int = 1) -> None:
        """Let the next calls of kthread_create or alloc_workqueue fail: fault injection, as in Linux."""
        self.faults.setdefault(what, []).extend([error] * times)

    def fault(self, what: str) -> int:
        """The errno that fail() has ordered for this call, or 0."""
        orders = self.faults.get(what)
        return orders.pop(0) if orders else 0

    def release(self, task: task_struct) -> None:
        """The task has ended and is reaped: it leaves the task list, and the list's reference is dropped."""
        self.tasks.pop(task.pid, None)
        self.put(task)

    def put(self, task: task_struct) -> None:
        """Drop a reference; with the last one the memory goes."""
        task.usage -= 1
        if task.usage <= 0 and not task.freed:
            task.freed = True
            self.free_memory.append(task)


_kernel: Kernel | None = None


def switch_on(kernel: Kernel | None) -> None:
    """This kernel runs from now on; None: the power is off."""
    global _kernel
    _kernel = kernel


def the_kernel() -> Kernel:
    """The kernel that runs on the running machine."""
    if _kernel is None or _kernel.run_id is not here.machine.run_id:
        raise LabError(
            "no simkernel runs here. Give your function to simkernel.program(), which boots one: run(simkernel.program(init))"
        )
    return _kernel


def current() -> task_struct:
    """The task that runs this."""
    kernel = the_kernel()
    try:
        return kernel.by_thread[here.machine.current]
    except KeyError:
        raise LabError(
            f"thread '{here.machine.current.name}' is no task of the simkernel: make kthreads with kthread_run(), not spawn()"
        ) from None


def enter(op: str, on: object = None, alone: bool = False) -> Any:
    """Begin an operation on shared state: the scheduling point before it. alone: on nothing else's. Returns the machine."""
    machine = here.machine
    kernel = the_kernel()
    machine.point(op, on, kernel.nothing_else if alone else kernel.all)
    if kernel.off:
        raise PowerOff
    task = kernel.by_thread.get(machine.current)
    if task is not None:
        check_alive(task)
    return machine


def check_alive(task: task_struct) -> None:
    """A task goes back to its own code: is that code still there?"""
    if task.oopsed:
        raise Exited
    if task.module is not None and task.module.gone:
        from labkit.simkernel.oops import page_fault

        page_fault(task)


def start(task: task_struct, body: Callable[[], object]) -> None:
    """Give the task a thread, which runs body() and then ends as a task."""
    task.kernel.load.account()

    def life() -> None:
        kernel, machine = task.kernel, here.machine
        kernel.by_thread[machine.current] = task
        guard = machine.no_preempt if kernel.guarded else here.NO_GUARD
        try:
            with guard:
                body()
        except (PowerOff, Exited):
            pass
        except Exception as error:
            # Why: a mistake in the Python text, not in the simulated kernel: the run ends here, before others wait in vain.
            error.add_note(f"raised in task '{task.comm}'")
            if not is_explored():
                machine.failure = machine.failure or error
            raise
        finally:
            if not machine.aborting:
                look("do_exit", task, task.kernel)
                with machine.no_preempt:
                    do_exit(task)
                for _ in range(task.guards):
                    machine.no_preempt.__exit__(None, None, None)

    name = "".join("_" if c.isspace() or c == "*" else c for c in task.comm) or "-"
    task.thread = here.machine.spawn(life, name=name, priority=DEFAULT_PRIO - task.prio)
    task.kernel.by_thread[task.thread] = task


def do_exit(task: task_struct) -> None:
    """The end of a task: tell who waits for it, and leave the task list. Called inside no_preempt."""
    task.kernel.load.account()
    task.flags |= PF_EXITING
    if task.preempt_count and not task.kernel.off:
        leave_note(task)
    if task.kthread is not None and not task.kernel.off:
        task.kthread.exited.finish()
    task.state = TASK_DEAD
    task.exit_state = 0x10  # EXIT_DEAD: kthreadd ignores SIGCHLD, so nobody has to wait for it
    task.kernel.release(task)


def leave_note(task: task_struct) -> None:
    """The task ends while it holds a spinlock."""
    from labkit.simkernel.report import schedule_bug

    if task.oopsed:
        task.kernel.say(6, f"note: {task.comm}[{task.pid}] exited with preempt_count {task.preempt_count}")
    else:
        schedule_bug(task, exiting=True)


def get_task_struct(task: task_struct) -> task_struct:
    """Hold a reference: the memory of the task stays, even after its end."""
    machine = enter("get_task_struct", task)
    with machine.no_preempt:
        if task.freed:
            from labkit.simkernel.report import refcount_warning

            refcount_warning("addition on 0; use-after-free.")
        else:
            task.usage += 1
    return task


def put_task_struct(task: task_struct) -> None:
    """Drop a reference."""
    machine = enter("put_task_struct", task)
    with machine.no_preempt:
        if task.freed:
            from labkit.simkernel.report import refcount_warning

            refcount_warning("underflow; use-after-free.")
        else:
            task.kernel.put(task)


KTHREAD_FLAGS: Final = PF_KTHREAD | PF_NOFREEZE | PF_FORKNOEXEC
"""0x00208040: what every kthread carries."""
