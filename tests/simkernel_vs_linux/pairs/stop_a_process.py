# ruff: noqa: F821
"""kthread_stop() of a task that is no kthread: a warning and then an oops."""


def start():
    pr_info("about to\n")
    pr_info("stopped: %d\n", kthread_stop(current()))
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
