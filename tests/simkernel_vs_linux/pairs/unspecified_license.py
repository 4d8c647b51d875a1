# ruff: noqa: F821
"""A module that names no license taints the kernel as a proprietary one does."""


def start():
    pr_info("loaded\n")
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("Proprietary, do not copy")
