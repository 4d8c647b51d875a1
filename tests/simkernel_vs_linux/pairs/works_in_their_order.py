# ruff: noqa: F821
"""What one queue holds is begun in the order of queueing, on a bound and on an unbound one with one place."""

queues = []


def fn(work):
    pr_info("work %d\n", works.index(work))


works = [work_struct(fn) for _ in range(4)]


def start():
    for flags in (0, WQ_UNBOUND):
        wq = alloc_workqueue("order", flags, 1)
        for i in (2, 0, 3, 1):
            queue_work(wq, works[i])
        flush_workqueue(wq)
        pr_info("flushed\n")
        destroy_workqueue(wq)
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
