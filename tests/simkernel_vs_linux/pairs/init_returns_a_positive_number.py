# ruff: noqa: F821
"""An init that returns 7 is told off, and the module is loaded all the same."""


def start():
    return 7


def stop():
    pr_info("unloaded\n")


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
