# ruff: noqa: F821
"""A delayed kthread_work: pending while its timer runs, and taken back with it."""


def fn(work):
    pr_info("%s works\n", current().comm)


worker = None
work = kthread_delayed_work(fn)


def start():
    global worker
    worker = kthread_create_worker(0, "slow_server")
    pr_info("queue %d\n", kthread_queue_delayed_work(worker, work, 5))
    pr_info("again %d\n", kthread_queue_delayed_work(worker, work, 5))
    msleep(50)
    pr_info("queue %d\n", kthread_queue_delayed_work(worker, work, HZ))
    pr_info("cancel %d\n", kthread_cancel_delayed_work_sync(work))
    pr_info("cancel %d\n", kthread_cancel_delayed_work_sync(work))
    return 0


def stop():
    kthread_destroy_worker(worker)


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
