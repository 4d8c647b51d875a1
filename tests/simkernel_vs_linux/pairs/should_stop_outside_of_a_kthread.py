# ruff: noqa: F821
"""kthread_should_stop() in init: insmod is no kthread, which is a warning and then an oops."""


def start():
    pr_info("about to\n")
    pr_info("stop: %d\n", kthread_should_stop())
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
