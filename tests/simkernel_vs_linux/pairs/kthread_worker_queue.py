# ruff: noqa: F821
"""A kthread_worker is a kthread with a list of works; a work is pending once here too."""

worker = None


def fn(work):
    pr_info("%s works\n", current().comm)


work = kthread_work(fn)


def start():
    global worker
    worker = kthread_create_worker(0, "server/%d", 1)
    preempt_disable()
    first = kthread_queue_work(worker, work)
    second = kthread_queue_work(worker, work)
    preempt_enable()
    kthread_flush_work(work)
    pr_info("queued %d %d\n", first, second)
    pr_info("cancel: %d\n", kthread_cancel_work_sync(work))
    preempt_disable()
    kthread_queue_work(worker, work)
    preempt_enable()
    kthread_flush_worker(worker)
    pr_info("flushed\n")
    return 0


def stop():
    kthread_queue_work(worker, work)
    kthread_destroy_worker(worker)
    pr_info("destroyed\n")


module_init(start)
module_exit(stop)
MODULE_LICENSE("GPL")
