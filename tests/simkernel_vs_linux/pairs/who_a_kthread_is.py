# ruff: noqa: F821
"""A kthread's flags, numbers and parent; it has no address space and borrows one."""

worker = None


def work(data):
    me = current()
    pr_info("flags %#x policy %u prio %d\n", me.flags, me.policy, me.prio)
    pr_info("pid is tgid: %d\n", me.pid == me.tgid)
    pr_info("parent %d %s\n", me.real_parent.pid, me.real_parent.comm)
    pr_info("mm %s, active_mm %s\n", "own" if me.mm else "NULL", "lent" if me.active_mm else "NULL")
    while not kthread_should_stop():
        msleep(20)
    return 0


def start():
    global worker
    worker = kthread_run(work, None, "self")
    return 0


def stop():
    kthread_stop(worker)


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
