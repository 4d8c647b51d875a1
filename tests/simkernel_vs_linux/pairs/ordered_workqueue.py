# ruff: noqa: F821
"""An ordered workqueue does one work at a time, in the order of queueing, even if one sleeps."""

wq = None


def slow(work):
    pr_info("slow begins\n")
    msleep(20)
    pr_info("slow ends\n")


def quick(work):
    pr_info("quick\n")


first = work_struct(slow)
second = work_struct(quick)
third = work_struct(slow)


def start():
    global wq
    wq = alloc_ordered_workqueue("in_order", 0)
    queue_work(wq, first)
    queue_work(wq, second)
    queue_work(wq, third)
    flush_workqueue(wq)
    pr_info("flushed\n")
    return 0


def stop():
    destroy_workqueue(wq)


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
