# ruff: noqa: F821
"""Long records fill the ring by their bytes, short ones by their number."""


def start():
    for i in range(1000):
        pr_info("%d%400s\n", i, "")
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
