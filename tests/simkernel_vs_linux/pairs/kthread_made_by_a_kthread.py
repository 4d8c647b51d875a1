# ruff: noqa: F821
"""A kthread that another kthread asks for is a child of kthreadd all the same."""

outer = inner = None


def work(data):
    while not kthread_should_stop():
        msleep(20)
    return 0


def make(data):
    global inner
    inner = kthread_run(work, None, "inner")
    work(data)
    return 0


def start():
    global outer
    outer = kthread_run(make, None, "outer")
    return 0


def stop():
    pr_info("parents %d %d\n", outer.real_parent.pid, inner.real_parent.pid)
    kthread_stop(inner)
    kthread_stop(outer)


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
