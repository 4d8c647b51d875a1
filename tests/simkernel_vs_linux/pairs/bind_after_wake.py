# ruff: noqa: F821
"""kthread_bind() of a kthread that runs already warns, and binds nothing."""

worker = None


def work(data):
    while not kthread_should_stop():
        msleep_interruptible(1000)
    return 0


def start():
    global worker
    worker = kthread_run(work, None, "late")
    msleep(20)
    kthread_bind(worker, 0)
    return 0


def stop():
    kthread_stop(worker)


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
