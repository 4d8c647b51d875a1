# ruff: noqa: F821
"""A delayed work is pending while its timer runs; mod and cancel say so."""


def fn(work):
    pr_info("running\n")
    msleep(20)


work = delayed_work(fn)


def start():
    pr_info("queue: %d\n", schedule_delayed_work(work, 10 * HZ))
    pr_info("queue again: %d\n", schedule_delayed_work(work, 0))
    pr_info("pending: %d\n", delayed_work_pending(work))
    pr_info("mod: %d\n", mod_delayed_work(system_wq, work, 20 * HZ))
    pr_info("cancel: %d\n", cancel_delayed_work_sync(work))
    pr_info("cancel again: %d\n", cancel_delayed_work_sync(work))
    pr_info("mod when idle: %d\n", mod_delayed_work(system_wq, work, 20 * HZ))
    pr_info("flush: %d\n", flush_delayed_work(work))
    pr_info("pending: %d\n", delayed_work_pending(work))
    schedule_delayed_work(work, 2)
    msleep(80)
    pr_info("pending: %d\n", delayed_work_pending(work))
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
