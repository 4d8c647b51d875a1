# ruff: noqa: F821
"""A call trace in a work names the queue and the function, and the kworker's own frames."""

wq = None


def fn(work):
    dump_stack()
    pr_info("shown\n")


work = work_struct(fn)
later = delayed_work(fn)


def start():
    global wq
    wq = alloc_workqueue("shown", 0, 0)
    queue_work(wq, work)
    flush_work(work)
    queue_delayed_work(wq, later, 2)
    msleep(30)
    destroy_workqueue(wq)
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
