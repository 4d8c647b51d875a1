"""The kthreads that every Linux has, as a bare Debian 6.1 with one CPU shows them after boot.

They are tasks without a thread: they sleep, and nothing here ever wakes them. The kworkers among them are real: they are
woken as soon as there is work.
"""

from __future__ import annotations

from typing import Final

from labkit.simkernel.hung import HungTasks
from labkit.simkernel.kthreadd import early_kthread
from labkit.simkernel.kworker import worker_thread
from labkit.simkernel.pool import Pools, Worker, pools
from labkit.simkernel.task import Kernel, task_struct
from labkit.taskinfo import (
    PF_FORKNOEXEC,
    PF_KSWAPD,
    PF_KTHREAD,
    PF_NO_SETAFFINITY,
    PF_NOFREEZE,
    PF_WQ_WORKER,
    TASK_IDLE,
    TASK_INTERRUPTIBLE,
)

PER_CPU: Final = ("migration", "ksoftirqd", "cpuhp")
NICE_20: Final = 100
FREEZABLE: Final = PF_KTHREAD | PF_FORKNOEXEC

EARLY: Final = "rcu_gp rcu_par_gp slub_flushwq netns"
RESCUERS: Final = (
    "inet_frag_wq writeback kintegrityd kblockd blkcg_punt_bio tpm_dev_wq quota_events_un kthrotld acpi_thermal_pm nvme-wq "
    "nvme-reset-wq nvme-delete-wq mld ipv6_addrconf kstrp"
)
"""Rescuers of workqueues: one for each queue that must get on when memory is short. "quota_events_un" is cut by Linux."""
RCU: Final[dict[str, tuple[str, ...]]] = {
    "rcu_tasks_kthread": ("rcu_tasks_one_gp", "rcu_tasks_kthread"),
    "rcu_tasks_rude_kthread": ("rcu_tasks_one_gp", "rcu_tasks_kthread"),
    "rcu_tasks_trace_kthread": ("rcu_tasks_one_gp", "rcu_tasks_kthread"),
}
SERVICES: Final[dict[str, tuple[str, ...]]] = {
    "kdevtmpfs": ("devtmpfs_work_loop", "devtmpfsd"),
    "kauditd": ("kauditd_thread",),
    "oom_reaper": ("oom_reaper",),
    "kcompactd0": ("kcompactd",),
    "ksmd": ("ksm_scan_thread",),
    "kswapd0": ("kswapd",),
}


def make_usual_kthreads(kernel: Kernel) -> None:
    """Make them all, in about the order in which Linux does."""
    room = pools()
    for name in EARLY.split():
        _rescuer(kernel, name)
    for cpu in range(kernel.cpus):
        _kworkers(room, cpu)
    _kworker(room, None, 3)
    _rescuer(kernel, "mm_percpu_wq")
    for name, stack in RCU.items():
        _sleeper(kernel, name, TASK_IDLE, stack)
    for cpu in range(kernel.cpus):
        for word in PER_CPU:
            task = _sleeper(kernel, f"{word}/{cpu}", TASK_INTERRUPTIBLE, ("smpboot_thread_fn",), (cpu,))
            if word == "migration":
                task.prio, task.policy = 0, 1  # the most urgent there is: SCHED_FIFO, in the stop class
    _sleeper(kernel, "rcu_preempt", TASK_IDLE, ("rcu_gp_kthread",))
    for name, stack in SERVICES.items():
        task = _sleeper(kernel, name, TASK_INTERRUPTIBLE, stack)
        task.flags = task.flags | 0x100 if name == "kdevtmpfs" else FREEZABLE  # PF_SUPERPRIV: it has used its privileges
        if name == "kswapd0":
            task.flags = FREEZABLE | PF_KSWAPD | 0x800  # PF_MEMALLOC: it may use the last memory
        if name == "ksmd":
            task.prio = 125
    for name in RESCUERS.split():
        _rescuer(kernel, name)


def watch_hung_tasks(kernel: Kernel) -> None:
    """khungtaskd; it looks only if it was booted with a timeout."""
    watch = HungTasks(kernel, kernel.hung_task_timeout_secs)
    watch.task.stack = ["watchdog", "kthread", "ret_from_fork"]
    kernel.rooms["hung"] = watch
    watch.begin()


def _sleeper(
    kernel: Kernel, name: str, state: int, stack: tuple[str, ...], cpus: tuple[int, ...] = ()
) -> task_struct:  # fmt: skip
    task = early_kthread(kernel, name, state)
    task.stack = [*stack, "kthread", "ret_from_fork"]
    task.switches = 2
    if cpus:
        task.cpus, task.cpu = cpus, cpus[0]
        task.flags |= PF_NO_SETAFFINITY
    return task


def _rescuer(kernel: Kernel, name: str) -> None:
    task = _sleeper(kernel, name, TASK_IDLE, ("rescuer_thread",))
    task.flags = PF_KTHREAD | PF_NOFREEZE | PF_FORKNOEXEC | PF_WQ_WORKER | PF_NO_SETAFFINITY
    task.prio = NICE_20


def _kworkers(room: Pools, cpu: int) -> None:
    _kworker(room, cpu, 2)
    pool = room.bound[cpu][1]
    room.first(pool)


def _kworker(room: Pools, cpu: int | None, count: int) -> None:
    """Idle kworkers of one pool."""
    pool = room.unbound[0] if cpu is None else room.bound[cpu][0]
    room.first(pool)
    for number in range(1, count):
        worker = Worker(pool, number)
        pool.add(worker, early_kthread(room.kernel, pool.name(number), TASK_IDLE, worker_thread, worker))
