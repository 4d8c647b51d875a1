# ruff: noqa: F821
"""Who does a work: a kworker of the CPU's pool, of its urgent pool (H), or of an unbound pool (u)."""


def fn(work):
    me = current()
    name, _, rest = me.comm.partition(":")
    pr_info("%s, H %d\n", name, "H" in rest)
    pr_info("flags %#x prio %d\n", me.flags, me.prio)
    pr_info("parent %d, mm %d\n", me.real_parent.pid, me.mm is not None)


work = work_struct(fn)


def start():
    queue_work(system_wq, work)
    flush_work(work)
    queue_work(system_highpri_wq, work)
    flush_work(work)
    queue_work(system_unbound_wq, work)
    flush_work(work)
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
