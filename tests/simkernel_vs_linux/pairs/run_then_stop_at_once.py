# ruff: noqa: F821
"""kthread_run() and kthread_stop() back to back: threadfn may never be called."""


def work(data):
    pr_info("threadfn ran\n")
    while not kthread_should_stop():
        msleep(10)
    return 7


def start():
    worker = kthread_run(work, None, "hasty")
    pr_info("kthread_stop: %d\n", kthread_stop(worker))
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
