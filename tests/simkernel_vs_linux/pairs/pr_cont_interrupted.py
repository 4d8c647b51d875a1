# ruff: noqa: F821
"""A record of another task comes in between: pr_cont() cannot go on with the first one."""

worker = None


def work(data):
    pr_info("somebody else\n")
    while not kthread_should_stop():
        msleep(10)
    return 0


def start():
    global worker
    pr_info("begun")
    worker = kthread_run(work, None, "other")
    msleep(20)
    pr_cont(" and continued\n")
    return 0


def stop():
    kthread_stop(worker)


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
