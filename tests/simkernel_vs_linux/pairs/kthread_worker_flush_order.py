# ruff: noqa: F821
"""A kthread_worker does its works in order; a flush of one does not wait for those behind it."""


def fn(work):
    msleep(5)
    pr_info("work %d\n", works.index(work))


works = [kthread_work(fn) for _ in range(3)]


def start():
    worker = kthread_create_worker(0, "server")
    for i in range(3):
        kthread_queue_work(worker, works[i])
    kthread_flush_work(works[1])
    pr_info("flushed the second\n")
    kthread_flush_worker(worker)
    pr_info("flushed all\n")
    kthread_flush_work(works[0])
    kthread_destroy_worker(worker)
    return 0


def stop():
    pass


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
