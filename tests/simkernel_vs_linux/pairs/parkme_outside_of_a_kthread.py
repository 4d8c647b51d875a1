# ruff: noqa: F821
"""kthread_parkme() in init: the same, from another place."""


def start():
    pr_info("about to\n")
    kthread_parkme()
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
