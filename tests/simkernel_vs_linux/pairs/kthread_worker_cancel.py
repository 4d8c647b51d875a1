# ruff: noqa: F821
"""Cancelling a kthread_work: one that is queued does not run, one that runs is waited for."""


def slow(work):
    pr_info("slow begins\n")
    msleep(20)
    pr_info("slow ends\n")


def quick(work):
    pr_info("quick\n")


first = kthread_work(slow)
second = kthread_work(quick)


def start():
    worker = kthread_create_worker(0, "server")
    kthread_queue_work(worker, first)
    msleep(5)
    pr_info("queued %d\n", kthread_queue_work(worker, second))
    pr_info("cancel queued: %d\n", kthread_cancel_work_sync(second))
    pr_info("cancel running: %d\n", kthread_cancel_work_sync(first))
    pr_info("cancel done: %d\n", kthread_cancel_work_sync(first))
    kthread_destroy_worker(worker)
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
