# ruff: noqa: F821
"""After kthread_stop() an interruptible sleep ends early, and the next one does not begin."""

worker = None


def work(data):
    left = msleep_interruptible(60000)
    pr_info("left %d\n", 0 < left < 60000)
    pr_info("again: %lu\n", msleep_interruptible(1000) > 900)
    ticks = schedule_timeout_interruptible(HZ)
    pr_info("ticks left: %ld\n", ticks)
    return 0


def start():
    global worker
    worker = kthread_run(work, None, "napper")
    return 0


def stop():
    kthread_stop(worker)


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
