# ruff: noqa: F821
"""init runs as insmod, exit as rmmod: user processes with an address space, no kthreads."""


def who(what):
    me = current()
    pr_info("%s runs in %s, kthread %d\n", what, me.comm, bool(me.flags & PF_KTHREAD))
    pr_info("mm is active_mm: %d\n", me.mm is not None and me.mm == me.active_mm)
    pr_info("parent pid %d\n", me.real_parent.pid)


def start():
    who("init")
    return 0


def stop():
    who("exit")


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
