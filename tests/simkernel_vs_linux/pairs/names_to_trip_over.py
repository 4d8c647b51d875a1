# ruff: noqa: F821
"""A name may hold spaces, brackets, a percent sign and letters of two bytes."""

worker = []


def work(data):
    while not kthread_should_stop():
        msleep(20)
    return 0


def start():
    worker.append(kthread_run(work, None, "a) b (c"))
    worker.append(kthread_run(work, None, "100%%"))
    worker.append(kthread_run(work, None, "wörker"))
    worker.append(kthread_run(work, None, "%s-%03d", "pool", 7))
    return 0


def stop():
    for task in worker:
        kthread_stop(task)


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
