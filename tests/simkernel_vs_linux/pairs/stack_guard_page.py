# ruff: noqa: F821
"""A recursion of 528 bytes a call comes to depth 30; the next call hits the guard page, and the machine stops."""


@stack_frame(528)
def rec(depth):
    return rec(depth + 1)


@stack_frame(16)
def eater(data):
    return rec(1)


def start():
    kthread_run(eater, None, "eater")
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
