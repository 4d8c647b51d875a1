# ruff: noqa: F821
"""Sleeping while a spinlock is held: scheduling while atomic."""

lock = DEFINE_SPINLOCK("lock")
worker = None


def work(data):
    spin_lock(lock)
    msleep(20)
    spin_unlock(lock)
    pr_info("went on\n")
    while not kthread_should_stop():
        schedule_timeout_interruptible(5)
    return 0


def start():
    global worker
    worker = kthread_run(work, None, "careless")
    return 0


def stop():
    kthread_stop(worker)


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
