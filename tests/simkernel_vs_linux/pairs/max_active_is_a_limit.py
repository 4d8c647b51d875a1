# ruff: noqa: F821
"""A queue begins as many works as its max_active says; the others wait until one is done."""

active = atomic_t(0)
most = 0


def fn(work):
    global most
    most = max(most, atomic_inc_return(active))
    msleep(10)
    atomic_dec(active)


work = [work_struct(fn) for _ in range(4)]


def start():
    global most
    for limit in range(1, 5):
        wq = alloc_workqueue("few", WQ_UNBOUND, limit)
        most = 0
        for w in work:
            queue_work(wq, w)
        flush_workqueue(wq)
        pr_info("max_active %d: %d at a time\n", limit, most)
        destroy_workqueue(wq)
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
