# ruff: noqa: F821
"""Parking what is parked warns and gives -EBUSY."""

worker = None


def work(data):
    while not kthread_should_stop():
        if kthread_should_park():
            kthread_parkme()
        msleep(10)
    return 0


def start():
    global worker
    worker = kthread_run(work, None, "twice")
    msleep(30)
    pr_info("first: %d\n", kthread_park(worker))
    pr_info("second: %d\n", kthread_park(worker))
    return 0


def stop():
    kthread_stop(worker)


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
