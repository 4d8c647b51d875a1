# ruff: noqa: F821
"""A panic in exit: rmmod never comes back, and nobody is left to ask."""


def start():
    pr_info("loaded\n")
    return 0


def stop():
    panic("at the %s", "end")


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
