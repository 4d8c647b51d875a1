# ruff: noqa: F821
"""Two texts without a newline between them are two records all the same."""


def start():
    pr_info("no newline")
    pr_info("next\n")
    printk("x")
    printk("y\n")
    pr_info("last, never ended")
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
