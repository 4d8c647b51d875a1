# ruff: noqa: F821
"""Another errno, and a kthread that init stops before it gives up."""


def work(data):
    while not kthread_should_stop():
        msleep(10)
    return 4


def start():
    worker = kthread_run(work, None, "short_lived")
    msleep(30)
    pr_info("kthread_stop: %d\n", kthread_stop(worker))
    return -EBUSY


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
