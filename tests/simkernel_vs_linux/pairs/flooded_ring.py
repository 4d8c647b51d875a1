# ruff: noqa: F821
"""The ring buffer is full after some thousand records: the oldest are gone, the newest are all there."""


def start():
    for i in range(6000):
        pr_info("record %d\n", i)
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
