# ruff: noqa: F821
"""insmod gives the errno of an init that fails; nothing stays loaded."""


def start():
    pr_info("no device here\n")
    return -ENODEV


def stop():
    pr_info("never called\n")


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
