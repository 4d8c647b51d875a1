# ruff: noqa: F821
"""pr_cont() goes on with the unfinished record; after a newline it begins one of its own."""


def start():
    pr_info("one")
    pr_cont(" two")
    pr_cont(" three\n")
    pr_cont("after a newline\n")
    pr_err("error:")
    pr_cont(" keeps the level\n")
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
