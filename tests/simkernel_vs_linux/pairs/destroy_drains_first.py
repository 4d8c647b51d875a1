# ruff: noqa: F821
"""destroy_workqueue() does what is queued before the queue goes."""

wq = None


def fn(work):
    msleep(10)
    pr_info("done\n")


first = work_struct(fn)
second = work_struct(fn)


def start():
    global wq
    wq = alloc_workqueue("going", WQ_UNBOUND, 1)
    queue_work(wq, first)
    queue_work(wq, second)
    destroy_workqueue(wq)
    pr_info("destroyed\n")
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
