# ruff: noqa: F821
"""A module with init and no exit cannot be unloaded."""


def start():
    pr_info("here to stay\n")
    return 0


module_init(start)
MODULE_LICENSE("GPL")
