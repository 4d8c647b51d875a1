# ruff: noqa: F821
"""An init that sleeps for ever: insmod does not come back, and nobody can unload the module."""


def start():
    pr_info("asleep\n")
    while True:
        msleep(1000)


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
