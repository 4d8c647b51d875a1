# ruff: noqa: F821
"""kthread_stop(NULL) is an oops, too: it begins with a write, to count a reference."""

worker = None


def start():
    pr_info("about to\n")
    kthread_stop(worker)
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
