# ruff: noqa: F821
"""The parent of every kthread is kthreadd, pid 2; its parent has pid 0. Neither has an address space."""


def start():
    me = kthread_create(start, None, "child")
    parent = me.real_parent
    pr_info("%s %d, flags %#x, mm %d\n", parent.comm, parent.pid, parent.flags, parent.mm is not None)
    parent = parent.real_parent
    pr_info("%s %d, flags %#x, mm %d\n", parent.comm, parent.pid, parent.flags & PF_KTHREAD, parent.mm is not None)
    pr_info("its own parent: %d\n", parent.real_parent is parent)
    kthread_stop(me)
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
