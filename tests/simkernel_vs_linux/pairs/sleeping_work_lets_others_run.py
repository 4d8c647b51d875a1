# ruff: noqa: F821
"""On a usual workqueue a work that sleeps lets the next one run meanwhile."""

wq = None


def slow(work):
    pr_info("slow begins\n")
    msleep(40)
    pr_info("slow ends\n")


def quick(work):
    pr_info("quick\n")


first = work_struct(slow)
second = work_struct(quick)


def start():
    global wq
    wq = alloc_workqueue("at_once", 0, 0)
    queue_work(wq, first)
    queue_work(wq, second)
    flush_workqueue(wq)
    pr_info("flushed\n")
    return 0


def stop():
    destroy_workqueue(wq)


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
