"""A pretend Linux kernel: kthreads, wait queues, work queues and modules under Linux's own names, on labkit's machines.

What a module of Linux 6.1 would include, in one place. program() makes a labkit program of an init function; boot() gives
a kernel to load modules into, with the same face as the real one's.

>>> from labkit import run
>>> run(program(lambda: kthread_stop(kthread_create(print, None, "never_woken")))).result == -EINTR
True
"""

# isort: skip_file
# fmt: off
# Why: an index of names reads better in lines than one name a line.
from __future__ import annotations

from labkit.simkernel.atomic import (
    ATOMIC_INIT, atomic_add, atomic_add_return, atomic_add_unless, atomic_cmpxchg, atomic_dec, atomic_dec_and_test,
    atomic_dec_return, atomic_fetch_add, atomic_fetch_inc, atomic_inc, atomic_inc_and_test, atomic_inc_not_zero,
    atomic_inc_return, atomic_read, atomic_set, atomic_sub, atomic_sub_return, atomic_t, atomic_xchg,
)
from labkit.simkernel.boot import program
from labkit.simkernel.completion import (
    DECLARE_COMPLETION, complete, complete_all, completion, completion_done, init_completion, reinit_completion,
    try_wait_for_completion, wait_for_completion, wait_for_completion_interruptible, wait_for_completion_timeout,
)
from labkit.simkernel.delay import (
    cpu_relax, jiffies_to_msecs, ktime_get_ns, mdelay, msleep, msleep_interruptible, schedule_timeout_idle,
    schedule_timeout_interruptible, schedule_timeout_uninterruptible, ssleep, udelay, usleep_range,
)
from labkit.simkernel.errptr import (
    EAGAIN, EBUSY, EEXIST, EFAULT, EINTR, EINVAL, EIO, ENODEV, ENOENT, ENOMEM, ENOSYS, EPERM, ERESTARTSYS, ERR_PTR, ESRCH,
    ETIME, ETIMEDOUT, EWOULDBLOCK, IS_ERR, IS_ERR_OR_NULL, MAX_ERRNO, PTR_ERR, PTR_ERR_OR_ZERO,
)
from labkit.simkernel.kthread import (
    NUMA_NO_NODE, kthread_bind, kthread_bind_mask, kthread_complete_and_exit, kthread_create, kthread_create_on_cpu,
    kthread_create_on_node, kthread_data, kthread_exit, kthread_func, kthread_run, kthread_should_park, kthread_should_stop,
    kthread_stop,
)
from labkit.simkernel.kthread_worker import (
    kthread_cancel_delayed_work_sync, kthread_cancel_work_sync, kthread_create_worker, kthread_delayed_work,
    kthread_destroy_worker, kthread_flush_work, kthread_flush_worker, kthread_init_work, kthread_init_worker,
    kthread_queue_delayed_work, kthread_queue_work, kthread_work, kthread_worker, kthread_worker_fn,
)
from labkit.simkernel.kthreadd import kthread_parkme
from labkit.simkernel.mutex import (
    DEFINE_MUTEX, mutex, mutex_init, mutex_is_locked, mutex_lock, mutex_lock_interruptible, mutex_trylock, mutex_unlock,
)
from labkit.simkernel.oops import panic
from labkit.simkernel.parking import kthread_park, kthread_unpark
from labkit.simkernel.preempt import cond_resched, might_sleep, preempt_count, preempt_disable, preempt_enable
from labkit.simkernel.semaphore import down, down_interruptible, down_timeout, down_trylock, sema_init, semaphore, up
from labkit.simkernel.load import HZ
from labkit.simkernel.locks import (
    DEFINE_SPINLOCK, spin_lock, spin_lock_init, spin_lock_irqsave, spin_trylock, spin_unlock, spin_unlock_irqrestore,
    spinlock_t,
)
from labkit.simkernel.module import Module, THIS_MODULE, insmod, module_put, rmmod, try_module_get
from labkit.simkernel.modulerun import ModuleRun, SimKernel, boot
from labkit.simkernel.pool import WORK_CPU_UNBOUND, WQ_HIGHPRI, WQ_UNBOUND, delayed_work, work_struct, workqueue_struct
from labkit.simkernel.proc import read_proc, task_list, write_proc
from labkit.simkernel.report import dump_stack
from labkit.simkernel.sched import (
    MAX_SCHEDULE_TIMEOUT, SIGKILL, SIGSTOP, SIGTERM, jiffies, msecs_to_jiffies, sched_set_fifo, schedule, schedule_timeout,
    send_sig, set_current_state, set_user_nice, signal_pending, wake_up_process, wake_up_state,
)
from labkit.simkernel.stack import frames_that_fit, stack_frame
from labkit.simkernel.task import (
    Oops, TASK_NORMAL, THREAD_SIZE, current, get_task_struct, mm_struct, put_task_struct, task_struct, the_kernel,
)
from labkit.simkernel.timer import add_timer, del_timer, mod_timer, timer_list, timer_pending, timer_setup
from labkit.simkernel.wait import (
    DECLARE_WAIT_QUEUE_HEAD, DEFINE_WAIT, finish_wait, init_waitqueue_head, prepare_to_wait, prepare_to_wait_exclusive,
    wait_event, wait_event_idle, wait_event_interruptible, wait_event_interruptible_exclusive,
    wait_event_interruptible_timeout, wait_event_killable, wait_event_timeout, wait_queue_entry, wait_queue_head_t,
    waitqueue_active, wake_up, wake_up_all, wake_up_interruptible, wake_up_interruptible_all, wake_up_nr,
)
from labkit.simkernel.workqueue import (
    INIT_DELAYED_WORK, INIT_WORK, WQ_CPU_INTENSIVE, WQ_DFL_ACTIVE, WQ_FREEZABLE, WQ_MEM_RECLAIM, WQ_POWER_EFFICIENT, WQ_SYSFS,
    alloc_ordered_workqueue, alloc_workqueue, cancel_delayed_work, cancel_delayed_work_sync, cancel_work, cancel_work_sync,
    create_singlethread_workqueue, current_work, delayed_work_pending, destroy_workqueue, drain_workqueue, flush_delayed_work,
    flush_scheduled_work, flush_work, flush_workqueue, mod_delayed_work, queue_delayed_work, queue_work, queue_work_on,
    schedule_delayed_work, schedule_work, schedule_work_on, system_freezable_wq, system_highpri_wq, system_long_wq,
    system_unbound_wq, system_wq, work_pending,
)
from labkit.simkernel.printk import (
    KERN_ALERT, KERN_CONT, KERN_CRIT, KERN_DEBUG, KERN_EMERG, KERN_ERR, KERN_INFO, KERN_NOTICE, KERN_SOH, KERN_WARNING,
    dev_kmsg_write, dmesg, dmesg_follow, pr_alert, pr_cont, pr_crit, pr_debug, pr_emerg, pr_err, pr_info, pr_notice, pr_warn,
    printk, printk_once, printk_ratelimited, vsprintf,
)
from labkit.taskinfo import (
    PF_EXITING, PF_FORKNOEXEC, PF_KTHREAD, PF_NOFREEZE, PF_NO_SETAFFINITY, PF_WQ_WORKER, TASK_DEAD, TASK_IDLE,
    TASK_INTERRUPTIBLE, TASK_KILLABLE, TASK_NEW, TASK_NOLOAD, TASK_PARKED, TASK_RUNNING, TASK_UNINTERRUPTIBLE, TASK_WAKEKILL,
    EXIT_DEAD, EXIT_ZOMBIE, TASK_COMM_LEN,
)

__all__ = [  # noqa: RUF022 — an index
    "ATOMIC_INIT", "DECLARE_COMPLETION", "DECLARE_WAIT_QUEUE_HEAD", "DEFINE_MUTEX", "DEFINE_SPINLOCK", "DEFINE_WAIT",
    "EAGAIN", "EBUSY", "EEXIST", "EFAULT", "EINTR", "EINVAL", "EIO", "ENODEV", "ENOENT", "ENOMEM", "ENOSYS", "EPERM",
    "ERESTARTSYS", "ERR_PTR", "ESRCH", "ETIME", "ETIMEDOUT", "EWOULDBLOCK", "EXIT_DEAD", "EXIT_ZOMBIE", "HZ",
    "INIT_DELAYED_WORK", "INIT_WORK", "IS_ERR", "IS_ERR_OR_NULL", "KERN_ALERT", "KERN_CONT", "KERN_CRIT", "KERN_DEBUG",
    "KERN_EMERG", "KERN_ERR", "KERN_INFO", "KERN_NOTICE", "KERN_SOH", "KERN_WARNING", "MAX_ERRNO", "MAX_SCHEDULE_TIMEOUT",
    "Module", "ModuleRun", "NUMA_NO_NODE", "Oops", "PF_EXITING", "PF_FORKNOEXEC", "PF_KTHREAD", "PF_NOFREEZE",
    "PF_NO_SETAFFINITY", "PF_WQ_WORKER", "PTR_ERR", "PTR_ERR_OR_ZERO", "SIGKILL", "SIGSTOP", "SIGTERM", "SimKernel",
    "TASK_COMM_LEN", "TASK_DEAD", "TASK_IDLE", "TASK_INTERRUPTIBLE", "TASK_KILLABLE", "TASK_NEW", "TASK_NOLOAD",
    "TASK_NORMAL", "TASK_PARKED", "TASK_RUNNING", "TASK_UNINTERRUPTIBLE", "TASK_WAKEKILL", "THIS_MODULE", "THREAD_SIZE",
    "WORK_CPU_UNBOUND", "WQ_CPU_INTENSIVE", "WQ_DFL_ACTIVE", "WQ_FREEZABLE", "WQ_HIGHPRI", "WQ_MEM_RECLAIM",
    "WQ_POWER_EFFICIENT", "WQ_SYSFS", "WQ_UNBOUND", "add_timer", "alloc_ordered_workqueue", "alloc_workqueue", "atomic_add",
    "atomic_add_return", "atomic_add_unless", "atomic_cmpxchg", "atomic_dec", "atomic_dec_and_test", "atomic_dec_return",
    "atomic_fetch_add", "atomic_fetch_inc", "atomic_inc", "atomic_inc_and_test", "atomic_inc_not_zero", "atomic_inc_return",
    "atomic_read", "atomic_set", "atomic_sub", "atomic_sub_return", "atomic_t", "atomic_xchg", "boot", "cancel_delayed_work",
    "cancel_delayed_work_sync", "cancel_work", "cancel_work_sync", "complete", "complete_all", "completion",
    "completion_done", "cond_resched", "cpu_relax", "create_singlethread_workqueue", "current", "current_work", "del_timer",
    "delayed_work", "delayed_work_pending", "destroy_workqueue", "dev_kmsg_write", "dmesg", "dmesg_follow", "down",
    "down_interruptible", "down_timeout", "down_trylock", "drain_workqueue", "dump_stack", "finish_wait",
    "flush_delayed_work", "flush_scheduled_work", "flush_work", "flush_workqueue", "frames_that_fit", "get_task_struct",
    "init_completion", "init_waitqueue_head", "insmod", "jiffies", "jiffies_to_msecs", "kthread_bind", "kthread_bind_mask",
    "kthread_cancel_delayed_work_sync", "kthread_cancel_work_sync", "kthread_complete_and_exit", "kthread_create",
    "kthread_create_on_cpu", "kthread_create_on_node", "kthread_create_worker", "kthread_data", "kthread_delayed_work",
    "kthread_destroy_worker", "kthread_exit", "kthread_flush_work", "kthread_flush_worker", "kthread_func",
    "kthread_init_work", "kthread_init_worker", "kthread_park", "kthread_parkme", "kthread_queue_delayed_work",
    "kthread_queue_work", "kthread_run", "kthread_should_park", "kthread_should_stop", "kthread_stop", "kthread_unpark",
    "kthread_work", "kthread_worker", "kthread_worker_fn", "ktime_get_ns", "mdelay", "might_sleep", "mm_struct",
    "mod_delayed_work", "mod_timer", "module_put", "msecs_to_jiffies", "msleep", "msleep_interruptible", "mutex",
    "mutex_init", "mutex_is_locked", "mutex_lock", "mutex_lock_interruptible", "mutex_trylock", "mutex_unlock", "panic",
    "pr_alert", "pr_cont", "pr_crit", "pr_debug", "pr_emerg", "pr_err", "pr_info", "pr_notice", "pr_warn", "preempt_count",
    "preempt_disable", "preempt_enable", "prepare_to_wait", "prepare_to_wait_exclusive", "printk", "printk_once",
    "printk_ratelimited", "program", "put_task_struct", "queue_delayed_work", "queue_work", "queue_work_on", "read_proc",
    "reinit_completion", "rmmod", "sched_set_fifo", "schedule", "schedule_delayed_work", "schedule_timeout",
    "schedule_timeout_idle", "schedule_timeout_interruptible", "schedule_timeout_uninterruptible", "schedule_work",
    "schedule_work_on", "sema_init", "semaphore", "send_sig", "set_current_state", "set_user_nice", "signal_pending",
    "spin_lock", "spin_lock_init", "spin_lock_irqsave", "spin_trylock", "spin_unlock", "spin_unlock_irqrestore", "spinlock_t",
    "ssleep", "stack_frame", "system_freezable_wq", "system_highpri_wq", "system_long_wq", "system_unbound_wq", "system_wq",
    "task_list", "task_struct", "the_kernel", "timer_list", "timer_pending", "timer_setup", "try_module_get",
    "try_wait_for_completion", "udelay", "up", "usleep_range", "vsprintf", "wait_event", "wait_event_idle",
    "wait_event_interruptible", "wait_event_interruptible_exclusive", "wait_event_interruptible_timeout",
    "wait_event_killable", "wait_event_timeout", "wait_for_completion", "wait_for_completion_interruptible",
    "wait_for_completion_timeout", "wait_queue_entry", "wait_queue_head_t", "waitqueue_active", "wake_up", "wake_up_all",
    "wake_up_interruptible", "wake_up_interruptible_all", "wake_up_nr", "wake_up_process", "wake_up_state", "work_pending",
    "work_struct", "workqueue_struct", "write_proc",
]
