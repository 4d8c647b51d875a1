# ruff: noqa: F821
"""A module that goes while its work runs: the kworker oopses when it comes back, and the queue lives on."""


def fn(work):
    pr_info("work begins\n")
    msleep(200)
    pr_info("never said\n")


work = work_struct(fn)


def start():
    schedule_work(work)
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
