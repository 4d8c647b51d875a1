# ruff: noqa: F821
"""rmmod does not ask for kthreads: one that comes back to its code finds none, and the kernel oopses."""


def work(data):
    while not kthread_should_stop():
        msleep(1)
    return 0


def start():
    kthread_run(work, None, "forgotten")
    return 0


def stop():
    pr_info("unloading\n")


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
