# ruff: noqa: F821
"""A kthread may stop another one, and its result is theirs; the order of the ends is the order of the calls."""

parent = None


def child_fn(data):
    while not kthread_should_stop():
        msleep(10)
    pr_info("child ends\n")
    return 11


def parent_fn(data):
    child = kthread_run(child_fn, None, "child")
    while not kthread_should_stop():
        msleep(10)
    n = kthread_stop(child)
    pr_info("parent ends\n")
    return n + 1


def start():
    global parent
    parent = kthread_run(parent_fn, None, "parent")
    msleep(50)
    return 0


def stop():
    pr_info("kthread_stop: %d\n", kthread_stop(parent))


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
